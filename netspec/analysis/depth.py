"""How deep a network is, counted in convolutions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netspec.graph import Definition, InputPort, Node, OpCall, Ref, Repeat
from netspec.graph.model import Body

#: From each input, by number, the most convolutions on a way to one output; `WITHIN` for ways that begin inside.
_Ways = Mapping[int, int]
WITHIN = -1


def nlayers(definition: Definition) -> int:
    """The number of convolutions on the way through a network that has the most of them.

    A way leads from an input (or a raw ``param``) to an output. So of a residual block its branch counts and not the
    projection beside it, of towers the deepest. Transposed convolutions count, linear layers do not. The name is that
    of MDNC's property.

    >>> nlayers(resnet3d50.definition)  # one convolution before 16 blocks of three  # doctest: +SKIP
    49
    """
    return max((count for ways in _Depths().of(definition) for count in ways.values()), default=0)


class _Depths:
    """The ways through definitions, each of which is walked once."""

    def __init__(self) -> None:
        self.memory: dict[Definition, tuple[_Ways, ...]] = {}

    def of(self, definition: Definition) -> tuple[_Ways, ...]:
        """The ways to each output."""
        if definition not in self.memory:
            self.memory[definition] = self._walk(definition)
        return self.memory[definition]

    def _walk(self, definition: Definition) -> tuple[_Ways, ...]:
        found: dict[Ref, _Ways] = {Ref(n.name): {number: 0} for number, n in enumerate(definition.inputs)}
        for node in definition.nodes:
            if isinstance(node.body, InputPort):
                continue
            feeds = [found[r] for r in node.inputs]
            for port, ways in enumerate(self._body(node.body, node)):
                found[Ref(node.name, port)] = _after(feeds, ways)
        return tuple(found[o.ref] for o in definition.outputs)

    def _body(self, body: Body, node: Node) -> tuple[_Ways, ...]:
        if isinstance(body, Definition):
            return self.of(body)
        if isinstance(body, Repeat):
            (ways,) = self._body(body.body, node)
            return (_times(ways, body.count),)
        if not isinstance(body, OpCall):
            return ({WITHIN: 0},)
        own = int(body.op.family == "conv")
        return (dict.fromkeys(range(len(node.inputs)), own),) * len(node.types)


def _after(feeds: list[_Ways], ways: _Ways) -> _Ways:
    """The ways to what is computed from these operands."""
    within = [(WITHIN, ways[WITHIN])] if WITHIN in ways else []
    through = [(start, n + ways[i]) for i, feed in enumerate(feeds) if i in ways for start, n in feed.items()]
    return _longest([*within, *through])


def _times(ways: _Ways, count: int) -> _Ways:
    """The ways through a row of ``count`` equal modules."""
    step = ways.get(0, 0)
    return {start: n + (count - 1) * step for start, n in ways.items()}


def _longest(ways: Iterable[tuple[int, int]]) -> _Ways:
    longest: dict[int, int] = {}
    for start, count in ways:
        longest[start] = max(count, longest.get(start, 0))
    return longest
