"""``where`` clauses: facts for the network's proofs, demands on the callers of a block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from netspec.diagnostics import Diagnostic, Edit, Help, Label, appended, mistake
from netspec.dims import Condition, Dim, Domain, decide
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.proofs.deciding import decided
from netspec.elaborate.proofs.obligations import defer, note
from netspec.elaborate.scopes import children
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import compare, is_int
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import UNKNOWN
from netspec.elaborate.values.words import bounded, kind, show
from netspec.graph import Contract
from netspec.source import Span
from netspec.syntax import ast

#: Holds nowhere: what is "always" true of it is a domain without sizes.
_NEVER = Condition(1, "==", 2)


def run_contracts(statement: ast.Input, draft: Draft, frame: Frame) -> None:
    """The ``where`` clauses of an input."""
    open_: list[tuple[Condition, Span]] = []
    for clause in statement.where:
        for condition in _conditions(clause, draft, frame):
            if draft.given is None:
                _admit(condition, clause.span, frame)
            elif not _is_proven(condition, clause.span, draft, frame):
                open_.append((condition, clause.span))
            draft.contracts.append(Contract(_text(condition, clause, frame), condition, statement.name, clause.span))
    if open_:
        _demand(open_, draft, frame)


def _text(condition: Condition, clause: ast.Expr, frame: Frame) -> str:
    """A clause of one comparison of open sizes as it is written; else its condition with what its names stand for."""
    simple = isinstance(clause, ast.Compare) and len(clause.ops) == 1
    own = simple and all(name.id in frame.session.symbols for name in _names(clause))
    return " ".join(clause.span.text.split()) if own else str(condition)


def _admit(condition: Condition, span: Span, frame: Frame) -> None:
    """Let the network's proofs use a condition."""
    session = frame.session
    session.domain = Domain((*session.domain.conditions, condition))
    if decide(_NEVER, session.domain).truth == "always":
        mistake("NS213", "no size satisfies the contract", span, "with this")


def _is_proven(condition: Condition, span: Span, draft: Draft, frame: Frame) -> bool:
    """Whether a block's condition follows from the network's contract; one that never holds is refused."""
    session = frame.session
    verdict = decided(condition, span, session, session.domain)
    where = draft.call or span
    note(condition, verdict, draft.name, where, session, "demand")
    if verdict.truth == "never":
        mistake("NS302", f"`{bounded(str(condition))}` never holds here", where,
                related=[Label(span, f"`{draft.name}` demands it")])  # fmt: skip
    return verdict.truth == "always"


def _demand(conditions: Sequence[tuple[Condition, Span]], draft: Draft, frame: Frame) -> None:
    """A block's conditions must follow from the network's contract, of which all is known at its end."""
    spans = list(dict.fromkeys(span for _, span in conditions))
    texts = [bounded(" ".join(span.text.split())) for span in spans]
    related = tuple(Label(span, f"`{draft.name}` demands it") for span in spans)
    message = f"{' and '.join(f'`{t}`' for t in texts)} {'is' if len(texts) == 1 else 'are'} not proven here"
    diagnostic = Diagnostic("NS302", message, Label(draft.call or conditions[0][1]), related)
    defer([(condition, bounded(str(condition))) for condition, _ in conditions], diagnostic, frame.session)


def _conditions(clause: ast.Expr, draft: Draft, frame: Frame) -> list[Condition]:
    """The conditions on open sizes that a clause states; one without open sizes must hold at once."""
    if isinstance(clause, ast.BoolOp) and clause.op == "and":
        return [c for o in clause.operands for c in _conditions(o, draft, frame)]
    if not isinstance(clause, ast.Compare):
        mistake(
            "NS106",
            "a contract is a comparison of sizes",
            clause.span,
            help=_compared(clause),
        )
    _check_sizes_alone(clause)
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


def _compared(clause: ast.Expr) -> str:
    """``H % 32`` without what it is compared with."""
    if isinstance(clause, ast.Binary) and clause.op == "%":
        return Help(f"compare it: `{bounded(clause.span.text)} == 0`", appended(clause.span, " == 0"))
    return "`where H % 32 == 0, T >= 4`: all must hold"


def _check_sizes_alone(clause: ast.Compare) -> None:
    """Each size is compared by itself: ``(H, W) % 16 == 0`` is two conditions."""
    first = clause.operands[0]
    listed = first.left if isinstance(first, ast.Binary) else first
    if not isinstance(listed, ast.List) or len(clause.ops) != 1 or clause.ops[0] in ("in", "not in"):
        return
    rest = clause.span.source.text[listed.span.end : clause.span.end]
    each = ", ".join(f"{item.span.text}{rest}" for item in listed.items)
    help_ = Help(f"`{each}`", Edit(clause.span, each))
    mistake("NS106", "a contract compares sizes one by one", listed.span, help=help_)


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
        mistake("NS207", f"a contract compares sizes with sizes or ints, not {what}", span,
                help="say what the sizes have in common: `H % 32 == 0, H <= 256`")  # fmt: skip
    return Condition(left, op, right)
