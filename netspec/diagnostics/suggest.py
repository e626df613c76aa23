"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

#: The most candidates that are looked at, and compared in full; the longest name that is.
_SEEN, _COMPARED, _LENGTH = 10_000, 300, 60


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate a user probably meant, for did-you-mean.

    One of other case, with swapped letters, of which this is the first word (``kernel`` of ``kernel_size``), or
    much alike.
    """
    from difflib import get_close_matches

    if len(name) > _LENGTH:
        return None
    candidates = list(islice(candidates, _SEEN))
    room = max(2, len(name) // 2)
    folded, letters = name.lower(), sorted(name.lower())
    known = set(folded)
    seen = (c for c in candidates if abs(len(c) - len(name)) <= room)
    near = list(islice((c for c in seen if 2 * len(known.intersection(c.lower())) >= len(known)), _COMPARED))
    rules = (
        (near, lambda c: c.lower() == folded),
        (near, lambda c: sorted(c.lower()) == letters),
        (candidates, lambda c: c.lower().startswith(f"{folded}_")),
    )
    for names, fits in rules:
        found = next(filter(fits, names), None)
        if found is not None:
            return found
    alike = get_close_matches(name, near, n=1, cutoff=0.6)
    return alike[0] if alike else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    found = closest(name, candidates)
    return f"did you mean `{found}`?" if found else ""
