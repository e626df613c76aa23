"""The state dicts of two networks."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.analysis.diff.model import Keys
from netspec.graph import Definition, state

Entry = tuple[tuple[int, ...], str]


def compare_keys(before: Definition, after: Definition, renames: tuple[tuple[str, str], ...] = ()) -> Keys:
    """What differs; ``renames`` are paths before and after of what is alike under another label."""
    old: dict[str, Entry] = {key: (w.shape, w.dtype) for key, w in state(before)}
    new: dict[str, Entry] = {key: (w.shape, w.dtype) for key, w in state(after)}
    both = [key for key in new if key in old]
    enough = renames if renames and _renamed(old, dict(renames)) == new else ()
    return Keys(
        kept=sum(old[key] == new[key] for key in both),
        added=tuple((key, shape) for key, (shape, _) in new.items() if key not in old),
        removed=tuple((key, shape) for key, (shape, _) in old.items() if key not in new),
        reshaped=tuple((key, old[key][0], new[key][0]) for key in both if old[key][0] != new[key][0]),
        retyped=tuple((key, old[key][1], new[key][1]) for key in both if old[key][1] != new[key][1]),
        reordered=both != [key for key in old if key in new],
        renames=enough,
    )


def _renamed(entries: Mapping[str, Entry], renames: Mapping[str, str]) -> dict[str, Entry]:
    return {_new_key(key, renames): entry for key, entry in entries.items()}


def _new_key(key: str, renames: Mapping[str, str]) -> str:
    """The key with its longest renamed prefix replaced."""
    parts = key.split(".")
    for end in range(len(parts), 0, -1):
        prefix = ".".join(parts[:end])
        if prefix in renames:
            return ".".join([renames[prefix], *parts[end:]])
    return key
