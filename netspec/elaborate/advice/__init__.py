"""Advice: what was probably meant where a spec does not fit, and the edits that write it."""
