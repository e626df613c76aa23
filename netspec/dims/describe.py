"""In words where a condition on one size holds: ``H % 16 == 0``, ``H >= 33``, ``H in (1, 3)``."""

from __future__ import annotations

from math import gcd
from typing import Final, NamedTuple

from netspec.dims.tables import Stretch, Table

#: Lists of more sizes, or more remainders, are not written.
LIST_LIMIT: Final = 12


class Scale(NamedTuple):
    """The size that users know: ``factor * k + offset`` of the k = 1, 2, 3, ... that a table counts."""

    name: str
    factor: int = 1
    offset: int = 0

    def of(self, k: int) -> int:
        return self.factor * k + self.offset


class Description(NamedTuple):
    """A Python condition that is true exactly where it should be, among the sizes admitted.

    ``minimum`` is the size from which on it holds, where it holds exactly from some size on.
    """

    text: str
    minimum: int | None = None


def describe(table: Table, scale: Scale) -> Description | None:
    """Where a table says True; None where that takes too long a text.

    In the long run a residue has one state, its tail; the tails make a pattern of remainders. Of the other sizes,
    finitely many, ``extra`` are True against the pattern and ``missing`` False.
    """
    tails = [_tail(runs) for runs in table.runs]
    if table.settled():
        pattern = _pattern(tails, table.step, scale)
        return None if pattern is None else Description(pattern)
    others = [s for s in table.stretches(True, False) if s.state is not tails[s.first - 1]]
    extra, missing = [s for s in others if s.state], [s for s in others if not s.state]
    regular = [s for s in table.stretches(True) if tails[s.first - 1]]
    pattern = _pattern(tails, table.step, scale)
    above, least = _without(missing, regular, table, scale) if missing else ("", None)
    beside = _among(extra, table, scale) if extra else ""
    if pattern is None or above is None or beside is None:
        return None
    return Description(_combined(pattern, above, beside), least if pattern == "True" else None)


def _combined(pattern: str, above: str, beside: str) -> str:
    if pattern == "True":
        return above or pattern
    if pattern == "False":
        return beside or pattern
    bracketed = f"({above})" if " or " in above else above
    regular = f"{pattern} and {bracketed}" if above else pattern
    return f"{regular} or {beside}" if beside else regular


def _tail(runs: list[tuple[int, bool | None]]) -> bool | None:
    """The state of the last admitted sizes of a residue; None where none are admitted."""
    return next((state for _, state in reversed(runs) if state is not None), None)


def _pattern(tails: list[bool | None], step: int, scale: Scale) -> str | None:
    states = {state for state in tails if state is not None}
    if len(states) < 2:
        return str(states != {False})
    length = _shortest(tails, step)
    modulus = scale.factor * length // _foreign(scale.factor, length)
    remainders = {
        state: {scale.of(k) % modulus for k, s in enumerate(tails, 1) if s is state} for state in (True, False)
    }
    words = _of_remainders(sorted(remainders[True]), sorted(remainders[False]))
    return words and f"{scale.name} % {modulus} {words}"


def _of_remainders(yes: list[int], no: list[int]) -> str | None:
    """``== 0``, ``!= 3``, ``< 8``, ``in (1, 4, 6)``; None where the list is too long."""
    if len(yes) > 1 and len(no) > 1:
        if yes[-1] < no[0]:
            return f"< {no[0]}"
        if no[-1] < yes[0]:
            return f">= {yes[0]}"
    if min(len(yes), len(no)) > LIST_LIMIT:
        return None
    return _outside(no) if len(yes) > 1 and len(no) < len(yes) else _inside(yes)


