"""What a box says about the blocks and layers behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition, InputPort, OpCall, RawTensor, Repeat
from netspec.graph.model import Body
from netspec.render.levels.facts import differences, differing, facts, formula, scale, shown, value_text
from netspec.render.levels.families import own_types
from netspec.render.levels.sizes import comparable
from netspec.render.levels.sketch import Part, Step
from netspec.render.words import TIMES, one_line
from netspec.types import TensorType

#: A list of more differing members than this is told by counts.
MOST_LINES = 4
#: Settings that a box tells in another way, or that say nothing about what is computed.
TOLD = frozenset({
    "kernel_size", "dilation", "out_channels", "out_features", "output_size", "inplace", "numbers", "raw", "sizes",
    "indices", "pattern",
})  # fmt: skip
#: What a raw tensor is called, as torch calls it.
RAW = {"param": "Parameter", "buffer": "Buffer"}


def title(step: Step) -> str:
    """The label of a step, ``block0 … block5`` of several; of a function its name."""
    if step.kind != "work":
        return step.name
    if step.written:
        return step.written.title
    names = [_name(p) for p in step.parts]
    if step.times > 1 and step.last != names[0]:
        return f"{names[0]} … {step.last}"
    return " · ".join(names) if len(names) <= MOST_LINES else f"{names[0]} … {names[-1]}"


def _name(part: Part) -> str:
    is_function = isinstance(part.body, OpCall) and not part.node.module
    return class_name(part.body, part.inputs) if is_function or not part.label else part.label


def lines(step: Step) -> tuple[str, ...]:
    """What stands in the step: one line, or of a list one line per differing member."""
    if step.written:
        return (step.written.call,) if step.written.call else ()
    if step.is_join:
        return tuple(filter(None, map(formula, step.parts)))
    if step.only is not None:
        return _lines_of_one(step.only, step.times)
    if len(step.parts) > MOST_LINES:
        return (f"{_counted(class_name(p.body, p.inputs) for p in step.parts)}{_times(step.times)}",)
    text = " · ".join(f"{class_name(p.body, p.inputs)} {formula(p)}".rstrip() for p in step.parts)
    told = facts(step.parts[0], _last_in_order(step))
    return (f"({text}){_times(step.times)}{told}" if step.times > 1 else f"{text}{told}",)


def _last_in_order(step: Step) -> tuple[TensorType, ...]:
    """What a step gives; of a chain that rearranges what came before, that."""
    if any(target != source + 1 for source, target, _ in step.wiring):
        return step.parts[-1].outputs
    outputs = step.parts[0].outputs
    for part in step.parts[1:]:
        if not comparable(part.inputs[0], part.outputs[0]):
            break
        outputs = part.outputs
    return outputs


def detailed_lines(step: Step) -> tuple[str, ...]:
    """`lines`, and the settings of a layer that the first of them does not tell: ``padding=1, bias=False``."""
    part = step.only
    if part is None or not isinstance(part.body, OpCall) or step.written:
        return lines(step)
    told = {*TOLD, "stride"} if scale(part, part.outputs) else TOLD
    settings = _settings(part.body, told)
    return (*lines(step), settings) if settings else lines(step)


def _settings(call: OpCall, told: Set[str] = frozenset()) -> str:
    """``padding=1, bias=False``: what is required, or not the default."""
    required, others = call.op.given()
    untold = {*told, *call.op.internal}
    return ", ".join(f"{n}={_value(v)}" for n, v in {**required, **others}.items() if n not in untold)


def _value(value: object) -> str:
    return value_text(f'"{value}"' if isinstance(value, str) else value)


def _lines_of_one(part: Part, times: int) -> tuple[str, ...]:
    body = part.body
    if isinstance(body, Definition) and body.kind == "sequential" and times == 1:
        return _members(body)
    if isinstance(body, RawTensor):
        return (f"{RAW[body.kind]} {part.outputs[0]}",)
    named = _named(part, times)
    told = named.removeprefix(f"{_name(part)}, ") if part.is_function else named, formula(part)
    return tuple(line for line in told if line not in ("", _name(part)))


def _members(definition: Definition) -> tuple[str, ...]:
    """The members of a list, equal neighbours folded, a differing first one apart."""
    found: list[tuple[Part, int]] = []
    for part, times in _parts(definition):
        if found and part.same_work(found[-1][0]):
            found[-1] = part, found[-1][1] + times
        else:
            found.append((part, times))
    if len(found) <= MOST_LINES:
        return tuple(_told_apart([part for part, _ in found], [_named(part, times) for part, times in found]))
    names = {class_name(p.body, p.inputs) for p, _ in found}
    counts = _counted(class_name(p.body, p.inputs) for p, times in found for _ in range(times))
    return (counts, *(differences([p.body for p, _ in found]) if len(names) == 1 else ()))


def _told_apart(parts: Sequence[Part], lines: Sequence[str]) -> Iterator[str]:
    """Lines that are the same for different blocks, with the arguments in which these differ."""
    for part, line in zip(parts, lines, strict=True):
        alike = [p.body for p, other in zip(parts, lines, strict=True) if other == line]
        yield ", ".join((line, *(f"{name} {shown(part.body, name)}" for name in differing(alike))))


def _parts(definition: Definition) -> Iterator[tuple[Part, int]]:
    for node in definition.nodes:
        if not isinstance(node.body, InputPort):
            body, times = (node.body.body, node.body.count) if isinstance(node.body, Repeat) else (node.body, 1)
            yield Part("", "", body, tuple(map(definition.type_of, node.inputs)), node.types, node), times


def _named(part: Part, times: int) -> str:
    """``Bottleneck3d`` with its number and its facts: ``, 256``."""
    return f"{class_name(part.body, part.inputs)}{_times(times)}{facts(part, part.outputs)}"


def _times(times: int) -> str:
    return f" {TIMES}{times:,}" if times > 1 else ""


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name}{_times(n)}" for name, n in Counter(names).items())


def class_name(body: Body, inputs: tuple[TensorType, ...]) -> str:
    """``Bottleneck3d``, ``Conv3d``, ``flatten``."""
    if isinstance(body, OpCall):
        return body.op.torch_name(*inputs) if body.op.is_module else body.name
    if isinstance(body, Definition):
        return body.class_name if body.kind != "sequential" else "Sequential"
    return RAW[body.kind] if isinstance(body, RawTensor) else ""


def note(step: Step) -> str:
    """``1,219,584 parameters``, or that they were counted before; of what is not elaborated the condition."""
    if step.condition:
        return step.condition
    count = step.times * sum(_own(p) for p in step.parts if not p.again)
    if count:
        return f"{count:,} parameters"
    return "the same weights again" if any(p.again for p in step.parts) else ""


def changes(step: Step) -> tuple[str, ...]:
    """What differs in a step of two networks: what it was called, and the rest."""
    changed = step.changed
    if changed is None:
        return ()
    was = changed.was if changed.was == changed.was_last else f"{changed.was} … {changed.was_last}"
    return (*((f"was {was}",) if was else ()), *changed.lines)


def changed_note(step: Step) -> str:
    """`note` of a step in a picture of two networks: the parameters before and after, where they differ."""
    now = step.times * sum(_own(p) for p in step.parts if not p.again)
    before = step.changed.parameters if step.changed else None
    if before is None or step.times * before == now:
        return note(step)
    return f"{step.times * before:,} → {now:,} parameters"


def _own(part: Part) -> int:
    return parameters_of(part.body, own_types(part))


def tooltip(step: Step) -> tuple[str, ...]:
    """Path, class, documentation, arguments, shapes and the spec's line of each part."""
    if len(step.parts) > MOST_LINES:
        return (f"{step.parts[0].path} … {step.parts[-1].path}",)
    return tuple(text for part in step.parts for text in _told(part))


def _told(part: Part) -> Iterator[str]:
    yield f"{part.path}: {class_name(part.body, part.inputs)}"
    if isinstance(part.body, Definition):
        yield from filter(None, map(one_line, part.body.doc.splitlines()))
        if part.body.arguments:
            yield ", ".join(f"{name}={shown(part.body, name)}" for name in part.body.arguments)
    elif isinstance(part.body, OpCall):
        yield from filter(None, (formula(part), _settings(part.body)))
    yield f"{', '.join(map(str, part.inputs))} → {', '.join(map(str, part.outputs))}"
    yield part.node.span.place
