"""What a box says about the blocks and layers behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition, InputPort, OpCall, RawTensor, Repeat
from netspec.graph.model import Body
from netspec.render.families import channel_axis, family_of, own_types
from netspec.render.labels import TIMES, one_line
from netspec.render.sizes import scale_text
from netspec.render.sketch import Part, Step
from netspec.types import TensorType

#: A list of more differing members than this is told by counts.
MOST_LINES = 4
#: An argument's value in a tooltip is cut to this length.
ARGUMENT_LENGTH = 40
#: What a raw tensor is called, as torch calls it.
RAW = {"param": "Parameter", "buffer": "Buffer"}


def title(step: Step) -> str:
    """The label of a step, ``block0 … block5`` of several; of a function its name."""
    if step.kind != "work":
        return step.name
    names = [_name(p) for p in step.parts]
    if step.times > 1 and step.last != names[0]:
        return f"{names[0]} … {step.last}"
    return " · ".join(names) if len(names) <= MOST_LINES else f"{names[0]} … {names[-1]}"


def _name(part: Part) -> str:
    is_function = isinstance(part.body, OpCall) and not part.node.module
    return class_name(part.body, part.inputs) if is_function else part.label


def lines(step: Step) -> tuple[str, ...]:
    """What stands in the step: one line, or of a list one line per differing member."""
    if step.only is not None:
        return _lines_of_one(step.only, step.times)
    names = [class_name(p.body, p.inputs) for p in step.parts]
    if len(names) > MOST_LINES:
        return (f"{_counted(names)}{_times(step.times)}",)
    first, last = step.parts[0], step.parts[-1]
    text, facts = " · ".join(names), _facts(first, last.outputs)
    return (f"({text}){_times(step.times)}{facts}" if step.times > 1 else f"{text}{facts}",)


def _lines_of_one(part: Part, times: int) -> tuple[str, ...]:
    body = part.body
    if isinstance(body, Definition) and body.kind == "sequential" and times == 1:
        return _members(body)
    if isinstance(body, RawTensor):
        return (f"{RAW[body.kind]} {part.outputs[0]}",)
    line = _named(part, times)
    return (line,) if line != _name(part) else ()


def _members(definition: Definition) -> tuple[str, ...]:
    """The members of a list, equal neighbours folded, a differing first one apart."""
    found: list[tuple[Part, int]] = []
    for part, times in _parts(definition):
        if found and part.same_work(found[-1][0]):
            found[-1] = part, found[-1][1] + times
        else:
            found.append((part, times))
    if len(found) <= MOST_LINES:
        return tuple(_named(part, times) for part, times in found)
    return (_counted(class_name(p.body, p.inputs) for p, times in found for _ in range(times)),)


def _parts(definition: Definition) -> Iterator[tuple[Part, int]]:
    for node in definition.nodes:
        if not isinstance(node.body, InputPort):
            body, times = (node.body.body, node.body.count) if isinstance(node.body, Repeat) else (node.body, 1)
            yield Part("", "", body, tuple(map(definition.type_of, node.inputs)), node.types, node), times


def _named(part: Part, times: int) -> str:
    """``Bottleneck3d`` with its number and its facts: ``, 256``."""
    return f"{class_name(part.body, part.inputs)}{_times(times)}{_facts(part, part.outputs)}"


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


def _facts(part: Part, outputs: tuple[TensorType, ...]) -> str:
    """``, kernel (3, 7, 7), 3 → 64, stride (1, 2, 2)``."""
    if not part.inputs or not outputs:
        return ""
    facts = _kernel(part), _channels(part, outputs[0]), scale_text(part.inputs[0], outputs[0])
    return "".join(f", {f}" for f in facts if f)


def _kernel(part: Part) -> str:
    if not isinstance(part.body, OpCall):
        return ""
    kernel = part.body.op.settings(*part.inputs).get("kernel_size")
    if isinstance(kernel, tuple) and len(set(kernel)) == 1:
        kernel = kernel[0]
    return f"kernel {kernel}" if kernel is not None else ""


def _channels(part: Part, after: TensorType) -> str:
    """``64 → 256``, or ``256`` where they stay; only of what works on channels."""
    before = part.inputs[0]
    axis = channel_axis(part.body, before)
    if axis is None or before.rank != after.rank or family_of([part]) not in ("conv", "linear"):
        return ""
    old, new = before.dims[axis], after.dims[axis]
    if not (isinstance(old, int) and isinstance(new, int)):
        return ""
    return str(new) if old == new else f"{old} → {new}"


def note(step: Step) -> str:
    """``1,219,584 parameters``, or that they were counted before."""
    count = step.times * sum(_own(p) for p in step.parts if not p.again)
    if count:
        return f"{count:,} parameters"
    return "the same weights again" if any(p.again for p in step.parts) else ""


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
            yield ", ".join(_argument(name, value) for name, value in part.body.arguments.items())
    yield f"{', '.join(map(str, part.inputs))} → {', '.join(map(str, part.outputs))}"
    yield part.node.span.place


def _argument(name: str, value: object) -> str:
    text = one_line(str(value))
    return f"{name}={text if len(text) <= ARGUMENT_LENGTH else '…'}"
