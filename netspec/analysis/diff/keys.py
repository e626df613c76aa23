"""The state dicts of two networks."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.analysis.diff.model import Keys
from netspec.graph import Definition, state

Shape = tuple[int, ...]


def compare_keys(before: Definition, after: Definition, renames: tuple[tuple[str, str], ...] = ()) -> Keys:
    """What differs; ``renames`` are paths before and after of what is alike under another label."""
    old = {key: w.shape for key, w in state(before)}
    new = {key: w.shape for key, w in state(after)}
    enough = renames if renames and _renamed(old, dict(renames)) == new else ()
    return Keys(
        kept=sum(old.get(key) == shape for key, shape in new.items()),
        added=tuple((key, shape) for key, shape in new.items() if key not in old),
        removed=tuple((key, shape) for key, shape in old.items() if key not in new),
        reshaped=tuple((key, old[key], shape) for key, shape in new.items() if key in old and old[key] != shape),
        renames=enough,
    )


def _renamed(shapes: Mapping[str, Shape], renames: Mapping[str, str]) -> dict[str, Shape]:
    return {_new_key(key, renames): shape for key, shape in shapes.items()}


def _new_key(key: str, renames: Mapping[str, str]) -> str:
    """The key with its longest renamed prefix replaced."""
    parts = key.split(".")
    for end in range(len(parts), 0, -1):
        prefix = ".".join(parts[:end])
        if prefix in renames:
            return ".".join([renames[prefix], *parts[end:]])
    return key
