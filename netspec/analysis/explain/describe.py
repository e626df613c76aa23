"""An explanation is put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from netspec.analysis.calls import Shape
from netspec.analysis.explain.effects import effects
from netspec.analysis.explain.finding import Found, Missing, Spot, find, outputs_of
from netspec.analysis.explain.model import Child, Explanation, Setting, Step, Tensor, Use, What
from netspec.analysis.explain.reasons import Reasons, place_of
from netspec.analysis.inputs import bind_inputs
from netspec.diagnostics import SpecError, did_you_mean
from netspec.dims import evaluate
from netspec.elaborate.recording import Recorder
from netspec.elaborate.values.kinds import Part
from netspec.elaborate.values.words import bounded, listing, show
from netspec.graph import Definition, Graph, InputPort, Node, OpCall, RawTensor, Repeat
from netspec.graph.model import Body
from netspec.graph.policies import unrepeated
from netspec.graph.walk import join, state, state_of
from netspec.ops.contract import Weight
from netspec.source import Span
from netspec.types import TensorType


def explain(graph: Graph, path: str, sizes: Mapping[str, Sequence[int]] | None = None) -> Explanation:
    """What stands at a path of a network: see `netspec.explain`."""
    values = bind_inputs(graph, sizes) if sizes else {}
    recorder = Recorder()
    assert graph.again is not None
    again, diagnostics = graph.again(recorder=recorder)
    if again is None:
        raise SpecError(diagnostics)
    try:
        found = find(again.definition, "" if path == "." else path, recorder)
    except Missing as missing:
        raise ValueError(_no_such(missing)) from None
    return _Description(again, path, found, Reasons(recorder), values).explanation()


def _no_such(missing: Missing) -> str:
    """``layer2.0 has no `conv`: did you mean `conv1`? It has conv1, conv2``."""
    where = f"`{missing.right}`" if missing.right else "the network"
    first = missing.wrong.partition(".")[0]
    holds = f"it has {listing(missing.names, 20)}" if missing.names else "it is a layer without weights"
    if len(missing.names) > 1 and all(name.isdecimal() for name in missing.names):
        return f"{where} has no `{bounded(first)}`: it has `{missing.names[0]}` to `{missing.names[-1]}`"
    near = did_you_mean(first, missing.names)
    return f"{where} has no `{bounded(first)}`: " + (f"{near} {holds[0].upper()}{holds[1:]}" if near else holds)


class _Description:
    def __init__(self, graph: Graph, path: str, found: Found, reasons: Reasons, values: Mapping[str, int]) -> None:
        self.network, self.path, self.found, self.values = graph.definition, path, found, values
        self.reasons, self.recorder = reasons, reasons.recorder
        self.spot = found.way[-1] if found.way else None

    def explanation(self) -> Explanation:
        rest, spot = self.found.rest, self.spot
        if rest and not (spot and isinstance(spot.body, OpCall)):
            return self._of_node(self.found.definition, rest)
        if spot is None:
            return self._made("network", self.network.class_name, [self._whole()],
                              settings=self._parameters(self.network))  # fmt: skip
        body = spot.body
        uses = [self._use(spot.holder, n) for n in spot.calls]
        if isinstance(body, OpCall):
            return self._layer(spot, body, uses)
        if isinstance(body, RawTensor):
            return self._made("tensor", body.kind, uses, weights=state_of(spot.module, self._above))
        assert isinstance(body, Definition)
        what: What = "list" if body.kind == "sequential" else "block"
        return self._made(what, name_of(body, spot.module.inputs), uses, settings=self._parameters(body))

    def _layer(self, spot: Spot, call: OpCall, uses: list[Use]) -> Explanation:
        part = spot.value if isinstance(spot.value, Part) else None
        settings = tuple(self.reasons.of_op(call, part, spot.module.inputs))
        wanted, name = self.found.rest, name_of(call, spot.module.inputs)
        own = [w for w in call.op.weights(*spot.module.inputs) if not wanted or f"{w.name}.".startswith(f"{wanted}.")]
        weights = [(join(spot.path, w.name), w) for w in own]
        return self._made("weight" if wanted else "layer", name, uses, settings=settings, weights=weights)

    def _of_node(self, holder: Definition, name: str) -> Explanation:
        """A function, input, output or container in a block."""
        node = holder.by_name.get(name)
        if node is not None and node.module is None:
            if isinstance(node.body, InputPort):
                return self._made("input", "", [self._use(holder, node)], span=node.span)
            assert isinstance(node.body, OpCall)
            part = self.recorder.parts.get((self.recorder.drafts[holder], name))
            types = tuple(map(holder.type_of, node.inputs))
            settings = tuple(self.reasons.of_op(node.body, part, types))
            return self._made("function", node.body.name, [self._use(holder, node)], settings=settings, span=node.span)
        outputs = outputs_of(holder, name) if not self.spot else []
        if outputs:
            uses = [self._with_shapes(o.span, (), [o.type]) for o in outputs]
            return self._made("output", "", uses, span=outputs[0].span)
        return self._container(holder, name)

    def _container(self, holder: Definition, name: str) -> Explanation:
        inside = [m for m in holder.modules if m.label.startswith(f"{name}.")]
        children = [Child(m.label[len(name) + 1 :], name_of(m.body, m.inputs), ()) for m in inside]
        return self._made("container", "", (), span=inside[0].span, children=children)

    def _made(self, what: What, name: str, uses: Iterable[Use], *, settings: tuple[Setting, ...] = (),
              weights: Iterable[tuple[str, Weight]] = (), children: Iterable[Child] = (),
              span: Span | None = None) -> Explanation:  # fmt: skip
        body = self.spot.body if self.spot else self.network
        whole = body if isinstance(body, Definition) and what in ("network", "block", "list") else None
        base = self.spot.path if self.spot else ""
        tensors = tuple(Tensor(k, w.shape, w.kind) for k, w in (state(whole, base) if whole else weights))
        own = [t.key for t in tensors] if whole is None else []
        here = base if span is None else join(base, self.found.rest)
        trail = tuple(self._trail(span))
        return Explanation(
            self._title(), self.path, what, name, whole.doc if whole else "", trail, tuple(uses), settings, tensors,
            tuple(effects(self.network, here, own)), tuple(_children(whole) if whole else children),
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------- its parts

    def _title(self) -> str:
        """``ResNet3d(depth=101)``: with the arguments that are not defaults."""
        given = [s for s in self._parameters(self.network) if s.kind != "default"]
        values = self.network.arguments
        return f"{self.network.name}({', '.join(f'{s.name}={show(values[s.name], 30)}' for s in given)})"

    def _parameters(self, definition: Definition) -> tuple[Setting, ...]:
        return self.reasons.of_block(definition)

    @property
    def _above(self) -> str:
        return self.found.way[-2].path if len(self.found.way) > 1 else ""

    def _trail(self, span: Span | None) -> Iterator[Step]:
        yield Step("", self.network.name, place_of(self.network.span))
        for spot in self.found.way:
            yield Step(spot.label, name_of(spot.body, spot.module.inputs), place_of(spot.span))
        if span is not None:
            yield Step(self.found.rest, "", place_of(span))

    def _whole(self) -> Use:
        inputs, outputs = [n.types[0] for n in self.network.inputs], [o.type for o in self.network.outputs]
        return self._with_shapes(self.network.span, inputs, outputs)

    def _use(self, holder: Definition, node: Node) -> Use:
        return self._with_shapes(node.span, [holder.type_of(r) for r in node.inputs], node.types)

    def _with_shapes(self, span: Span, inputs: Sequence[TensorType], outputs: Sequence[TensorType]) -> Use:
        known = [tuple(t.dims for t in types) for types in (inputs, outputs)]
        return Use(place_of(span), known[0], known[1], self._numbers(inputs), self._numbers(outputs))

    def _numbers(self, types: Iterable[TensorType]) -> tuple[Shape, ...]:
        return tuple(tuple(evaluate(d, self.values) for d in t.dims) for t in types) if self.values else ()


def name_of(body: Body, inputs: tuple[TensorType, ...]) -> str:
    """The block's class, the op's, or what else a module is."""
    if isinstance(body, Definition):
        return "list" if body.kind == "sequential" else body.class_name
    if isinstance(body, OpCall):
        return body.op.torch_name(*inputs) if body.op.is_module else body.name
    return body.kind if isinstance(body, RawTensor) else ""


def _children(definition: Definition) -> Iterator[Child]:
    """What is called in a block, in execution order, then modules that nothing calls."""
    seen: set[str] = set()
    for node in definition.nodes:
        if isinstance(node.body, InputPort) or node.module in seen:
            continue
        seen.add(node.module or "")
        inputs = tuple(map(definition.type_of, node.inputs))
        shapes = tuple(t.dims for t in node.types)
        if node.module == "self" and isinstance(node.body, Definition):
            yield from _children(node.body)
            continue
        count = node.body.count if isinstance(node.body, Repeat) else 1
        yield Child(node.module or node.name, name_of(unrepeated(node.body), inputs), shapes, count)
    yield from (Child(m.label, name_of(m.body, m.inputs), ()) for m in definition.modules if not m.used)
