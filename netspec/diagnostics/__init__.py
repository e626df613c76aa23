"""Diagnostics: what is wrong with a spec, as data; `text` turns them into text."""

from netspec.diagnostics.codes import CODES
from netspec.diagnostics.model import Diagnostic, Label, Mistake, SpecError, mistake, with_trail
from netspec.diagnostics.suggest import closest, did_you_mean

__all__ = ["CODES", "Diagnostic", "Label", "Mistake", "SpecError", "closest", "did_you_mean", "mistake", "with_trail"]
