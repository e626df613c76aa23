"""One file per family of ops; an op is one class."""
