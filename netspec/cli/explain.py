"""``netspec explain NS301``: the page of a code; ``netspec explain FILE PATH``: where a layer comes from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from netspec.cli.options import Arguments, Inputs, elaborated, fail
from netspec.diagnostics import CODES, SpecError, did_you_mean
from netspec.diagnostics.explanations import page

_code = re.compile(r"[A-Za-z]{1,3}[0-9]{1,4}")


def is_code(text: str) -> bool:
    """Whether an argument is meant as a code: letters and digits, as ``NS301`` has them, in any case."""
    return _code.fullmatch(text) is not None


def code_page(text: str) -> str:
    """The page of a code. Raises `click.UsageError` with what may have been meant."""
    code = text.upper()
    if code in CODES:
        return page(code).rstrip("\n")
    alike = [known for known in CODES if known[:3] == code[:3]] or list(CODES)
    whole = re.fullmatch(r"NS\d{3}", code) is not None
    help_ = "" if whole else did_you_mean(code, alike)
    raise click.UsageError(f"there is no code {text[:20]}: {help_ or 'there are ' + ', '.join(alike)}")


def layer_page(file: str, path: str, network: str | None, arguments: Arguments, inputs: Inputs) -> str:
    """The explanation of a path of a network; ends the command where the spec has errors.

    Raises `click.UsageError` for a path that leads nowhere, or for what is neither file nor code.
    """
    from netspec.analysis.explain import explain
    from netspec.analysis.explain.text import text

    if not Path(file).is_file():
        raise click.UsageError(f"there is no file {file}" + ("" if path else ", and a code is NS with three digits"))
    try:
        return text(explain(elaborated(file, network, arguments), path, inputs or None), given="--set ")
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except SpecError as error:
        fail(error.diagnostics)
