"""What must hold for an op to work, decided for all sizes that the network's contract admits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from netspec.diagnostics import Diagnostic, Edit, Label, Mistake, mistake
from netspec.dims import EVERYWHERE, Condition, Dim, Verdict
from netspec.dims.alternatives import any_at_least
from netspec.elaborate.advice.fitting import cropping, of_concat, of_matmul, of_sum
from netspec.elaborate.advice.projection import projection
from netspec.elaborate.advice.repairs import repaired, unpadded
from netspec.elaborate.advice.spreading import Advice, of_gate, of_raw
from netspec.elaborate.proofs.deciding import decided
from netspec.elaborate.proofs.obligations import defer, may_hold, note
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Tensor
from netspec.elaborate.values.words import bounded, count
from netspec.ops.contract import Change, Need
from netspec.source import Span

if TYPE_CHECKING:
    from netspec.ops.base import Op

_VERBS = {"add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "concat": "concatenate"}
#: What other ops that join tensors cannot do.
_CANNOT = {"matmul": "cannot multiply matrices of these shapes"}
#: The most operands that one diagnostic shows.
_SHOWN = 8


def operand_labels(inputs: Sequence[Tensor], place: Span) -> list[Label]:
    """The operands of an op where they were bound, with their types."""
    labels = {t.span: Label(t.span, str(t.type)) for t in inputs if t.span != place}
    return list(labels.values())[:_SHOWN]


Edits = Callable[[Change | None], tuple[Edit, ...]]
"""What writes a change of the step."""


def check_needs(needs: Sequence[Need], op: Op, inputs: Sequence[Tensor], frame: Frame, span: Span,
                edits: Edits) -> None:  # fmt: skip
    """Raise `Mistake` for what no contract can settle; note the rest, to be settled at the network's end."""
    session = frame.session
    equalities = [n for n in needs if n.relation == "==" and n.left is not n.right]
    failed: list[tuple[Need, Verdict]] = []
    for need in equalities:
        verdict = _decided(need, "join", op, inputs, frame, span)
        failed += [(need, verdict)] if verdict.truth != "always" else []
    if failed:
        bare = _bare(failed, op, inputs, span)
        if not all(may_hold(_condition(n), v) for n, v in failed):
            raise Mistake(_refusal(bare, failed, op, inputs, frame))
        defer([(_condition(n), n.message) for n, _ in failed], bare, session,
              cropping(op, inputs, frame) or failed[0][0].help)  # fmt: skip
    for need in needs:
        if need.relation == ">=":
            _check_least(need, op, inputs, frame, span, edits)


def _called(op: Op, inputs: Sequence[Tensor]) -> str:
    """What an op is called: ``Conv2d``, ``concat``."""
    return op.torch_name(*(t.type for t in inputs)) if op.is_module else type(op).__name__


def _condition(need: Need) -> Condition:
    either = any_at_least(need.any_of, need.right) if isinstance(need.right, int) and need.any_of else None
    return either or Condition(need.left, need.relation, need.right)


def _decided(need: Need, kind: str, op: Op, inputs: Sequence[Tensor], frame: Frame, span: Span) -> Verdict:
    """What is true of a need; it is noted where it may not hold for every size."""
    session, condition = frame.session, _condition(need)
    verdict = decided(condition, span, session, session.domain)
    if verdict.truth != "always" or session.domain is not EVERYWHERE:
        note(condition, verdict, _called(op, inputs), span, session, kind)
    return verdict


def _bare(failed: list[tuple[Need, Verdict]], op: Op, inputs: Sequence[Tensor], span: Span) -> Diagnostic:
    """Sizes that are not equal for every input, less for which they are and what helps."""
    related = tuple(operand_labels(inputs, span))
    if op.family != "join":
        return Diagnostic("NS300", _words(failed), Label(span), related)
    name = type(op).__name__
    message = _CANNOT.get(name) or f"cannot {_VERBS.get(name, 'join')} tensors of different shapes"
    return Diagnostic("NS301", message, Label(span), related)


def _refusal(bare: Diagnostic, failed: list[tuple[Need, Verdict]], op: Op, inputs: Sequence[Tensor],
             frame: Frame) -> Diagnostic:  # fmt: skip
    """The whole diagnostic of sizes that no contract makes equal."""
    if bare.code == "NS300":
        return replace(bare, notes=_notes(failed, "holds only when"),
                       help=_admitting(failed) or failed[0][0].help)  # fmt: skip
    span = bare.primary.span
    advice = _advice(failed, op, inputs, frame, span)
    return replace(bare, primary=Label(span, _words(failed)), notes=_notes(failed, "equal only when"),
                   help=advice.help, edits=advice.edits)  # fmt: skip


def _words(failed: list[tuple[Need, Verdict]]) -> str:
    more = f", and {count(len(failed) - 1, 'more size')}" if len(failed) > 1 else ""
    return f"{failed[0][0].message}{more}"


def _notes(failed: list[tuple[Need, Verdict]], words: str) -> tuple[str, ...]:
    """``equal only when H % 2 == 0, fails at H = 1`` where that is known of all that failed."""
    if all(v.truth == "never" for _, v in failed) and any(isinstance(n.left - n.right, Dim) for n, _ in failed):
        return ("never equal, whatever the sizes are",)
    if not all(v.truth == "sometimes" for _, v in failed):
        return ()
    return tuple(dict.fromkeys(f"{words} {bounded(v.holds, 200)}, {_failing(v)}" for _, v in failed))


