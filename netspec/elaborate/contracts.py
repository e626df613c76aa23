"""``where`` clauses: facts for the network's proofs, demands on the callers of a block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netspec.diagnostics import Label, mistake
from netspec.dims import Condition, Dim, Domain, decide
from netspec.elaborate.comparing import compare, is_int
from netspec.elaborate.deciding import decided
from netspec.elaborate.draft import Draft
from netspec.elaborate.evaluation import evaluate
from netspec.elaborate.scopes import children
from netspec.elaborate.session import Frame
from netspec.elaborate.values import UNKNOWN
from netspec.elaborate.words import bounded, kind, show
from netspec.graph import Contract
from netspec.source import Span
from netspec.syntax import ast

#: Holds nowhere: what is "always" true of it is a domain without sizes.
_NEVER = Condition(1, "==", 2)


def run_contracts(statement: ast.Input, draft: Draft, frame: Frame) -> None:
    """The ``where`` clauses of an input."""
    for clause in statement.where:
        for condition in _conditions(clause, draft, frame):
            if draft.given is None:
                _admit(condition, clause.span, frame)
            else:
                _demand(condition, clause.span, draft, frame)
            draft.contracts.append(Contract(clause.span.text, condition, statement.name, clause.span))


def _admit(condition: Condition, span: Span, frame: Frame) -> None:
    """Let the network's proofs use a condition."""
    session = frame.session
    session.domain = Domain((*session.domain.conditions, condition))
    if decide(_NEVER, session.domain).truth == "always":
        mistake("NS213", "no size satisfies the contract", span, "with this")


def _demand(condition: Condition, span: Span, draft: Draft, frame: Frame) -> None:
    """A block's condition must follow from the network's contract."""
    verdict = decided(condition, span, frame.session, frame.session.domain)
    if verdict.truth == "always":
        return
    where = draft.call or span
    related = [Label(span, f"`{draft.name}` demands it")]
    if verdict.truth == "never":
        mistake("NS302", f"`{bounded(str(condition))}` never holds here", where, related=related)
    holds = verdict.holds if verdict.truth == "sometimes" else str(condition)
    mistake("NS302", f"`{bounded(str(condition))}` is not proven here", where, related=related,
            help=f"admit only such sizes: `where {bounded(holds)}` at the network's input")  # fmt: skip


def _conditions(clause: ast.Expr, draft: Draft, frame: Frame) -> list[Condition]:
    """The conditions on open sizes that a clause states; one without open sizes must hold at once."""
    if isinstance(clause, ast.BoolOp) and clause.op == "and":
        return [c for o in clause.operands for c in _conditions(o, draft, frame)]
    if not isinstance(clause, ast.Compare):
        mistake(
            "NS106",
            "a contract is a comparison of sizes",
            clause.span,
            help="`where H % 32 == 0, T >= 4`: all must hold",
        )
    values = [evaluate(o, frame) for o in clause.operands]
    if any(v is UNKNOWN for v in values):
        return []
    found: list[Condition] = []
    for op, left, right in zip(clause.ops, values, values[1:], strict=False):
        if isinstance(left, Dim) or isinstance(right, Dim):
            found.append(_condition(op, left, right, clause.span))
        elif not compare(op, left, right, clause.span, frame.session):
            _refuse_known(clause, draft, frame)
    return found


def _refuse_known(clause: ast.Compare, draft: Draft, frame: Frame) -> None:
    """A clause without open sizes that does not hold."""
    names = {n.id: frame.names[n.id] for n in _names(clause) if n.id in frame.names}
    values = ", ".join(f"{name} is {show(value)}" for name, value in names.items())
    if draft.given is None or draft.call is None:
        mistake("NS208", f"`{clause.span.text}` does not hold", clause.span, values)
    mistake("NS302", f"`{clause.span.text}` does not hold here", draft.call, values,
            related=[Label(clause.span, f"`{draft.name}` demands it")])  # fmt: skip


def _names(node: ast.Node) -> Iterator[ast.Name]:
    if isinstance(node, ast.Name):
        yield node
    for child in children(node):
        yield from _names(child)


def _condition(op: Any, left: Any, right: Any, span: Span) -> Condition:
    wrong = next((v for v in (left, right) if not isinstance(v, Dim) and not is_int(v)), None)
    if op in ("in", "not in") or wrong is not None:
        what = f"`{op}`" if wrong is None else kind(wrong)
        mistake("NS207", f"a contract compares sizes with sizes or ints, not {what}", span)
    return Condition(left, op, right)
