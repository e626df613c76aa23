"""Weight files: plans, renaming, inflation, loading, saving. Import the files: this package imports nothing.

Only `loading`, `module`, `pickled` and `saving` import torch.
"""
