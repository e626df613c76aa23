"""A summary in the layout of torchsummary, as MDNC prints it: blocks have rows too, functions have none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netspec.analysis.calls import Row, Shape
from netspec.analysis.summary import Megabytes, Summary
from netspec.analysis.table import shape_text
from netspec.dims import Size

#: Longer names lose their middle.
NAME_WIDTH = 20
#: Width of the shapes; symbolic ones may need more.
SHAPE_WIDTH = 25
RULE = "-" * 64
DOUBLE_RULE = "=" * 64


def torchsummary(summary: Summary) -> str:
    """The table as text, its last line a rule.

    A row per call of a module as calls end: layers before the block that they are in, the network last; lists of
    steps have none. Shapes begin with -1 for the batch; symbolic ones widen their column. Parameters are the module's
    own; one that is used again shows 0 then, so that the rows add up to the total.
    """
    rows = _printed(summary)
    cells = [(name, shape_text(shape), own) for name, shape, own in _cells(rows)]
    width = SHAPE_WIDTH if summary.numeric else max(SHAPE_WIDTH, *(len(shape) for _, shape, _ in cells))
    wider = width - SHAPE_WIDTH
    rule, double_rule = RULE + wider * "-", DOUBLE_RULE + wider * "="
    lines = [_line(name, shape, own, width) for name, shape, own in cells]
    head = _columns("Layer (type)", "Output Shape", "Param #", width)
    return "\n".join([rule, head, double_rule, *lines, double_rule,
                      *_totals(summary, summary.megabytes_of(rows), rule)])  # fmt: skip


def torchsummary_rows(summary: Summary) -> list[list[Any]]:
    """The lines as data: ``["Conv3d-1", [-1, 64, 8, 112, 112], 28224]``.

    Further outputs of a module have an empty name and None for its parameters. Open sizes stand as text.
    """
    return [[name, [d if isinstance(d, int) else str(d) for d in shape], own]
            for name, shape, own in _cells(_printed(summary))]  # fmt: skip


def _printed(summary: Summary) -> list[Row]:
    return [r for r in summary.calls if r.kind in ("module", "block")]


def _cells(rows: list[Row]) -> Iterator[tuple[str, tuple[Size, ...], int | None]]:
    """Name, shape and parameters of each line."""
    for number, row in enumerate(rows, start=1):
        first, *others = map(_of_any_batch, row.outputs)
        yield _name(f"{row.op}-{number}"), first, row.parameters
        yield from (("", shape, None) for shape in others)


def _name(name: str) -> str:
    """``_BlockBottleneckNd-11`` as ``_BlockBo...neckNd-11``."""
    return name if len(name) <= NAME_WIDTH else f"{name[:8]}...{name[-9:]}"


def _of_any_batch(shape: Shape) -> Shape:
    return (-1, *shape[1:])


def _line(name: str, shape: str, parameters: int | None, width: int) -> str:
    return _columns(name, shape, "" if parameters is None else f"{parameters:,}", width).rstrip()


def _columns(name: str, shape: str, parameters: str, width: int) -> str:
    return f"{name:>20}  {shape:>{width}} {parameters:>15}"


def _totals(summary: Summary, mb: Megabytes | None, rule: str) -> Iterator[str]:
    """Only input sizes tell those in MB."""
    for part in (summary.counts, mb.named if mb else {}):
        yield from (f"{name}: {number}" for name, number in part.items())
        if part:
            yield rule
