"""``netspec explain NS301``: the page of a code; ``netspec explain FILE PATH``: where a layer comes from."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netspec.cli.options import Arguments, Inputs, common, elaborated, input_option, network_options
from netspec.cli.telling import answer, fail
from netspec.diagnostics import CODES, SpecError, did_you_mean
from netspec.diagnostics.explanations import page

if TYPE_CHECKING:
    from netspec.analysis.explain import Explanation

_code = re.compile(r"[A-Za-z]{1,3}[0-9]{1,4}")


@click.command("explain")
@click.argument("subject", metavar="CODE|FILE")
@click.argument("path", required=False)
@network_options
@input_option
@common()
def command(subject: str, path: str | None, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Explain a code of a diagnostic, or where a layer of a network comes from.

    CODE, NS301 for example: what it means, why it is told, a wrong and a right spec.

    FILE PATH, net.netspec layer1.0.conv1 for example: the blocks and lines that lead to a layer, its shapes, who set
    each of its arguments, its weights, and the policies on it. PATH may also lead to a block or list, be a key of the
    state dict, or name an input or output; without it the network itself is explained.
    """
    from netspec.analysis.explain.text import text

    if is_code(subject) and path is None:
        code = known_code(subject)
        answer(lambda: page(code).rstrip("\n"), lambda: {"code": code, "stands_for": CODES[code], "page": page(code)})
        return
    found = explained(subject, path or "", network, arguments, inputs)
    answer(lambda: text(found, given="--set "), lambda: data(found))


def is_code(text: str) -> bool:
    """Whether an argument is meant as a code: letters and digits, as ``NS301`` has them, in any case."""
    return _code.fullmatch(text) is not None


def known_code(text: str) -> str:
    """A code that there is. Raises `click.UsageError` with what may have been meant."""
    code = text.upper()
    if code in CODES:
        return code
    alike = [known for known in CODES if known[:3] == code[:3]] or list(CODES)
    whole = re.fullmatch(r"NS\d{3}", code) is not None
    help_ = "" if whole else did_you_mean(code, alike)
    raise click.UsageError(f"there is no code {text[:20]}: {help_ or 'there are ' + ', '.join(alike)}")


def explained(file: str, path: str, network: str | None, arguments: Arguments, inputs: Inputs) -> Explanation:
    """The explanation of a path of a network; ends the command where the spec has errors.

    Raises `click.UsageError` for a path that leads nowhere, or for what is neither file nor code.
    """
    from netspec.analysis.explain import explain
    if not Path(file).is_file():
        raise click.UsageError(f"there is no file {file}" + ("" if path else ", and a code is NS with three digits"))
    try:
        return explain(elaborated(file, network, arguments), path, inputs or None)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except SpecError as error:
        fail(error.diagnostics)


def data(value: Any) -> Any:
    """An explanation as data: fields under their names; sizes that are open, and blocks, as texts."""
    if is_dataclass(value):
        return {field.name: data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [data(v) for v in value]
    if isinstance(value, dict):
        return {str(k): data(v) for k, v in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
