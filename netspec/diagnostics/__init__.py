"""Diagnostics: what is wrong with a spec, as data; `text` turns them into text."""

from netspec.diagnostics.codes import CODES
from netspec.diagnostics.edits import applied
from netspec.diagnostics.help import Help, appended, inserted, removed
from netspec.diagnostics.model import Diagnostic, Edit, Label, Mistake, SpecError, mistake, with_help, with_trail
from netspec.diagnostics.suggest import closest, did_you_mean, is_slip

__all__ = [
    "CODES", "Diagnostic", "Edit", "Help", "Label", "Mistake", "SpecError", "appended", "applied", "closest",
    "did_you_mean", "inserted", "is_slip", "mistake", "removed", "with_help", "with_trail",
]  # fmt: skip
