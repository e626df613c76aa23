"""What must hold of a network's open sizes, noted where it is met and settled at the network's end (`proofs`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netspec.diagnostics import Diagnostic
from netspec.dims import EVERYWHERE, Condition, Verdict, decide
from netspec.elaborate.session import Session
from netspec.graph import Requirement
from netspec.source import Span


@dataclass(frozen=True, slots=True)
class Obligation:
    """Sizes that one join needs to be equal, or what one block's contract demands, not proven when it was met.

    ``conditions`` stand with what is wrong where they fail, in words. ``diagnostic`` is what to say if the network's
    contract does not settle it, less for which sizes it holds and what helps; ``remedy`` is a help beside a contract.
    """

    conditions: tuple[tuple[Condition, str], ...]
    diagnostic: Diagnostic
    remedy: str = ""


def note(condition: Condition, verdict: Verdict, what: str, span: Span, session: Session, kind: str) -> None:
    """Remember a condition that may not hold for every size there is; ``verdict`` is that under the contract."""
    if verdict.truth == "always" and session.domain is EVERYWHERE:
        return
    if condition not in session.requirements:
        session.requirements[condition] = Requirement(condition, kind, what, span, session.trail)  # type: ignore[arg-type]


def may_hold(condition: Condition, verdict: Verdict) -> bool:
    """Whether a contract could settle a condition: it holds for more than a few sizes, or nothing is known of it.

    ``H == ceil(H/2)`` holds for H = 1 only, which nobody means.
    """
    if verdict.truth == "never":
        return False
    free = decide(condition)
    return free.truth == "unknown" or (free.truth == "sometimes" and free.lasting)


def defer(
    conditions: Sequence[tuple[Condition, str]], diagnostic: Diagnostic, session: Session, remedy: str = ""
) -> None:
    """Leave conditions to the end of the network, where all of it is known."""
    session.obligations.append(Obligation(tuple(conditions), replace(diagnostic, trail=session.trail), remedy))
    session.meet(diagnostic)
