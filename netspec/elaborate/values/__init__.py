"""The values of the language and its expressions."""
