"""The diff command."""

from __future__ import annotations

from pathlib import Path

import click

from netspec.cli.drawing import drawing
from netspec.cli.options import (
    SPEC,
    Arguments,
    Inputs,
    common,
    elaborated,
    input_option,
    network_options,
    output_option,
    settings,
    theme_option,
)
from netspec.cli.telling import answer, fail, say
from netspec.diagnostics import SpecError


@click.command("diff")
@click.argument("before", metavar="BEFORE", type=SPEC)
@click.argument("after", metavar="[AFTER]", type=SPEC, required=False)
@network_options
@click.option("--network-after", metavar="NAME", help="The network after, where it is another one.")
@click.option("--before", "arguments_before", metavar="NAME=VALUE", multiple=True, callback=settings,
              help="An argument of the network before.")  # fmt: skip
@click.option("--after", "arguments_after", metavar="NAME=VALUE", multiple=True, callback=settings,
              help="An argument of the network after: --after depth=101.")  # fmt: skip
@input_option
@output_option("Also a picture with the changes coloured: x.mmd (Mermaid), x.dot, x.svg or x.png (Graphviz).",
               required=False)  # fmt: skip
@theme_option
@click.option("--exit-code", is_flag=True, help="End with status 1 where checkpoints no longer load.")
@common()
def command(before: str, after: str | None, network: str | None, network_after: str | None, arguments: Arguments,
            arguments_before: Arguments, arguments_after: Arguments, inputs: Inputs, out: Path | None, theme: str,
            exit_code: bool) -> None:  # fmt: skip
    """Tell what changed between two networks: two files, or one file with other arguments.

    netspec diff old.netspec new.netspec; netspec diff net.netspec --after depth=101. Blocks, shapes, cost, and whether
    checkpoints still load; with -o changes.svg also a picture. --set gives an argument to both.
    """
    from netspec.analysis.diff import diff
    from netspec.analysis.diff.as_json import as_json
    from netspec.api import render

    if after is None and not (network_after or arguments_before or arguments_after):
        raise click.UsageError("give a second file, or what differs: --after NAME=VALUE, --network-after NAME")
    old = elaborated(before, network, arguments | arguments_before)
    new = elaborated(after or before, network_after or network, arguments | arguments_after)
    try:
        found = diff(old, new, inputs or None)
    except SpecError as error:
        fail(error.diagnostics)
    if out is not None:
        with drawing(out):
            render(found, out, theme=theme)
    answer(lambda: str(found), lambda: as_json(found) | ({"wrote": [str(out)]} if out else {}))
    if out is not None:
        say(f"\nwrote {out}")
    if exit_code and not found.keys.load:
        raise SystemExit(1)
