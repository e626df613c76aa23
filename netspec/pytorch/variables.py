"""Which variable of a ``forward`` holds which tensor, and until when."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.graph import Ref
from netspec.pytorch.names import USED_NAMES, identifier, numbered

#: For tensors that the spec does not name.
ANONYMOUS = ("x", "y", "z")


class Variables:
    """Gives a variable to each tensor: by the spec's name where it has one, reused when the old value is read no more.

    ``bound`` are the names that the spec uses in this definition; anonymous tensors keep off them, but for ``x``.
    ``last`` is, for each tensor that is read, the last line that reads it.
    """

    def __init__(self, bound: Iterable[str], reserved: Iterable[str]) -> None:
        self.reserved = USED_NAMES | set(reserved)
        self.bound = {identifier(n) for n in bound}
        self.last: dict[Ref, int] = {}
        self._held: dict[str, Ref | None] = {}
        self._variable: dict[Ref, str] = {}

    def __getitem__(self, ref: Ref) -> str:
        return self._variable[ref]

    def release(self, line: int) -> None:
        """Free the variables of tensors that no line after this one reads."""
        self._held = {name: ref for name, ref in self._held.items() if ref is None or self.last.get(ref, -1) > line}

    def assign(self, ref: Ref, wanted: str | None) -> str:
        """The variable of a new tensor."""
        name = self._anonymous() if wanted is None else self._free(identifier(wanted))
        self._held[name] = ref
        self._variable[ref] = name
        return name

    def pin(self, wanted: str) -> str:
        """A variable that keeps its value to the end."""
        name = self._free(wanted)
        self._held[name] = None
        return name

    def is_free(self, wanted: str) -> bool:
        name = identifier(wanted)
        return name not in self.reserved and name not in self._held

    def _free(self, name: str) -> str:
        return name if self.is_free(name) else numbered(name, self.reserved | set(self._held))

    def _anonymous(self) -> str:
        first, *others = ANONYMOUS
        free = [first] if self.is_free(first) else [n for n in others if self.is_free(n) and n not in self.bound]
        return free[0] if free else self._free(first)
