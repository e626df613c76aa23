"""Immutable nodes of which one copy exists."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, NoReturn, TypeVar, cast
from weakref import WeakValueDictionary

#: A size raises `SizeTooLarge` when, written out, it has more parts than this,
PARTS_LIMIT: Final = 1_000
#: or is nested deeper than this,
DEPTH_LIMIT: Final = 100
#: or holds a number of more bits than this.
BITS_LIMIT: Final = 1_024


class SizeTooLarge(ArithmeticError):
    """A symbolic size has outgrown the limits of `netspec.dims`."""


class Node:
    """A node that `interned` makes once and nothing changes: ``==`` and ``hash`` are those of identity.

    ``weight`` counts its parts, ``depth`` its levels; ``symbols`` are the names of its open sizes.
    """

    __slots__ = ("__weakref__", "_key", "depth", "symbols", "weight")
    symbols: frozenset[str]
    weight: int
    depth: int
    _key: str

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def parts(self) -> tuple[object, ...]:
        """The arguments that make this node."""
        raise NotImplementedError

    def spelled(self) -> str:
        """A text that no other node of its kind has."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        """`spelled`, remembered: it orders nodes the same way in every run."""
        try:
            return self._key
        except AttributeError:
            put(self, "_key", self.spelled())
            return self._key

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return interned, (type(self), *self.parts())

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, memo: object) -> Node:
        return self

    def measured(self, symbols: frozenset[str], weight: int, depth: int) -> None:
        """Note what the node is made of. Raises `SizeTooLarge`."""
        if weight > PARTS_LIMIT:
            raise SizeTooLarge(f"a symbolic size has more than {PARTS_LIMIT} parts")
        if depth > DEPTH_LIMIT:
            raise SizeTooLarge(f"a symbolic size is nested deeper than {DEPTH_LIMIT}")
        put(self, "symbols", symbols)
        put(self, "weight", weight)
        put(self, "depth", depth)


put = object.__setattr__
_Kind = TypeVar("_Kind", bound=Node)
_copies: WeakValueDictionary[Hashable, Node] = WeakValueDictionary()
_lock = Lock()


def interned(kind: type[_Kind], *parts: Any) -> _Kind:
    """The one copy of this kind of node with these parts."""
    found = _copies.get((kind, parts))
    return cast(_Kind, _kept((kind, parts), kind(*parts)) if found is None else found)


def interned_as(key: Hashable, kind: type[_Kind], *parts: Any) -> _Kind:
    """The one copy under this key, made from these parts if there is none."""
    found = _copies.get(key)
    return cast(_Kind, _kept(key, kind(*parts)) if found is None else found)


def _kept(key: Hashable, made: Node) -> Node:
    with _lock:  # of two threads that make the same node at once, the first one wins
        return _copies.setdefault(key, made)


def live() -> int:
    """How many nodes exist now."""
    return len(_copies)


def check_bits(*numbers: int) -> None:
    """Raise `SizeTooLarge` if a number has more than `BITS_LIMIT` bits."""
    for number in numbers:
        if number.bit_length() > BITS_LIMIT:
            raise SizeTooLarge(f"a symbolic size holds a number of more than {BITS_LIMIT} bits")
