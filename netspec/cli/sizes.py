"""The sizes command: for which sizes of its inputs a network works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from netspec.analysis.sizes import SizeCondition, excesses, open_sizes, size_conditions
from netspec.api import load
from netspec.cli.options import SPEC, Arguments, common, network_options
from netspec.cli.telling import answer, fail, unreadable
from netspec.diagnostics import SpecError
from netspec.dims import symbols_of
from netspec.elaborate import elaborate
from netspec.graph import Graph, Requirement


@click.command("sizes")
@click.argument("file", type=SPEC)
@network_options
@common()
def command(file: str, network: str | None, arguments: Arguments) -> None:
    """Print for which sizes of its inputs a network works, and what needs that, with or without a contract."""
    graph = assumed(file, network, arguments)
    answer(lambda: "\n  ".join([graph.name, *describe_sizes(graph)]), lambda: sizes_data(graph))


def sizes_data(graph: Graph) -> dict[str, Any]:
    """The conditions as data: each with its names, whether it is proven, and where it comes from."""
    return {
        "network": graph.name,
        "inputs": {name: str(type_) for name, type_ in graph.inputs.items()},
        "conditions": [
            {
                "names": list(found.names),
                "holds": found.holds,
                "proven": found.proven,
                "fails_at": dict(found.counterexample or {}),
                "needed_by": [_place(r) for r in (found.needed_by, *found.others)],
            }
            for found in size_conditions(graph)
        ],
        "excesses": [{"contract": e.contract.text, "enough": e.needed or None} for e in excesses(graph)],
    }


def assumed(file: str, network: str | None, arguments: Arguments) -> Graph:
    """The graph of a network that takes sizes for equal which are equal for some inputs only; ends the command where
    something else is wrong."""
    try:
        graph, diagnostics = elaborate(load(file).program, network, arguments, assuming=True)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
    if graph is None:
        fail(diagnostics)
    return graph


def describe_sizes(graph: Graph) -> Iterator[str]:
    """For each input its open sizes with what is needed of them; then what ties several, and too strong contracts."""
    found = size_conditions(graph)
    left = list(open_sizes(graph))
    for name, type_ in graph.inputs.items():
        yield f"{name} {type_}"
        own = [s for s in left if any(s in symbols_of(dim) for dim in type_.dims)]
        left = [s for s in left if s not in own]
        yield from _rows(own, [c for c in found if len(c.names) == 1])
    yield from (f"{c.holds}    {_reason(c)}" for c in found if len(c.names) != 1)
    for excess in excesses(graph):
        enough = f"{excess.needed} is enough" if excess.needed else "nothing needs it"
        yield f"`where {excess.contract.text}` admits fewer sizes than work: {enough}"


def _rows(names: list[str], conditions: list[SizeCondition]) -> Iterator[str]:
    """``  H % 16 == 0    fails at H = 1; needed by …``; sizes that may be any share a line."""
    bound = [(c.holds, _reason(c)) for name in names for c in conditions if c.names == (name,)]
    width = max((len(holds) for holds, _ in bound), default=0)
    yield from (f"  {holds:{width}}    {reason}" for holds, reason in bound)
    free = [name for name in names if all(c.names != (name,) for c in conditions)]
    if free:
        yield f"  any {', '.join(free)}"


def _reason(condition: SizeCondition) -> str:
    """``fails at H = 1; needed by concat (unet.netspec:16) and 3 more``."""
    by = _place(condition.needed_by)
    if condition.others:
        by += f" and {len(condition.others)} more"
    if not condition.proven:
        return f"not proven, checked when the module runs; needed by {by}"
    sizes = condition.counterexample
    fails = "fails at " + ", ".join(f"{n} = {v}" for n, v in sizes.items()) + "; " if sizes else ""
    return f"{fails}needed by {by}"


def _place(requirement: Requirement) -> str:
    return f"{requirement.what} ({requirement.span.place})"