def _shortest(tails: list[bool | None], step: int) -> int:
    """The shortest period of the tails, as far as they are known.

    Two periods have their greatest common divisor as a period too, so that taking prime factors away one by one leads
    to the shortest.
    """
    length = step
    for prime in _primes(step):
        while length % prime == 0 and _repeats(tails, length // prime):
            length //= prime
    return length


def _repeats(tails: list[bool | None], length: int) -> bool:
    seen: dict[int, bool] = {}
    return all(seen.setdefault(i % length, state) is state for i, state in enumerate(tails) if state is not None)


def _primes(number: int) -> list[int]:
    """The prime factors of a number within the limit of periods."""
    primes, divisor = [], 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            primes.append(divisor)
            while number % divisor == 0:
                number //= divisor
        divisor += 1
    return primes + [number] * (number > 1)


def _foreign(factor: int, length: int) -> int:
    """The part of a factor that shares no prime with length.

    ``k % length`` follows from ``x % (factor * length / part)``, where ``x = factor*k + offset``: the part is
    invertible modulo length.
    """
    while (shared := gcd(factor, length)) > 1:
        factor //= shared
    return factor


def _without(
    missing: list[Stretch], regular: list[Stretch], table: Table, scale: Scale
) -> tuple[str | None, int | None]:
    """A text that is false for the missing sizes, and the least size if it says ``>=`` and nothing else."""
    name, (low, high) = scale.name, _ends(missing, table)
    below, above = _split(regular, high, table)
    if not below:
        return f"{name} >= {scale.of(above)}", scale.of(above)
    left_out, put_in = _listed(missing, table, scale), _listed(below, table, scale)
    if put_in and not 0 < len(left_out) <= len(put_in):
        return f"{name} >= {scale.of(above)} or {name} {_inside(put_in)}", None
    if left_out:
        return f"{name} {_outside(left_out)}", None
    if not table.has_within(True, low, high):
        return f"{name} < {scale.of(low)} or {name} > {scale.of(high)}", None
    return None, None


def _among(extra: list[Stretch], table: Table, scale: Scale) -> str | None:
    """A text that is true for the extra sizes, and no other that should not be."""
    name, (low, high) = scale.name, _ends(extra, table)
    put_in = _listed(extra, table, scale)
    if len(put_in) == 1:
        return f"{name} == {put_in[0]}"
    between, _ = _split(list(table.stretches(False)), high, table)
    if not between:
        return f"{name} <= {scale.of(high)}"
    if not table.has_within(False, low, high):
        return f"{scale.of(low)} <= {name} <= {scale.of(high)}"
    left_out = _listed(between, table, scale)
    if left_out and not 0 < len(put_in) <= len(left_out):
        return f"{name} <= {scale.of(high)} and {name} {_outside(left_out)}"
    return f"{name} {_inside(put_in)}" if put_in else None


def _inside(sizes: list[int]) -> str:
    return f"== {sizes[0]}" if len(sizes) == 1 else f"in {tuple(sizes)}"


def _outside(sizes: list[int]) -> str:
    return f"!= {sizes[0]}" if len(sizes) == 1 else f"not in {tuple(sizes)}"


def _split(stretches: list[Stretch], size: int, table: Table) -> tuple[list[Stretch], int]:
    """The stretches as far as one size, and the least size above that they have; the size itself if none."""
    below, above = [], []
    for s in stretches:
        end = (size - s.first) // table.step
        if s.low <= end:
            below.append(s._replace(high=end if s.high is None else min(end, s.high)))
        if s.high is None or s.high > end:
            above.append(s.first + table.step * max(s.low, end + 1))
    return below, min(above, default=size)


def _ends(stretches: list[Stretch], table: Table) -> tuple[int, int]:
    """The least and the greatest size of finite stretches."""
    low = min(s.first + table.step * s.low for s in stretches)
    return low, max(s.first + table.step * (s.high or 0) for s in stretches)


def _listed(stretches: list[Stretch], table: Table, scale: Scale) -> list[int]:
    """The sizes of finite stretches; none where they are too many to write."""
    if sum((s.high or 0) - s.low + 1 for s in stretches) > LIST_LIMIT:
        return []
    return sorted(scale.of(s.first + table.step * t) for s in stretches for t in range(s.low, (s.high or 0) + 1))
