"""Values in words, as messages and strings show them."""

from __future__ import annotations

from netspec.dims import Dim
from netspec.elaborate.program import BlockRef
from netspec.elaborate.values.kinds import Family, Labelled, Part, Repetition, Table, Tensor, Unknown, Value

#: What a value is, in a user's words; the first type that fits.
_KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "None"), (bool, "a bool"), (int, "an int"), (float, "a float"), (str, "a string"), (tuple, "a list"),
    (Table, "a dict"), (Dim, "an open size"), (Repetition, "a repeated step"), (Tensor, "a tensor"),
    (Family, "a family of tensors"), (Labelled, "a labelled step"),
)  # fmt: skip


def kind(value: Value) -> str:
    """What a value is: ``a list``, ``the block ConvModule``."""
    if isinstance(value, Part):
        return f"the {'block' if isinstance(value.target, BlockRef) else 'op'} `{value.name}`"
    return next((text for type_, text in _KINDS if isinstance(value, type_)), "a value")


def show(value: Value, limit: int = 60) -> str:
    """A value as the language writes it, cut to about ``limit`` characters."""
    return bounded(_shown(value, limit), limit)


def _shown(value: Value, limit: int) -> str:
    if isinstance(value, tuple):
        items = _items(value, limit)
        return f"({', '.join(items)}{',' if len(value) == 1 else ''})"
    if isinstance(value, str):
        escaped = value[: limit + 1].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Table):
        return "{" + ", ".join(_items([_Pair(k, v) for k, v in value.pairs[: limit + 1]], limit)) + "}"
    if isinstance(value, _Pair):
        return f"{show(value.key, limit)}: {show(value.value, limit)}"
    if isinstance(value, Part):
        bound = [_Bound(k, v) for k, v in value.bound[: limit + 1]]
        return f"{value.name}({', '.join(_items(bound, limit))})" if bound else value.name
    if isinstance(value, _Bound):
        return f"{value.name}={show(value.value, limit)}"
    if isinstance(value, Repetition):
        return f"{value.count} * {show(value.step, limit)}"
    if isinstance(value, Labelled):
        return f"{value.label}: {show(value.value, limit)}" if value.label else show(value.value, limit)
    return _tensors(value)


def _tensors(value: Value) -> str:
    if isinstance(value, Tensor):
        return str(value.type)
    if isinstance(value, Family):
        return f"a family of {len(value)} tensors"
    return "?" if isinstance(value, Unknown) else str(value)


class _Pair:
    def __init__(self, key: Value, value: Value) -> None:
        self.key, self.value = key, value


class _Bound:
    def __init__(self, name: str, value: Value) -> None:
        self.name, self.value = name, value


def _items(values: list[Value] | tuple[Value, ...], limit: int) -> list[str]:
    """The items that fit, then an ellipsis."""
    texts: list[str] = []
    used = 0
    for item in values:
        if used > limit:
            return [*texts, "…"]
        texts.append(show(item, limit))
        used += len(texts[-1])
    return texts


def bounded(text: str, limit: int = 60) -> str:
    """A text of at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def count(number: int, noun: str) -> str:
    """``1 tensor``, ``2 tensors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listing(names: list[str] | tuple[str, ...], most: int = 8) -> str:
    """The first names, in a row."""
    return ", ".join(f"`{n}`" for n in names[:most]) + (", …" if len(names) > most else "")
