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
    "batchnormalization": "BatchNorm",
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
        (near, lambda c: sorted(c.lower()) == letters),
        (candidates, lambda c: c.lower().startswith(f"{folded}_")),
    )
    for names, fits in rules:
        found = next(filter(fits, names), None)
        if found is not None:
            return found
    alike = _other_number(name, near) or get_close_matches(name, near, n=1, cutoff=0.6)
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
    """``did you mean `stride`?`` or nothing; with the place of the name, a `Help` that corrects it."""
    found = closest(name, candidates)
    if not found:
        return ""
    return Help(f"did you mean `{found}`?", *([Edit(at, found)] if at else []))
