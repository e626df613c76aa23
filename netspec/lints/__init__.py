"""Lints: what works, and is probably not meant. They look at specs without errors, and give warnings.

Those of the AST (`names`, `hiding`) look at every declaration of the spec's own file, those of the graph (`layers`,
`policies`, `contracts`) at every network that was elaborated; they warn of a line only where every use of it deserves
that. `# netspec: allow NS501` silences a warning (`allow`).
"""

from netspec.lints.run import lint

__all__ = ["lint"]
