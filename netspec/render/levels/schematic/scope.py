"""What one schematic shares while it is drawn: names, the steps so far, and budgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from netspec.render.levels.drawn import NOTHING, Drawn
from netspec.render.levels.schematic.values import Source, Tensor, Value
from netspec.render.levels.sketch import Frame, Step, Wire
from netspec.render.picture import RenderError

#: Expressions, statements and steps of one schematic.
FUEL = 100_000
#: Boxes of one schematic.
MOST_BOXES = 400


@dataclass(eq=False)
class Chart:
    """The steps and wires so far."""

    name: str
    steps: list[Step] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    fuel: int = FUEL

    def spend(self) -> None:
        self.fuel -= 1
        if self.fuel < 0:
            self.too_large(f"takes more than {FUEL:,} steps")

    def too_large(self, what: str) -> NoReturn:
        raise RenderError(f"the schematic of {self.name} {what}: draw one block with --block")


Rules = Mapping[type, Callable[[Any, Any], Value]]


@dataclass(eq=False)
class Scope:
    """Where an expression stands: the names it sees, and what holds for every step here.

    ``condition`` is that of the branch, ``drawn`` that of the loops, ``frame`` the list around it; ``turn`` says that
    a loop around it stands for turns left out, ``looped`` are the names that loops bind. ``calls`` are the functions
    and constants being read, for recursion.
    """

    chart: Chart
    rules: Rules
    declared: Mapping[str, Any]
    names: dict[str, Value]
    condition: str = ""
    drawn: Drawn = NOTHING
    frame: int | None = None
    turn: bool = False
    looped: frozenset[str] = frozenset()
    calls: tuple[Any, ...] = ()

    def value(self, node: Any) -> Value:
        """What an expression is, as far as it is known."""
        self.chart.spend()
        return self.rules[type(node)](node, self)

    def run(self, statements: tuple[Any, ...]) -> None:
        for statement in statements:
            self.chart.spend()
            rule = self.rules.get(type(statement))
            if rule is not None:
                rule(statement, self)

    def inside(self, **changes: Any) -> Scope:
        """The same place with other circumstances; names stay shared."""
        return replace(self, **changes)

    @contextmanager
    def circumstances(self, **changes: Any) -> Iterator[None]:
        """Other circumstances for a while."""
        before = {name: getattr(self, name) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(self, name, value)

    # ------------------------------------------------------------------------------------------------- steps

    def add(self, step: Step, inputs: list[Tensor], asides: tuple[Tensor, ...] = ()) -> Tensor:
        """Draw one step; its first output."""
        chart, number = self.chart, len(self.chart.steps)
        if number >= MOST_BOXES:
            chart.too_large(f"has more than {MOST_BOXES} boxes")
        own, loops = step.drawn, self.drawn
        optional = loops.optional if own.optional is None else own.optional
        said = replace(own, hidden=own.hidden or loops.hidden, optional=optional)
        condition = step.condition or self.condition
        chart.steps.append(replace(step, drawn=said, frame=self.frame, condition=condition))
        for slot, tensor in enumerate((*inputs, *asides)):
            aside = slot >= len(inputs)
            chart.wires += (Wire(s.step, number, None, s.port, slot, aside=aside) for s in tensor.sources)
        return Tensor((Source(number),))
