"""One tensor where several are bound, several where one is needed: how they are taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netspec.diagnostics import Edit, Help, Label
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Family, Tensor
from netspec.elaborate.values.words import count
from netspec.graph import OpCall
from netspec.source import Span
from netspec.syntax import ast

#: So many tensors are shown.
_SHOWN = 4
#: What the outputs of an op are called, by what a block binds them to.
_OUTPUTS = {"LSTM": ("y", "h", "c"), "GRU": ("y", "h"), "RNN": ("y", "h"), "MultiheadAttention": ("y", "weights")}


def first_of(inputs: Sequence[Tensor], name: str, frame: Frame) -> tuple[Help, list[Label]]:
    """Several tensors, under one name perhaps, for a step that takes one: what to do, and where they are from."""
    places: dict[Span, list[str]] = {}
    for tensor in list({t.ref: t for t in inputs}.values())[:_SHOWN]:
        places.setdefault(tensor.span, []).append(str(tensor.type))
    labels = [Label(span, ", ".join(types)) for span, types in places.items()]
    if name:
        return Help(f"several outputs are under one name: `{name}[0]` is the first of `{name}`"), labels
    maker = _maker(inputs, frame)
    if not maker:
        return Help("`concat(a, b)` makes one of several"), labels
    names = _OUTPUTS.get(maker) or tuple("abcd"[: len(inputs)])
    listed = ", ".join(names) if len(names) == len(inputs) else "a, b, …"
    given = f"`{maker}` gives {count(len(inputs), 'tensor')}"
    return Help(f"{given}: end the chain with it, `{listed} = …`, and go on with `{names[0]} -> …`"), labels


def _maker(inputs: Sequence[Tensor], frame: Frame) -> str:
    """The op that gave tensors, where it is one."""
    nodes = {t.ref.node for t in inputs}
    step = frame.draft.steps.get(nodes.pop()) if frame.draft is not None and len(nodes) == 1 else None
    return step.body.written if step is not None and isinstance(step.body, OpCall) else ""


def all_names(targets: Sequence[ast.BindTarget], family: Family, frame: Frame) -> Help | str:
    """``y, _ = x -> lstm: LSTM(64)``: as many names as there are tensors."""
    tensors = [m for m in family if isinstance(m, Tensor)]
    if len(tensors) != len(family) or not 1 < len(targets) < len(family) or any(t.index or t.star for t in targets):
        return ""
    known = _OUTPUTS.get(_maker(tensors, frame), ())
    if len(known) != len(family):
        return ""
    given = [t.name for t in targets]
    taken = {*frame.names, *given}
    fresh = _fresh([n for n in known[1:] if n not in given], taken)
    names = [n if n.strip("_") else next(fresh) for n in given]
    names += [next(fresh) for _ in range(len(family) - len(given))]
    written = ", ".join(names)
    return Help(f"one name for each: `{written} = …`", Edit(targets[0].span.to(targets[-1].span), written))


def _fresh(names: Sequence[str], taken: set[str]) -> Iterator[str]:
    """Names that are free: those that are meant first, then others."""
    yield from (n for n in names if n not in taken)
    yield from (n for n in (f"other{i}" for i in range(1, 1000)) if n not in taken)


def taken_apart(tensor: Tensor, count: int, written: Span) -> Help:
    """``q, k, v = y``: the members along axis 0, or the parts of another axis that come out even."""
    dims = tensor.type.dims
    if dims and dims[0] == count:
        end = Span(written.source, written.end, written.end)
        return Help("a tensor is taken apart by `unbind`, along axis 0: `… -> unbind()`", Edit(end, " -> unbind()"))
    even = [axis for axis, size in enumerate(dims) if axis and isinstance(size, int) and size % count == 0]
    if even:
        return Help(f"`chunk(x, {count}, axis={even[-1]})` cuts a tensor into equal parts")
    return Help(f"`chunk(x, {count}, axis=1)` cuts a tensor into equal parts, `unbind(x)` gives its members")
