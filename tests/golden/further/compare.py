"""Where a network by hand and one from its spec disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from tests.golden.further.draws import Draw
from tests.golden.further.outcomes import Outcome, of_reference, of_spec

TOLERANCE = 1e-5
#: Names that no argument has; the originals pass over some where the name does not matter.
UNKNOWN = {"other", "1x1x1"}


@dataclass(frozen=True)
class Result:
    """A comparison: its kind, and what is wrong with the spec."""

    draw: Draw
    kind: str
    findings: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.kind}: {self.draw}", *(f"    {finding}" for finding in self.findings)])


def compare(draw: Draw) -> Result:
    """Both networks of a combination, and every difference that is not meant.

    Meant are: a projection where the original adds tensors of different lengths; a refusal of sums that hold for some
    sizes only; and a refusal of names that the original does not know, yet passes over.
    """
    projects_time = _lengths_differ(draw)
    reference, spec = of_reference(draw, projects_time=projects_time), of_spec(draw)
    runs = reference.step == "done" and not reference.broadcast
    if spec.step == "crash":
        return Result(draw, "a bug of netspec", (spec.why,))
    if runs and spec.step == "done":
        kind = "the same but for a projection, where the original's sum fails" if projects_time else "the same"
        return Result(draw, kind, tuple(differences(reference, spec)))
    if not runs and spec.step == "done":
        return Result(draw, "runs from the spec alone", (f"{reference.step}: {reference.why or 'broadcasts'}",))
    if not runs:
        return Result(draw, "refused by both", ())
    if UNKNOWN & {v for v in draw.arguments.values() if isinstance(v, str)}:
        return Result(draw, "refused, where the original passes over an unknown name", ())
    if spec.step == "construct" and "NS30" in spec.why and some_larger_input_fails(draw):
        return Result(draw, "refused, where the original runs for some sizes only", ())
    return Result(draw, "refused by the spec alone", (f"{spec.step}: {spec.why}",))


def some_larger_input_fails(draw: Draw) -> bool:
    """Whether the original cannot take, or broadcasts, an input that is a little larger than the one drawn."""
    longer = [[n + more * (i == axis) for i, n in enumerate(draw.shape)] for axis in range(2, len(draw.shape))
              for more in range(1, 6)]  # fmt: skip
    outcomes = (of_reference(replace(draw, shape=shape)) for shape in longer)
    return any(outcome.step != "done" or outcome.broadcast for outcome in outcomes)


def _lengths_differ(draw: Draw) -> bool:
    """Whether a stage strides time alone without a change of width: the original's shortcut is the identity."""
    given = draw.arguments
    if (
        "depth" not in given
        or not len(given["spatial_strides"]) == len(given["temporal_strides"]) == given["num_stages"]
    ):
        return False
    strides = zip(given["spatial_strides"], given["temporal_strides"], strict=True)
    spatial, temporal = next(strides)  # only the first stage of basic blocks keeps its width
    return given["depth"] < 50 and spatial == 1 and temporal > 1


def differences(reference: Outcome, spec: Outcome) -> Iterator[str]:
    """Every fact that is not the original's, and every output that has other values."""
    for name, wanted in reference.facts.items():
        found = spec.facts[name]
        if name == "start":
            yield from _other_starts(found, wanted)
            continue
        if name == "trained" and isinstance(found, dict) and isinstance(wanted, dict):
            yield from _other_values("in training, ", found, wanted)
            continue
        if name == "nlayers" and wanted is None:
            continue
        if found != wanted:
            yield f"{name}: {_first_difference(found, wanted)}"
    yield from _other_values("", _named(spec.outputs), _named(reference.outputs))


def _named(outputs: tuple[Tensor, ...]) -> dict[str, Tensor]:
    return {f"output {i}": output for i, output in enumerate(outputs)}


def _other_values(when: str, found: dict[str, Tensor], wanted: dict[str, Tensor]) -> Iterator[str]:
    """Tensors that are missing, of another shape, or not within 1e-5 of the largest value."""
    for name in found.keys() ^ wanted.keys():
        yield f"{when}{name}: not in both"
    for name in sorted(found.keys() & wanted.keys()):
        a, b = found[name].double(), wanted[name].double()
        if a.shape != b.shape:
            yield f"{when}{name}: shape {list(a.shape)}, in the original {list(b.shape)}"
            continue
        finite = b.isfinite()  # several non-local blocks in a row can leave float32
        error, scale = _largest((a - b)[finite]), _largest(b[finite])
        if error > TOLERANCE * scale or not torch.equal(a.isfinite(), finite):
            yield f"{when}{name}: differs by {error:.3g}, the largest is {scale:.3g}"


def _largest(values: Tensor) -> float:
    return values.abs().max().item() if values.numel() else 0.0


def _other_starts(found: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    """Entries that start with another value, or with a standard deviation that chance does not explain (8 sigma)."""
    for key in sorted(found.keys() & wanted.keys()):
        a, b = found[key], wanted[key]
        if isinstance(a, list) and isinstance(b, list):
            if abs(a[0] - b[0]) > 8 * max(a[0], b[0]) / a[1] ** 0.5:
                yield f"{key} starts with a standard deviation of {a[0]:.3g}, in the original {b[0]:.3g}"
        elif a != b:
            yield f"{key} starts as {a}, in the original {b}"


def _first_difference(found: Any, wanted: Any) -> str:
    if not isinstance(found, list) or not isinstance(wanted, list):
        return f"{found}, in the original {wanted}"
    for i, (a, b) in enumerate(zip(found, wanted, strict=False)):
        if a != b:
            return f"row {i}: {a}, in the original {b}"
    longer = found if len(found) > len(wanted) else wanted
    more = "more" if longer is found else "fewer"
    return f"{abs(len(found) - len(wanted))} rows {more} than the original, from {longer[min(len(found), len(wanted))]}"
