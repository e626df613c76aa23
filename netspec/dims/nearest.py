"""The sizes nearest to one that does not fit."""

from __future__ import annotations

from typing import NamedTuple

from netspec.dims.claims import claim_of
from netspec.dims.domain import Condition
from netspec.dims.form import symbols_of
from netspec.dims.tables import tabulate


class Progression(NamedTuple):
    """The sizes ``least``, ``least + step``, ``least + 2*step``, ... of one open size.

    >>> Progression("H", 16, 16).around(250)
    (240, 256)
    """

    name: str
    step: int
    least: int

    def around(self, size: int) -> tuple[int | None, int]:
        """The greatest of them that is no greater than a size, if there is one, and the least that is no less."""
        if size <= self.least:
            return (self.least if size == self.least else None), self.least
        over = (size - self.least) % self.step
        return size - over, size - over + (self.step if over else 0)


def progression(condition: Condition) -> Progression | None:
    """Of which sizes a condition holds, where these are evenly spaced and without end; None of others.

    >>> from netspec.dims import symbol
    >>> progression(Condition(symbol("H") % 16, "==", 0))
    Progression(name='H', step=16, least=16)
    """
    names = symbols_of(condition.left) | symbols_of(condition.right)
    if len(names) != 1:
        return None
    (name,) = names
    table = tabulate(claim_of(condition), [], name)
    if table is None or not table.settled():
        return None
    residues = [first for first, runs in enumerate(table.runs, 1) if runs[0][1]]
    return Progression(name, table.step, residues[0]) if len(residues) == 1 and table.step > 1 else None
