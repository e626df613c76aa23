"""Decisions about open sizes, paid for."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.dims import EVERYWHERE, Condition, Dim, Domain, Size, Verdict, decide
from netspec.elaborate.session import Session
from netspec.source import Span


def decided(condition: Condition, span: Span, session: Session, domain: Domain = EVERYWHERE) -> Verdict:
    """What is true of a condition; long sizes take more than short ones, and cost more."""
    charge_sizes((condition.left, condition.right), span, session)
    return decide(condition, domain)


def charge_sizes(sizes: Iterable[Size], span: Span, session: Session) -> None:
    """Pay for open sizes by their length: what is done with them takes about its square."""
    for size in sizes:
        if isinstance(size, Dim):
            session.charge(span, (len(str(size)) // 8) ** 2)
