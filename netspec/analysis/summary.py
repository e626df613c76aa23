"""The summary of a network: one row per call of a layer, totals, and sizes in MB. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from netspec.analysis.calls import Calls, Row, Shape
from netspec.analysis.depth import nlayers
from netspec.analysis.inputs import bind_inputs
from netspec.analysis.parameters import parameters_of
from netspec.analysis.trainable import frozen_parameters
from netspec.dims import Size
from netspec.graph import Graph

#: Bytes of an element; as in torchsummary every element counts as a float32.
ELEMENT_BYTES = 4
MB = 2**20


@dataclass(frozen=True, slots=True)
class Megabytes:
    """Sizes of one sample in MB (2**20 bytes), each element counted as 4 bytes, as torchsummary counts.

    ``passes`` is twice the outputs of all rows of a table (values and their gradients).
    """

    inputs: float
    passes: float
    parameters: float

    @property
    def total(self) -> float:
        return self.inputs + self.passes + self.parameters

    @property
    def named(self) -> dict[str, str]:
        """The sizes as tables print them."""
        sizes = {
            "Input size": self.inputs,
            "Forward/backward pass size": self.passes,
            "Params size": self.parameters,
            "Estimated Total Size": self.total,
        }
        return {f"{name} (MB)": f"{size:.2f}" for name, size in sizes.items()}


@dataclass(frozen=True)
class Summary:
    """What `summarise` finds; ``str()`` is a plain table.

    ``calls`` has a row per call as calls end, blocks after what is in them and the network last. ``nlayers`` is the
    number of convolutions along the depth (see `netspec.analysis.depth`). ``numeric``: input sizes were given.
    """

    name: str
    inputs: Mapping[str, Shape]
    calls: tuple[Row, ...]
    parameters: int
    trainable: int
    multiply_adds: Size
    nlayers: int
    numeric: bool

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The calls of layers, functions and raw parameters in execution order."""
        return tuple(r for r in self.calls if r.kind != "block")

    @property
    def non_trainable(self) -> int:
        return self.parameters - self.trainable

    @property
    def counts(self) -> dict[str, str]:
        """The numbers of parameters as tables print them."""
        counts = {"Total": self.parameters, "Trainable": self.trainable, "Non-trainable": self.non_trainable}
        return {f"{name} params": f"{count:,}" for name, count in counts.items()}

    @property
    def megabytes(self) -> Megabytes | None:
        """The sizes in MB with the outputs of ``rows``; None where no input sizes were given."""
        return self.megabytes_of(self.rows)

    def megabytes_of(self, rows: Iterable[Row]) -> Megabytes | None:
        """The sizes in MB with the outputs of these rows."""
        if not self.numeric:
            return None
        given = tuple(self.inputs.values())
        batch = _elements(given[0][:1]) if given else 1
        computed = sum(_elements(shape) for row in rows if row.kind != "tensor" for shape in row.outputs)
        return Megabytes(_mb(sum(map(_elements, given)) / batch), _mb(2 * computed / batch), _mb(self.parameters))

    def table(self, style: str = "netspec") -> str:
        """The table as text, in the layout of netspec or of ``torchsummary``. Raises ValueError for another style.

        >>> print(netspec.summary(graph, clip=(1, 3, 8, 224, 224)).table("torchsummary"))  # doctest: +SKIP
        """
        from netspec.analysis.styles import written

        return written(self, style)

    def __str__(self) -> str:
        return self.table()


def summarise(graph: Graph, sizes: Mapping[str, Sequence[int]] | None = None) -> Summary:
    """One row per call of a layer in execution order, totals, and sizes in MB if input sizes are given.

    Raises `SpecError` if the sizes do not fit the inputs (see `bind_inputs`).

    >>> print(summarise(graph, {"clip": (1, 3, 8, 224, 224)}))  # doctest: +SKIP
    """
    calls = Calls(bind_inputs(graph, sizes) if sizes else {})
    rows = calls.rows(graph.definition)
    parameters = parameters_of(graph.definition, ())
    return Summary(
        name=graph.name,
        inputs={n.name: calls.shape(n.types[0]) for n in graph.definition.inputs},
        calls=rows,
        parameters=parameters,
        trainable=parameters - frozen_parameters(graph),
        multiply_adds=sum((r.multiply_adds for r in rows), start=0),
        nlayers=nlayers(graph.definition),
        numeric=bool(sizes),
    )


def _elements(shape: Shape) -> int:
    return prod(d for d in shape if isinstance(d, int))


def _mb(elements: float) -> float:
    return elements * ELEMENT_BYTES / MB