def _failing(verdict: Verdict) -> str:
    sizes = verdict.counterexample
    return "fails at " + ", ".join(f"{n} = {v}" for n, v in sizes.items()) if sizes else "not for every size"


def _admitting(failed: list[tuple[Need, Verdict]]) -> str:
    """The contract by which what failed would hold, for more than a few sizes."""
    if not all(v.truth == "sometimes" and v.lasting for _, v in failed):
        return ""
    holds = " and ".join(dict.fromkeys(v.holds for _, v in failed))
    return f"admit only such sizes, with `where {bounded(holds)}` at the network's input"


def _advice(failed: list[tuple[Need, Verdict]], op: Op, inputs: Sequence[Tensor], frame: Frame,
            span: Span) -> Advice:  # fmt: skip
    """What makes a join fit, the likeliest first."""
    name = type(op).__name__
    advice = of_raw(inputs, span, frame) if name in _VERBS and name != "concat" else Advice()
    if not advice.help and not all(may_hold(_condition(n), v) for n, v in failed):
        if name != "concat" or not _is_unpadded(op, failed, inputs, frame):
            advice = repaired(op, inputs, frame)
        if not advice.help and name == "concat":
            advice = of_concat(op, inputs, span, frame)
        if not advice.help and name == "mul":
            advice = of_gate(inputs)
    if not advice.help and name in ("add", "sub") and not _needs_divisible(failed) and not _differ_by_numbers(failed):
        advice = projection(inputs, span, frame)
    if not advice.help and name in ("add", "sub"):
        advice = of_sum([n for n, _ in failed], inputs, frame)
    if name == "matmul":
        advice = of_matmul(inputs, span, frame)
    return advice if advice.help else Advice(_help(op, failed, inputs, frame), _edits(op, failed, inputs, span))


def _is_unpadded(op: Op, failed: list[tuple[Need, Verdict]], inputs: Sequence[Tensor], frame: Frame) -> bool:
    """Whether a concatenation never fits in a network of several convolutions without padding: they are meant so."""
    return _spatial(op, failed, inputs) and frame.draft is not None and unpadded(frame.draft) > 1


def _needs_divisible(failed: list[tuple[Need, Verdict]]) -> bool:
    return all(v.truth == "sometimes" and "%" in v.holds for _, v in failed)


def _differ_by_numbers(failed: list[tuple[Need, Verdict]]) -> bool:
    """Whether open sizes differ, all by numbers: ``H`` and ``H - 2``."""
    return all(isinstance(n.left - n.right, int) and not isinstance(n.left, int) for n, _ in failed)


def _help(op: Op, failed: list[tuple[Need, Verdict]], inputs: Sequence[Tensor], frame: Frame) -> str:
    if type(op).__name__ in _CANNOT:
        return _admitting(failed)
    if _differ_by_numbers(failed):
        return "a convolution keeps the size with `padding=(k - 1) // 2` for an odd kernel k"
    crop = cropping(op, inputs, frame)
    if _spatial(op, failed, inputs):
        keep = "keep the size in the convolutions, with `padding=(k - 1) // 2` for an odd kernel k"
        return f"{crop}; or {keep}" if crop else keep
    return "; or ".join(filter(None, (_admitting(failed), crop)))


def _spatial(op: Op, failed: list[tuple[Need, Verdict]], inputs: Sequence[Tensor]) -> bool:
    """Whether a join fails for every size, in open sizes that cropping makes equal: those of axis 2 and after."""
    if not all(v.truth == "never" for _, v in failed) or not any(isinstance(n.left - n.right, Dim) for n, _ in failed):
        return False
    own = op.__dict__.get("axis")
    first = inputs[0].type.dims
    return all(t.type.dims[i] == first[i] for t in inputs for i in (0, 1) if i != own and i < len(first))


def _edits(op: Op, failed: list[tuple[Need, Verdict]], inputs: Sequence[Tensor], span: Span) -> tuple[Edit, ...]:
    """Cropping where a concatenation never fits."""
    if type(op).__name__ != "concat" or not _spatial(op, failed, inputs) or not span.text.endswith(")"):
        return ()
    end = Span(span.source, span.end - 1, span.end - 1)
    return (Edit(end, 'align="center"' if span.text.endswith("()") else ', align="center"'),)


def _check_least(need: Need, op: Op, inputs: Sequence[Tensor], frame: Frame, span: Span, edits: Edits) -> None:
    """A size that must be large enough: a minimum of the network's inputs, or an error where none is."""
    verdict, session = _decided(need, "fit", op, inputs, frame, span), frame.session
    if verdict.truth == "never":
        mistake("NS304", need.message, span, related=operand_labels(inputs, span), help=need.help,
                edits=edits(need.change))  # fmt: skip
    if verdict.truth != "always" and not verdict.minimum:
        session.checks.setdefault(_condition(need), span)
    for symbol, least in verdict.minimum.items():
        if least > session.minimums.get(symbol, (1, span))[0]:
            session.minimums[symbol] = (least, span)
