"""Joins that do not fit: the change of a layer on the way to them with which they do, found by trying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from netspec.diagnostics import Edit
from netspec.dims import Condition, SizeTooLarge, decide
from netspec.elaborate.advice.changes import argument_edits
from netspec.elaborate.advice.operands import names_at
from netspec.elaborate.advice.spreading import Advice
from netspec.elaborate.advice.ways import Link, Way, ways
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Part, Tensor
from netspec.graph import OpCall
from netspec.ops.contract import Refused
from netspec.source import Span

if TYPE_CHECKING:
    from netspec.ops.base import Op

#: The most changes that are tried.
_TRIED = 64

Settings = dict[str, Any]


class Trial(NamedTuple):
    """Other arguments of layers; ``rank`` is how far they are from what is probably meant."""

    rank: int
    changes: tuple[tuple[Link, Settings], ...]


def repaired(op: Op, inputs: Sequence[Tensor], frame: Frame, *, scales: bool = False) -> Advice:
    """The one change that makes a join fit for all sizes; nothing where there is none, or no single likeliest.

    With ``scales`` only layers that enlarge are looked at.
    """
    if frame.draft is None or len(inputs) < 2:
        return Advice()
    found = ways(inputs, frame.draft)
    kinds = (_enlarging,) if scales else (_paddings, _all_paddings, _strides, _channels, _both, _enlarging)
    tried = 0
    for kind in kinds:
        trials = list(islice(kind(found), _TRIED - tried))
        tried += len(trials)
        fitting = [t for t in trials if _fits(op, found, t, frame)]
        best = min((t.rank for t in fitting), default=0)
        likeliest = [t for t in fitting if t.rank == best]
        if len(likeliest) == 1:
            return _advice(likeliest[0], found, frame)
    return Advice()


def _fits(op: Op, found: Sequence[Way], trial: Trial, frame: Frame) -> bool:
    changes = {link.name: settings for link, settings in trial.changes}
    types = [t for w in found if (t := w.after(changes)) is not None]
    if len(types) != len(found):
        return False
    try:
        needs = op.infer(*types).needs
    except (Refused, SizeTooLarge):
        return False
    equal = (Condition(n.left, "==", n.right) for n in needs if n.relation == "==")
    return all(decide(condition, frame.session.domain).truth == "always" for condition in equal)


def unpadded(draft: Draft) -> int:
    """How many convolutions of a block have a kernel above 1 and no padding."""
    bodies = (s.body for s in draft.steps.values())
    settings = (b.op.__dict__ for b in bodies if isinstance(b, OpCall) and type(b.op).__name__ == "Conv")
    return sum(s["padding"] == 0 and s["kernel_size"] != 1 for s in settings)


# --------------------------------------------------------------------------------------------------- what to try


def _convs(found: Sequence[Way]) -> Iterator[Link]:
    """The convolutions on the ways whose arguments are known."""
    return (k for w in found for k in w.links if k.op is not None and k.part is not None and _name(k) == "Conv")


def _name(link: Link) -> str:
    return type(link.op).__name__


def _keeping(link: Link) -> Settings:
    """The padding by which a convolution of stride 1 keeps the size; nothing where it has it."""
    kernel, dilation = link.per_axis("kernel_size"), link.per_axis("dilation")
    stride, padding = link.per_axis("stride"), link.per_axis("padding")
    if kernel is None or dilation is None or stride is None:
        return {}
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    if all(t % 2 == 0 for t in totals):
        wanted = tuple(t // 2 for t in totals)
        return {} if wanted == padding else {"padding": _short(wanted)}
    return {"padding": "same"} if set(stride) == {1} else {}


def _short(values: tuple[int, ...]) -> int | tuple[int, ...]:
    return values[0] if len(set(values)) == 1 else values


def _paddings(found: Sequence[Way]) -> Iterator[Trial]:
    for link in _convs(found):
        settings = _keeping(link)
        if settings:
            yield Trial(int(link.is_written("padding")), ((link, settings),))


def _all_paddings(found: Sequence[Way]) -> Iterator[Trial]:
    changes = tuple((link, settings) for link in _convs(found) if (settings := _keeping(link)))
    if len(changes) > 1:
        yield Trial(0, changes)


def _strides(found: Sequence[Way]) -> Iterator[Trial]:
    """Another stride: one that a layer beside it has, or 1. A skip as it is has none: it is projected."""
    if not all(w.links for w in found):
        return
    known = {s for w in found for k in w.links if (s := k.per_axis("stride")) is not None}
    for link in (k for w in found for k in w.links if k.part is not None and k.op is not None):
        own = link.per_axis("stride")
        for stride in sorted(known | {(1,) * len(own)}) if own else ():
            if stride != own and len(stride) == len(own or ()):
                yield Trial(_likelihood(link, "stride", found), ((link, {"stride": _short(stride)}),))


def _channels(found: Sequence[Way]) -> Iterator[Trial]:
    """Another number of channels: that of an operand beside it. A skip as it is is projected, but that of a gate."""
    if not all(w.links for w in found) and not any(set(w.result.spatial) == {1} for w in found):
        return
    known = dict.fromkeys(w.result.dims[1] for w in found if w.result.rank > 1)
    for w in found:
        setting = [k for k in w.links if k.op is not None and k.part is not None and "out_channels" in k.op.__dict__]
        for channels in known if setting else ():
            if channels != setting[-1].result.dims[1] and isinstance(channels, int):
                link = setting[-1]
                yield Trial(_likelihood(link, "out_channels", found), ((link, {"out_channels": channels}),))


def _both(found: Sequence[Way]) -> Iterator[Trial]:
    """Another stride and another number of channels of one layer."""
    for stride in _strides(found):
        for channels in _channels(found):
            (link, one), (other, two) = stride.changes[0], channels.changes[0]
            if link is other and _is_pointwise(link):
                yield Trial(0, ((link, {**two, **one}),))


def _likelihood(link: Link, attribute: str, found: Sequence[Way]) -> int:
    """Projections first, and what was forgotten before what was written."""
    own = next(w for w in found if link in w.links)
    alone = not any(k.op is None or _name(k) == "Conv" for k in own.links if k is not link)
    return 2 * (not (alone and _is_pointwise(link))) + link.is_written(attribute)


def _is_pointwise(link: Link) -> bool:
    return set(link.per_axis("kernel_size") or (0,)) == {1}


def _enlarging(found: Sequence[Way]) -> Iterator[Trial]:
    """Transposed convolutions that do not enlarge exactly, and upsampling by another factor, or to a factor."""
    for link in (k for w in found for k in w.links if k.part is not None and k.op is not None):
        if _name(link) == "ConvTranspose":
            yield from (Trial(len(s), ((link, s),)) for s in _exact(link))
        elif _name(link) == "Upsample":
            own = link.op.__dict__ if link.op else {}
            if isinstance(own["size"], int):
                yield Trial(0, ((link, {"size": None, "scale_factor": float(own["size"])}),))
            elif own["scale_factor"] is not None:
                yield from (Trial(1, ((link, {"scale_factor": f}),)) for f in (2.0, 4.0, 8.0))


def _exact(link: Link) -> Iterator[Settings]:
    """How a transposed convolution multiplies the size by its stride."""
    names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
    values = [link.per_axis(n) for n in names]
    if any(v is None or len(set(v)) != 1 for v in values):
        return
    kernel, stride, padding, output, dilation = (v[0] for v in values if v is not None)
    over = dilation * (kernel - 1) + 1 - stride
    if 0 <= 2 * padding - over < stride and 2 * padding - over != output:
        yield {"output_padding": 2 * padding - over}
    if over >= 0 and over % 2 == 0 and over // 2 != padding:
        yield {"padding": over // 2}
    elif over > 0 and over % 2:
        yield {"padding": over // 2 + 1, "output_padding": 1}


# --------------------------------------------------------------------------------------------------- what to say


def _advice(trial: Trial, found: Sequence[Way], frame: Frame) -> Advice:
    words: dict[str, list[str]] = {}
    edits: list[tuple[Edit, ...]] = []
    for link, settings in trial.changes:
        assert link.part is not None
        texts = {n: _text(n, v, link, found, frame) for n, v in settings.items()}
        written = " and ".join(f"`{n}={t}`" for n, t in texts.items() if t is not None)
        words.setdefault(written, []).append(f"`{link.name}`")
        edits += [_edits(link.part, n, t) for n, t in texts.items() if t is not None]
    places = (f"{written} in {', '.join(names)}" for written, names in words.items())
    return Advice(f"with {', '.join(places)} the shapes are equal", _merged(edits) if all(edits) else ())


def _edits(part: Part, name: str, text: str | None) -> tuple[Edit, ...]:
    """``Upsample(2)`` names a size; as a factor it needs its name."""
    if name == "scale_factor" and "size" in dict(part.spans):
        return (Edit(part.place("size"), f"{name}={text}"),)
    return () if text is None else argument_edits(part, name, text)


def _text(name: str, value: Any, link: Link, found: Sequence[Way], frame: Frame) -> str | None:
    """A value as a layer beside it writes it, as a fact of the tensor beside it, or as a number."""
    if value is None:
        return None
    if isinstance(value, str):
        return f'"{value}"'
    wanted = (value,) if name == "out_channels" else value if isinstance(value, tuple) else None
    for other in (k for w in found for k in reversed(w.links) if k is not link and k.part is not None):
        if _value(other, name) == (wanted or (value,) * (link.source.rank - 2)):
            borrowed = written(other.part, name)
            if borrowed:
                return borrowed
    if name == "out_channels" and frame.draft is not None and frame.draft.kind == "block":
        beside = (n for w in found if not w.links and w.type.dims[1] == value for n in names_at(w.start, frame))
        fact = next(beside, None)
        if fact:
            return f"{fact}.channels"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(link: Link, name: str) -> tuple[int, ...] | None:
    if name == "out_channels":
        value = link.part.arguments.get(name) if link.part else None
        return (value,) if isinstance(value, int) else None
    return link.per_axis(name) if name == "stride" else None


def written(part: Part | None, name: str) -> str:
    """An argument as a spec writes it; empty where it does not."""
    place: Span | None = dict(part.spans).get(name) if part else None
    if place is None:
        return ""
    before, equals, after = place.text.partition("=")
    return after.strip() if equals and before.strip() == name else place.text


def _merged(edits: Sequence[tuple[Edit, ...]]) -> tuple[Edit, ...]:
    """Edits with those that insert at one place made one."""
    merged: dict[Span, str] = {}
    for edit in (e for each in edits for e in each):
        merged[edit.span] = merged.get(edit.span, "") + edit.text
    return tuple(Edit(span, text) for span, text in merged.items())
