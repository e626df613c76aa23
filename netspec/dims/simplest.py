"""Sizes as short as a contract lets them be written: ``16*floor(H/16)`` is H where ``H % 16 == 0``."""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd

from netspec.dims.algebra import symbol
from netspec.dims.atoms import Monomial, Symbol
from netspec.dims.contracts import contract_of
from netspec.dims.domain import Domain
from netspec.dims.form import Dim, Size
from netspec.dims.quotient import floor_div


def simplest(size: Size, domain: Domain) -> Size:
    """A size, or what it always is in a domain where that is shorter and a sum of symbols.

    >>> from netspec.dims import Condition, symbol
    >>> H = symbol("H")
    >>> simplest(16 * (H // 16) + 2, Domain((Condition(H % 16, "==", 0),)))
    H + 2
    """
    if isinstance(size, int) or not domain.conditions:
        return size
    contract = contract_of(domain)
    if contract.empty:
        return size
    found = _restored(contract.replaced(size), contract.sizes)
    return size if found is None or len(str(found)) >= len(str(size)) else found


def _restored(size: Size, sizes: Mapping[str, Size]) -> Size | None:
    """A sum of a contract's symbols in those of the user; None of anything else."""
    if isinstance(size, int):
        return size
    total: Size = size.constant
    for monomial, coefficient in size.terms:
        name = _alone(monomial)
        theirs = sizes.get(name, symbol(name)) if name else None
        if not isinstance(theirs, Dim) or len(theirs.terms) != 1 or _alone(theirs.terms[0][0]) != name:
            return None
        factor, offset = theirs.terms[0][1], theirs.constant  # the user's size is factor * k + offset
        shared = gcd(coefficient, factor)
        total += coefficient // shared * floor_div(symbol(name) - offset, factor // shared)
    return total


def _alone(monomial: Monomial) -> str:
    """The name of a monomial that is one symbol."""
    return monomial[0].name if len(monomial) == 1 and isinstance(monomial[0], Symbol) else ""
