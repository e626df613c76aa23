"""Whether a condition holds for all sizes that a contract admits, and for which.

Of one symbol everything is decided, within `EVALUATIONS_LIMIT` (`tables`). Of several, what `several` can prove; for
the rest small sizes are tried, and "always" and "never" are not claimed.
"""

from __future__ import annotations

from functools import lru_cache

from netspec.dims.contracts import contract_of
from netspec.dims.domain import EVERYWHERE, Condition, Domain
from netspec.dims.nodes import SizeTooLarge
from netspec.dims.question import Question
from netspec.dims.tables import EVALUATIONS_LIMIT
from netspec.dims.verdicts import Verdict


def decide(condition: Condition, domain: Domain = EVERYWHERE) -> Verdict:
    """Whether a condition holds for all sizes of a domain, and for which it does.

    In a domain that admits no sizes every condition holds always.

    >>> from netspec.dims import symbol
    >>> H = symbol("H")
    >>> decide(Condition(2 * (H // 2), "==", H))
    Verdict(truth='sometimes', holds='H % 2 == 0', counterexample={'H': 1}, minimum={})
    >>> decide(Condition(2 * (H // 2), "==", H), Domain((Condition(H % 4, "==", 0),))).truth
    'always'
    >>> decide(Condition((H - 32) // 2 + 1, ">=", 1)).minimum
    {'H': 32}
    """
    found = _decided(condition, domain)
    counterexample = None if found.counterexample is None else dict(found.counterexample)
    return Verdict(found.truth, found.holds, counterexample, dict(found.minimum), found.lasting, found.effort)


@lru_cache(1024)
def _decided(condition: Condition, domain: Domain) -> Verdict:
    try:
        contract = contract_of(domain)
        return Verdict("always", "True") if contract.empty else Question(condition, contract).answer()
    except (SizeTooLarge, ZeroDivisionError):
        return Verdict("unknown", str(condition), effort=EVALUATIONS_LIMIT)
