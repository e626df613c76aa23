"""What torch does with a drawn network, and at which sizes it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import torch

from netspec.diagnostics import Diagnostic
from tests.drawn.description import Drawn
from tests.drawn.scopes import Batch, Scope
from tests.drawn.torch_calls import Over, Run
from tests.drawn.writing import Writer


@dataclass
class Truth:
    """What torch does with a network: the run, its scope (None where it refused every assignment), its inputs."""

    run: Run
    scope: Scope
    inputs: dict[str, Batch]

    def lines(self, stack: Sequence[object], writer: Writer) -> set[int]:
        return {writer.places[id(s)] for s in stack if id(s) in writer.places}

    def sizes(self, k: int) -> dict[str, tuple[int, ...]]:
        return {name: tuple(t.shape) for name, b in self.inputs.items() if (t := b[k]) is not None}


def truth(drawn: Drawn, sizes: Sequence[dict[str, int]]) -> Truth:
    """Run a network with torch. Inputs are copied before an in-place layer can change them."""
    torch.manual_seed(drawn.seed)
    run = Run({b.name: b for b in drawn.blocks}, sizes)
    scope = run.open(drawn.network)
    inputs = {n: [None if t is None else t.clone() for t in b] for n, b in scope.tensors.items() if isinstance(b, list)}
    with suppress(Over):
        run.statements(drawn.network.body, scope)
    return Truth(run, scope, inputs)


def further(drawn: Drawn) -> list[dict[str, int]]:
    """More sizes: each open size from 1 on, then all of them together."""
    rng = Random(f"further/{drawn.seed}")
    base, names = drawn.sizes[0], list(drawn.sizes[0])
    single = [{**base, name: size} for name in names for size in range(1, 9)]
    return single + [{name: rng.randint(1, 2 * base[name]) for name in names} for _ in range(24)]


def counterexamples(drawn: Drawn, diagnostics: Sequence[Diagnostic]) -> list[dict[str, int]]:
    """The sizes for which netspec says that a join fails."""
    notes = [note for d in diagnostics for note in d.notes if "fails at" in note]
    found = [dict(re.findall(r"(\w+) = (\d+)", note.partition("fails at")[2])) for note in notes]
    base = drawn.sizes[0]
    return [{**base, **{n: int(s) for n, s in sizes.items()}} for sizes in found if sizes.keys() <= base.keys()]


def larger(drawn: Drawn, text: str) -> list[dict[str, int]]:
    """Large sizes where the structure asks for equal shapes: few are decided by chance then."""
    if ".shape !=" not in text:
        return []
    # attention takes the square of it
    times = 2 if any(word in text for word in ("matmul", "ttention", "Transformer")) else 5
    return [{n: s if n == "B" else times * s + k for n, s in drawn.sizes[k].items()} for k in (0, 1)]
