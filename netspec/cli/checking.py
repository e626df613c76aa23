"""The check command: what it says of specs that are right, and of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from netspec.check import check_all, errors
from netspec.cli.options import SPEC, Arguments, Inputs, common, input_option, network_options
from netspec.cli.progress import progress
from netspec.cli.telling import manner, note, reason, say, show, timed
from netspec.diagnostics import Diagnostic, SpecError
from netspec.dims import Domain
from netspec.dims.simplest import simplest
from netspec.files import read_import, read_spec
from netspec.graph import Graph
from netspec.types import TensorType


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of ``netspec check``; ``strict`` says that warnings are not accepted."""

    network: str | None
    arguments: Arguments
    inputs: Inputs
    fix: bool
    strict: bool


@click.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SPEC)
@network_options
@input_option
@click.option("--fix", is_flag=True, help="Write the helps that can be applied, where the spec is right after that.")
@click.option("--deny", type=click.Choice(["warnings"]), help="Let warnings end the command with status 1 too.")
@common("text", "json", "sarif")
def command(files: tuple[str, ...], network: str | None, arguments: Arguments, inputs: Inputs, fix: bool,
            deny: str | None) -> None:  # fmt: skip
    """Prove that a spec's shapes fit together, for every input size.

    Without --network every network of a file is checked with its defaults, and every example. Warnings about specs
    without errors leave the exit status at 0.
    """
    if check_files(files, Request(network, arguments, inputs, fix, deny is not None)):
        raise SystemExit(1)


def check_files(files: Sequence[str], request: Request) -> bool:
    """Check files one after the other, print all that is found, and say whether the command has failed."""
    found: list[Diagnostic] = []
    unread = False
    with progress(len(files)) as step:
        for file in files:
            step(file)
            try:
                if request.fix:
                    from netspec.cli.fixing import fix_file

                    fix_file(file, request.network, request.arguments)
                with timed(f"checked {file}"):
                    found += _check_file(file, request)
            except OSError as error:
                note(f"error: {reason(error)}", always=True)
                unread = True
    if found or manner().form != "text":
        show(found)
    return unread or bool(found if request.strict else errors(found))


def _check_file(file: str, request: Request) -> Iterable[Diagnostic]:
    """Check one file and print a few lines for each network that is right; the diagnostics of the others, and warnings.

    Raises OSError where the file cannot be read.
    """
    graphs, diagnostics = check_all(read_spec(file), read_import, request.network, request.arguments)
    found = list(diagnostics)
    lines: list[str] = []
    for title, graph in graphs:
        try:
            described = describe(graph, request.inputs)
        except SpecError as error:
            found += error.diagnostics
        else:
            lines += [f"{file}: {title}", *(f"  {line}" for line in described)]
    if not graphs and not errors(found):
        lines.append(f"{file}: no network; every declaration is right")
    if lines:
        say("\n".join(lines))
    return found


def describe(graph: Graph, inputs: Inputs) -> list[str]:
    """Types of inputs and outputs, as short as the contract lets them be, for which sizes they are proven, and the
    shapes for given inputs."""
    outputs = graph.definition.outputs
    stated = Domain(tuple(c.condition for c in graph.definition.contracts if c.kind == "stated"))
    types = [TensorType(o.type.dtype, tuple(simplest(d, stated) for d in o.type.dims)) for o in outputs]
    named = [f"{o.label}: {type_}" if o.label else str(type_) for o, type_ in zip(outputs, types, strict=True)]
    lines = [f"{', '.join(f'{n} {t}' for n, t in graph.inputs.items())} -> {', '.join(named)}", conditions(graph)]
    if inputs:
        from netspec.analysis.inputs import bind_inputs
        from netspec.dims import evaluate

        sizes = bind_inputs(graph, inputs)
        shapes = ", ".join(str([evaluate(d, sizes) for d in o.type.dims]) for o in outputs)
        lines.append(f"for {', '.join(f'{n} {list(s)}' for n, s in inputs.items())}: {shapes}")
    lines.append(f"{graph.definition.node_count:,} layers and joins, {graph.definition.parameter_count:,} parameters")
    return lines


def conditions(graph: Graph) -> str:
    """``shapes proven for all B, T and H >= 7``."""
    symbols = sorted({s for t in graph.inputs.values() for d in t.dims if not isinstance(d, int) for s in d.symbols})
    if not symbols:
        return "shapes proven"
    names = [f"{s} >= {graph.minimums[s][0]}" if s in graph.minimums else s for s in symbols]
    contracts = graph.definition.contracts
    contract = [c.text for c in contracts if c.kind != "unproven"]
    proven = f"shapes proven for all {', '.join(names)}{' where ' + ', '.join(contract) if contract else ''}"
    unproven = [f"{c.text} ({c.span.place})" for c in contracts if c.kind == "unproven"]
    return f"{proven}; not proven, checked when the module runs: {', '.join(unproven)}" if unproven else proven
