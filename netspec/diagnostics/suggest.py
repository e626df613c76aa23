"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Edit
from netspec.source import Span

#: The most candidates that are looked at, and compared in full; the longest name that is.
_SEEN, _COMPARED, _LENGTH = 10_000, 300, 60
#: What other libraries and languages call what netspec has; in lower case.
_ELSEWHERE = {
    "filters": "out_channels", "units": "out_features", "strides": "stride", "pad": "padding", "dim": "axis",
    "pool_size": "kernel_size", "dilation_rate": "dilation", "use_bias": "bias", "epsilon": "eps",
    "negative": "negative_slope", "scale": "scale_factor", "dense": "Linear", "cat": "concat", "concatenate": "concat",
    "averagepooling1d": "AvgPool1d", "averagepooling2d": "AvgPool2d", "averagepooling3d": "AvgPool3d",
    "conv1dtranspose": "ConvTranspose1d", "conv2dtranspose": "ConvTranspose2d", "conv3dtranspose": "ConvTranspose3d",
    "batchnormalization": "BatchNorm", "swish": "SiLU", "droppath": "StochasticDepth", "clip": "clamp",
    "maxpooling1d": "MaxPool1d", "maxpooling2d": "MaxPool2d", "maxpooling3d": "MaxPool3d", "in_channels": "channels",
    "subtract": "sub", "multiply": "mul", "divide": "div",
    "integer": "int", "string": "str", "boolean": "bool", "number": "float", "double": "float", "ndim": "rank",
    "dims": "shape",
}  # fmt: skip


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate a user probably meant, for did-you-mean.

    One that other libraries call so, one of other case, with swapped letters, of which this is the first word
    (``kernel`` of ``kernel_size``), or much alike.
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
    elsewhere = _ELSEWHERE.get(folded)
    if elsewhere in candidates:
        return elsewhere
    rules = (
        (near, lambda c: c.lower() == folded),
        (near, lambda c: _plain(c) == _plain(name)),
        (near, lambda c: sorted(c.lower()) == letters),
        (candidates, lambda c: c.lower().startswith(f"{folded}_")),
    )
    for names, fits in rules:
        found = next(filter(fits, names), None)
        if found is not None:
            return found
    words = [c for c in near if len(c) > 1]
    alike = _other_number(name, near) or get_close_matches(name, words, n=1, cutoff=0.6)
    return alike[0] if alike else None


def _other_number(name: str, candidates: Iterable[str]) -> list[str]:
    """The candidate with the nearest number behind the same word: ``layer4`` for ``layer5``."""
    word = name.rstrip("0123456789")
    numbers = {c: c[len(word) :] for c in candidates if word and c.startswith(word)}
    numbered = [c for c, number in numbers.items() if number.isdecimal() and len(number) < 3]
    if word == name or len(name) - len(word) > 1 or not numbered:
        return []
    return [min(numbered, key=lambda c: abs(int(numbers[c]) - int(name[len(word) :])))]


def did_you_mean(name: str, candidates: Iterable[str], at: Span | None = None) -> str:
    """``did you mean `stride`?`` or nothing; with the place of the name, a `Help` that corrects a slip of typing.

    A name that is only alike may mean something else: ``MaxUnpool2d`` is no ``MaxPool2d``.
    """
    candidates = list(islice(candidates, _SEEN))
    found = closest(name, candidates)
    if not found:
        return ""
    edits = [Edit(at, found)] if at and is_slip(name, found, candidates) else []
    return Help(f"did you mean `{found}`?", *edits)


def is_slip(name: str, found: str, candidates: Iterable[str]) -> bool:
    """Whether a name is surely another one: its other name elsewhere, or the one that differs by case, by its first
    word alone, or by one letter.
    """
    if _ELSEWHERE.get(name.lower()) == found or _plain(name) == _plain(found):
        return True
    if found.lower().startswith(f"{name.lower()}_"):
        return sum(c.lower().startswith(f"{name.lower()}_") for c in candidates) == 1
    return [c for c in candidates if _is_one_letter_off(name, c)] == [found]


def _plain(name: str) -> str:
    """A name without case and underscores."""
    return name.lower().replace("_", "")


def _is_one_letter_off(name: str, other: str) -> bool:
    """One letter of at least four more, less or other, or two that changed places; another number is another thing."""
    one, two = name.lower(), other.lower()
    if abs(len(one) - len(two)) > 1 or _digits(one) != _digits(two):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    long, one, two = max(len(one), len(two)) > 3, one[start:], two[start:]
    swapped = one[:2] == two[1::-1] and one[2:] == two[2:]
    return swapped or (long and (one[1:] == two[1:] or one[1:] == two or one == two[1:]))


def _digits(name: str) -> str:
    return "".join(filter(str.isdecimal, name))
