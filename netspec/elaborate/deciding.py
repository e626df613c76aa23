"""Decisions about open sizes, paid for."""

from __future__ import annotations

from netspec.dims import EVERYWHERE, Condition, Dim, Domain, Verdict, decide
from netspec.elaborate.session import Session
from netspec.source import Span


def decided(condition: Condition, span: Span, session: Session, domain: Domain = EVERYWHERE) -> Verdict:
    """What is true of a condition; long sizes take more than short ones, and cost more."""
    for size in (condition.left, condition.right):
        if isinstance(size, Dim):
            session.charge(span, (len(str(size)) // 8) ** 2)
    return decide(condition, domain)
