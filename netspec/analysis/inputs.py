"""Sizes given for the inputs of a network, put in for its open sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from netspec.diagnostics import Diagnostic, Label, SpecError, did_you_mean
from netspec.dims import Condition, Dim, Size, evaluate, substitute, symbols_of
from netspec.dims.nearest import progression
from netspec.graph import Contract, Graph, InputPort, Node
from netspec.source import Span


def bind_inputs(graph: Graph, sizes: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """The number that every open size of a network has when its inputs have these sizes.

    Sizes of one input: one positive int per axis, batch first. An input may be left out if its open sizes are
    known from the others. Raises `SpecError` with one ``NS801`` per mistake: an input that does not exist or is
    missing, a size that is not as declared, a contract (``where``) or a minimum size that does not hold.

    >>> bind_inputs(graph, {"clip": (1, 3, 8, 64, 64)})  # doctest: +SKIP
    {'B': 1, 'T': 8, 'H': 64, 'W': 64}
    """
    binding = _Binding(graph, {name: _shape(name, given) for name, given in sizes.items()})
    binding.read()
    if binding.mistakes:
        raise SpecError(binding.mistakes)
    return binding.values


def input_shapes(graph: Graph, sizes: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
    """The shape of every input, also of those that are left out. Raises `SpecError` as `bind_inputs` does."""
    values = bind_inputs(graph, sizes)
    return {name: tuple(evaluate(dim, values) for dim in type_.dims) for name, type_ in graph.inputs.items()}


def _shape(name: str, given: Sequence[int]) -> tuple[int, ...]:
    """Raises TypeError for what is no shape: a tensor, a number."""
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(given)
    raise TypeError(f"{name} is given the shape of an input, a tuple of ints, not {type(given).__name__}")


@dataclass
class _Binding:
    graph: Graph
    sizes: Mapping[str, tuple[int, ...]]
    values: dict[str, int] = field(default_factory=dict)
    origins: dict[str, tuple[str, int]] = field(default_factory=dict)
    mistakes: list[Diagnostic] = field(default_factory=list)

    def read(self) -> None:
        self._names()
        given = [n for n in self.graph.definition.inputs if n.name in self.sizes and self._well_formed(n)]
        pending = [(n, axis, dim) for n in given for axis, dim in enumerate(n.types[0].dims)]
        for step in (self._symbols, self._expressions, self._checks):
            pending = list(step(pending))
        if not self.mistakes:
            self._complete()
        if not self.mistakes:
            self._bounds()

    def _names(self) -> None:
        names = self.graph.inputs
        for name in self.sizes:
            if name not in names:
                help = did_you_mean(name, names) or f"the inputs are {', '.join(names)}"
                self._mistake(f"{self.graph.name} has no input `{name}`", self.graph.definition.span, help=help)

    def _well_formed(self, node: Node) -> bool:
        given, dims = self.sizes[node.name], node.types[0].dims
        if len(given) != len(dims):
            axes = "1 axis" if len(dims) == 1 else f"{len(dims)} axes"
            self._misfit(node, f"it must have {axes}, {_declared(node)}")
            return False
        bad = [i for i, n in enumerate(given) if isinstance(n, bool) or not isinstance(n, int) or n < 1]
        for axis in bad:
            self._misfit(node, f"{_axis(node, axis)} must be a whole number of at least 1")
        return not bad

    def _symbols(self, pending: list[_Axis]) -> Iterator[_Axis]:
        """Axes that are a symbol and nothing else say what it is."""
        for node, axis, dim in pending:
            if not isinstance(dim, Dim) or str(dim) not in dim.symbols:
                yield node, axis, dim
                continue
            name, number = str(dim), self.sizes[node.name][axis]
            if self.values.setdefault(name, number) == number:
                self.origins.setdefault(name, (node.name, axis))
            else:
                self._unequal(node, axis, name)

    def _unequal(self, node: Node, axis: int, name: str) -> None:
        other, place = self.origins[name]
        where = f"axis {place}" if other == node.name else f"axis {place} of {other}"
        number = self.sizes[node.name][axis]
        self._misfit(node, f"{name} is {number} on axis {axis} but {self.values[name]} on {where}")

    def _expressions(self, pending: list[_Axis]) -> Iterator[_Axis]:
        """Axes like ``2*H`` say what ``H`` is where nothing else does."""
        for node, axis, dim in pending:
            unknown = symbols_of(dim) - self.values.keys()
            if len(unknown) == 1:
                (name,) = unknown
                found = _solved(substitute(dim, self.values), name, self.sizes[node.name][axis])
                if found is not None:
                    self.values[name] = found
                    self.origins[name] = (node.name, axis)
            yield node, axis, dim

    def _checks(self, pending: list[_Axis]) -> Iterator[_Axis]:
        for node, axis, dim in pending:
            if symbols_of(dim) - self.values.keys():
                self._misfit(node, f"no size fits {dim} on axis {axis}")
            elif (wanted := evaluate(dim, self.values)) != self.sizes[node.name][axis]:
                text = f"{dim} = {wanted}" if isinstance(dim, Dim) else str(dim)
                self._misfit(node, f"{_axis(node, axis)} must be {text}")
        return iter(())

    def _complete(self) -> None:
        for node in self.graph.definition.inputs:
            open_sizes = frozenset().union(*map(symbols_of, node.types[0].dims))
            if node.name not in self.sizes and not open_sizes <= self.values.keys():
                self._mistake(f"no sizes are given for the input `{node.name}`", node.span, _declared(node),
                              help=f"give them: {node.name}={example_sizes(node, self.values)}")  # fmt: skip

    def _bounds(self) -> None:
        for contract in self.graph.definition.contracts:
            if not contract.condition.holds(self.values):
                text = f"{contract.text} does not hold for {self._known(contract.condition)}"
                self._mistake(f"{self._given(contract.input)}: {text}", contract.span, self._reason(contract),
                              help=_nearest(contract.condition, self.values))  # fmt: skip
        for name, (least, span) in self.graph.minimums.items():
            if self.values[name] < least:
                owner = self.origins[name][0]
                text = f"{self._given(owner)}: {name} must be at least {least}, and is {self.values[name]}"
                self._mistake(text, span, f"needs {name} >= {least}")

    def _reason(self, contract: Contract) -> str:
        """``InstanceNorm needs H >= 2 or W >= 2``; of a ``where`` that it is the contract."""
        if contract.kind == "stated":
            return "the contract"
        owners = (r.what for r in self.graph.requirements if r.condition == contract.condition)
        return f"{next(owners, '')} needs {contract.text}".strip()

    def _known(self, condition: Condition) -> str:
        names = sorted(symbols_of(condition.left) | symbols_of(condition.right))
        return ", ".join(f"{n} = {self.values[n]}" for n in names)

    def _given(self, name: str) -> str:
        return f"{name} is {self.sizes[name]}" if name in self.sizes else name

    def _misfit(self, node: Node, why: str) -> None:
        self._mistake(f"{self._given(node.name)}: {why}", node.span, _declared(node))

    def _mistake(self, message: str, span: Span, label: str = "", *, help: str = "") -> None:
        self.mistakes.append(Diagnostic("NS801", message, Label(span, label), help=help))


_Axis = tuple[Node, int, Size]


def _axis(node: Node, axis: int) -> str:
    """``channels``, ``batch``, ``H``, or ``axis 2``."""
    dim = node.types[0].dims[axis]
    if isinstance(dim, Dim) and str(dim) in dim.symbols:
        return str(dim)
    if axis == 1 and node.types[0].rank > 2:
        return "channels"
    return "batch" if axis == 0 else f"axis {axis}"


def _declared(node: Node) -> str:
    written = node.body.declared if isinstance(node.body, InputPort) else ""
    return written or str(node.types[0])


def _nearest(condition: Condition, values: Mapping[str, int]) -> str:
    """``pad H to 256, or crop it to 240`` where sizes that fit are evenly spaced."""
    found = progression(condition)
    if found is None:
        return ""
    below, above = found.around(values[found.name])
    return f"pad {found.name} to {above}" + ("" if below is None else f", or crop it to {below}")


def example_sizes(node: Node, known: Mapping[str, int] = MappingProxyType({})) -> str:
    """Sizes that a user might mean, with what is known of open ones: ``1,3,8,64,64``."""
    sizes = ((substitute(d, known), 1 if i == 0 else 64) for i, d in enumerate(node.types[0].dims))
    return ",".join(str(size if isinstance(size, int) else other) for size, other in sizes)


def _solved(size: Size, name: str, wanted: int) -> int | None:
    """The least value of ``name`` for which ``size`` is ``wanted``; as sizes grow, halving finds it."""
    low, high = 1, 2 * wanted + 2
    while evaluate(size, {name: high}) < wanted:
        high *= 2
        if high > 2**40:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if evaluate(size, {name: middle}) >= wanted else (middle + 1, high)
    return low if evaluate(size, {name: low}) == wanted else None
