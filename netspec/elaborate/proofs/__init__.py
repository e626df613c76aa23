"""Proofs: what ops and blocks need of open sizes, settled together at a network's end."""
