"""Blocks become definitions: inputs and parameters, statements, steps, and what closes them."""
