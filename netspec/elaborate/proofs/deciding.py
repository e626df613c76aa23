"""Decisions about open sizes, paid for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netspec.dims import EVERYWHERE, Condition, Dim, Domain, Size, Verdict, decide
from netspec.elaborate.session import Session
from netspec.source import Span

#: So many parts of sizes that a decision looks at cost one step of elaboration.
EFFORT_PER_STEP: Final = 10


def decided(condition: Condition, span: Span, session: Session, domain: Domain = EVERYWHERE) -> Verdict:
    """What is true of a condition; long sizes and long periods take more than short ones, and cost more."""
    charge_sizes((condition.left, condition.right), span, session)
    verdict = decide(condition, domain)
    if condition not in session.decided:
        session.decided.add(condition)
        session.charge(span, verdict.effort // EFFORT_PER_STEP)
    return verdict


def charge_sizes(sizes: Iterable[Size], span: Span, session: Session) -> None:
    """Pay for open sizes by their length: what is done with them takes about its square."""
    for size in sizes:
        if isinstance(size, Dim):
            session.charge(span, (len(str(size)) // 8) ** 2)
