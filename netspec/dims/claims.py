"""Conditions brought to one of three forms: a gap is zero, is not zero, or is not negative."""

from __future__ import annotations

from math import gcd
from typing import Literal, NamedTuple

from netspec.dims.algebra import collect, of_atom
from netspec.dims.atoms import Atom, Floor
from netspec.dims.bounds import at_least, bounds
from netspec.dims.domain import Condition
from netspec.dims.form import Dim, Size

Sign = Literal["==", "!=", ">="]


class Claim(NamedTuple):
    """``gap sign 0``."""

    gap: Size
    sign: Sign

    def holds_at(self, value: int) -> bool:
        """Whether it holds where the gap is this number."""
        return value >= 0 if self.sign == ">=" else (value == 0) == (self.sign == "==")


def claim_of(condition: Condition) -> Claim:
    """The claim that a condition makes of whole numbers: ``a < b`` is ``b - a - 1 >= 0``."""
    left, right = condition.left, condition.right
    match condition.relation:
        case "==" | "!=":
            return Claim(left - right, condition.relation)
        case ">=" | "<=":
            return Claim(left - right if condition.relation == ">=" else right - left, ">=")
        case _:
            return Claim((left - right if condition.relation == ">" else right - left) - 1, ">=")


def simplified(claim: Claim) -> Claim | bool:
    """An equivalent claim that is easier to decide; a bool where it is decided.

    * ``g*x + c >= 0`` is ``x + floor(c/g) >= 0``; ``g*x + c == 0`` needs ``g | c``, and is ``x + c/g == 0``.
    * ``floor(N/d) + c >= 0`` is ``N + c*d >= 0``; ``c - floor(N/d) >= 0`` is ``c*d + d - 1 - N >= 0``;
    * ``floor(N/d) + c == 0`` puts ``y = N + c*d`` within 0 .. d-1, where alone ``y*(d - 1 - y) >= 0``.
    * a factor of all terms that is at least 1 everywhere leaves.
    """
    while isinstance(claim.gap, Dim):
        verdict = _by_bounds(claim)
        if verdict is not None:
            return verdict
        smaller = _without_content(claim)
        if isinstance(smaller, Claim):
            smaller = _without_floor(_without_factor(smaller))
        if smaller == claim:
            return claim
        if isinstance(smaller, bool):
            return smaller
        claim = smaller
    return claim.holds_at(claim.gap)


def _by_bounds(claim: Claim) -> bool | None:
    low, high = bounds(claim.gap)
    positive, negative = low is not None and low > 0, high is not None and high < 0
    if claim.sign == ">=":
        return True if low is not None and low >= 0 else False if negative else None
    return claim.sign == "!=" if positive or negative else None


def _without_content(claim: Claim) -> Claim | bool:
    gap = claim.gap
    assert isinstance(gap, Dim)
    content = gcd(*(c for _, c in gap.terms))
    constant, rest = divmod(gap.constant, content)
    if rest and claim.sign != ">=":
        return claim.sign == "!="
    if claim.sign != ">=" and gap.terms[0][1] < 0:
        content, constant = -content, -constant
    return Claim(collect(constant, {m: c // content for m, c in gap.terms}), claim.sign)


def _without_factor(claim: Claim) -> Claim:
    gap = claim.gap
    if not isinstance(gap, Dim):
        return claim
    factor = common_factor(gap)
    if factor is None or not at_least(of_atom(factor), 1):
        return claim
    return _without_factor(Claim(cofactor(gap, factor), claim.sign))


def common_factor(gap: Dim) -> Atom | None:
    """A factor of all terms: one that is at least 1 everywhere rather than another; None if there is none."""
    if gap.constant:
        return None
    shared = [atom for atom in gap.terms[0][0] if all(atom in monomial for monomial, _ in gap.terms)]
    return next((atom for atom in shared if at_least(of_atom(atom), 1)), shared[0] if shared else None)


def cofactor(gap: Dim, factor: Atom) -> Size:
    """The gap divided by a factor of all its terms."""
    coefficients = {}
    for monomial, coefficient in gap.terms:
        i = monomial.index(factor)
        coefficients[monomial[:i] + monomial[i + 1 :]] = coefficient
    return collect(coefficients.pop((), 0), coefficients)


def _without_floor(claim: Claim) -> Claim:
    gap = claim.gap
    if not isinstance(gap, Dim) or len(gap.terms) > 1 or len(gap.terms[0][0]) > 1:
        return claim
    ((atom,), coefficient), constant = gap.terms[0], gap.constant
    if not isinstance(atom, Floor) or coefficient not in (1, -1):
        return claim
    d = atom.divisor
    if claim.sign == ">=":
        room = constant * d if coefficient == 1 else (constant + 1) * d - 1
        return Claim(atom.numerator * coefficient + room, ">=")
    if len(gap.symbols) > 1 or any(len(monomial) > 1 for monomial, _ in atom.numerator.terms):
        return claim
    over = atom.numerator + coefficient * constant * d
    inside = over * (d - 1 - over)
    return Claim(inside if claim.sign == "==" else -inside - 1, ">=")
