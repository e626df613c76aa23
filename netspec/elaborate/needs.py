"""What must hold for an op to work, decided for all sizes that the network's contract admits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netspec.diagnostics import Label, mistake
from netspec.dims import Condition, Domain, Verdict, decide
from netspec.elaborate.deciding import decided
from netspec.elaborate.projection import projection
from netspec.elaborate.session import Frame, Session
from netspec.elaborate.values import Tensor
from netspec.elaborate.words import bounded, count
from netspec.ops.contract import Need
from netspec.source import Span

if TYPE_CHECKING:
    from netspec.ops.base import Op

_VERBS = {"add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "concat": "concatenate"}
#: The most operands that one diagnostic shows.
_SHOWN = 8
#: Up to how many requirements are compared with each other.
_COMPARED = 20


def operand_labels(inputs: Sequence[Tensor], place: Span) -> list[Label]:
    """The operands of an op where they were bound, with their types."""
    labels = {t.span: Label(t.span, str(t.type)) for t in inputs if t.span != place}
    return list(labels.values())[:_SHOWN]


def check_needs(needs: Sequence[Need], op: Op, inputs: Sequence[Tensor], frame: Frame, span: Span) -> None:
    """Raise `Mistake` for what does not hold; note the least sizes of the network's inputs."""
    equalities = [n for n in needs if n.relation == "==" and n.left is not n.right]
    failed = [(n, v) for n in equalities if (v := _decided(n, frame, span)).truth != "always"]
    if failed:
        _refuse_join(failed, op, inputs, frame, span)
    for need in needs:
        if need.relation == ">=":
            _check_least(need, inputs, frame, span)


def _decided(need: Need, frame: Frame, span: Span) -> Verdict:
    return decided(Condition(need.left, need.relation, need.right), span, frame.session, frame.session.domain)


def _refuse_join(
    failed: list[tuple[Need, Verdict]], op: Op, inputs: Sequence[Tensor], frame: Frame, span: Span
) -> None:
    """Sizes of a join that are not equal for every input."""
    name = type(op).__name__
    text = failed[0][0].message + (f", and {count(len(failed) - 1, 'more size')}" if len(failed) > 1 else "")
    related = operand_labels(inputs, span)
    need = failed[0][0]
    if all(v.truth == "unknown" for _, v in failed):
        sizes = f"{bounded(str(need.left))} equals {bounded(str(need.right))}"
        mistake("NS303", f"cannot prove that {sizes}", span, text, related=related,
                help="crop one tensor to the other: `crop(y, like=x)`")  # fmt: skip
    verb = _VERBS.get(name)
    message = (
        f"cannot {verb} tensors of different shapes" if verb else f"`{name}` does not take tensors of these shapes"
    )
    sometimes = all(v.truth == "sometimes" for _, v in failed)
    notes = tuple(_when(v) for _, v in failed) if sometimes else ()
    mistake("NS301", message, span, text, related=related, notes=tuple(dict.fromkeys(notes)),
            help=_help(name, failed, inputs, frame))  # fmt: skip


def _when(verdict: Verdict) -> str:
    """``equal only when H % 2 == 0, fails at H = 1``."""
    sizes = verdict.counterexample
    fails = "fails at " + ", ".join(f"{n} = {v}" for n, v in sizes.items()) if sizes else "not for every size"
    return f"equal only when {bounded(verdict.holds, 200)}, {fails}"


def _help(name: str, failed: list[tuple[Need, Verdict]], inputs: Sequence[Tensor], frame: Frame) -> str:
    divisible = all(v.truth == "sometimes" and "%" in v.holds for _, v in failed)
    if all(isinstance(n.left - n.right, int) and not isinstance(n.left, int) for n, _ in failed):
        return "a convolution keeps the size with `padding=(k - 1) // 2` for an odd kernel k"
    if name in ("add", "sub") and frame.draft is not None and not divisible:
        found = projection(inputs, frame)
        if found:
            return found
    if all(v.truth == "sometimes" for _, v in failed):
        holds = " and ".join(dict.fromkeys(v.holds for _, v in failed))
        crop = (
            '`concat(…, align="center")` crops them' if name == "concat" else "`crop(y, like=x)` crops one to the other"
        )
        return f"admit only such sizes, with `where {bounded(holds)}` at the network's input; or {crop}"
    return ""


def _check_least(need: Need, inputs: Sequence[Tensor], frame: Frame, span: Span) -> None:
    """A size that must be large enough: a minimum of the network's inputs, or an error where none is."""
    verdict = _decided(need, frame, span)
    if verdict.truth == "never":
        mistake("NS304", need.message, span, related=operand_labels(inputs, span))
    if verdict.truth != "always" and not verdict.minimum:
        condition = Condition(need.left, need.relation, need.right)
        frame.session.requirements.setdefault(condition, span)
    for symbol, least in verdict.minimum.items():
        if least > frame.session.minimums.get(symbol, (1, span))[0]:
            frame.session.minimums[symbol] = (least, span)


def requirements(session: Session) -> list[tuple[Condition, Span]]:
    """What the network's inputs must fulfil besides least sizes, without what follows from the rest.

    Such conditions (``L1*L2 >= 2``) are checked when the module runs, as least sizes are.
    """
    kept = dict(session.requirements)
    if len(kept) <= _COMPARED:
        for condition in list(kept):
            others = tuple(c for c in kept if c is not condition)
            if others and decide(condition, Domain((*session.domain.conditions, *others))).truth == "always":
                del kept[condition]
    return list(kept.items())
