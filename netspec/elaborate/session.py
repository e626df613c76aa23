"""What one elaboration shares: the budgets, the definitions made so far, the diagnostics, and the way down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from netspec import limits
from netspec.diagnostics import Diagnostic, mistake, with_trail
from netspec.dims import EVERYWHERE, Condition, Domain
from netspec.elaborate.program import File
from netspec.elaborate.scopes import label_heads
from netspec.elaborate.values.kinds import Value
from netspec.source import Span
from netspec.syntax import ast

if TYPE_CHECKING:
    from netspec.elaborate.blocks.definitions import Made
    from netspec.elaborate.blocks.draft import Draft
    from netspec.elaborate.proofs.obligations import Obligation
    from netspec.elaborate.recording import Recorder
    from netspec.graph import Requirement
    from netspec.ops.base import Op

Place = tuple[str, Span]
"""By which a mistake is the same: its code and its place."""


class TooManyMistakes(Exception):
    """`limits.MAX_ERRORS` mistakes were found, and elaboration ends."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What to do with each AST node: expressions have values, statements tell whether all is known after them."""

    expressions: Mapping[type, Callable[[Any, Frame], Value]]
    statements: Mapping[type, Callable[[Any, Frame], bool | None]]


@dataclass(eq=False)
class Session:
    """One run of elaboration.

    ``active`` holds what is being worked on (blocks, functions, constants), for recursion; ``way`` the steps from the
    network to the present place, for trails; ``ways`` how often each mistake was met, a counter for each definition on
    the way; ``domain`` what the network's contract admits; ``symbols`` where its open sizes were named;
    ``requirements`` what ops need of them, with ``minimums`` and ``checks`` what of that the contract does not settle
    and the module checks, ``obligations`` what must be proven. ``assuming`` takes all obligations for settled.
    ``decided`` are the conditions that were paid for. ``recorder``, if any, is told who sets which value.
    """

    rules: Rules
    fuel: int = limits.FUEL
    recorder: Recorder | None = None
    domain: Domain = EVERYWHERE
    symbols: dict[str, Span] = field(default_factory=dict)
    minimums: dict[str, tuple[int, Span]] = field(default_factory=dict)
    checks: dict[Condition, Span] = field(default_factory=dict)
    requirements: dict[Condition, Requirement] = field(default_factory=dict)
    obligations: list[Obligation] = field(default_factory=list)
    assuming: bool = False
    decided: set[Condition] = field(default_factory=set)
    definitions: dict[Any, Made] = field(default_factory=dict)
    ops: dict[Any, Op] = field(default_factory=dict)
    heads: dict[int, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[Any, Value] = field(default_factory=dict)
    diagnostics: dict[Place, Diagnostic] = field(default_factory=dict)
    active: list[Any] = field(default_factory=list)
    way: list[str] = field(default_factory=list)
    ways: list[Counter[Place]] = field(default_factory=lambda: [Counter()])

    def charge(self, span: Span, amount: int = 1) -> None:
        """Pay for work; past the budget elaboration ends."""
        self.fuel -= amount
        if self.fuel < 0:
            self.exhausted(span)

    def exhausted(self, span: Span) -> NoReturn:
        mistake("NS600", f"elaboration takes more than {limits.FUEL:,} steps", span, help="fewer or shorter loops")

    # ------------------------------------------------------------------------------------------------- diagnostics

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic once; the same mistake met on another way is counted."""
        place = (diagnostic.code, diagnostic.primary.span)
        if place not in self.diagnostics:
            self.diagnostics[place] = with_trail(diagnostic, self.trail)
            if len(self.diagnostics) >= limits.MAX_ERRORS:
                raise TooManyMistakes
        self.meet(diagnostic)

    def meet(self, diagnostic: Diagnostic) -> None:
        """Count a mistake, or what may become one, on the present way."""
        place = (diagnostic.code, diagnostic.primary.span)
        self.ways[-1][place] = max(1, self.ways[-1][place])

    @property
    def trail(self) -> str:
        return " > ".join(self.way)

    @contextmanager
    def counting(self) -> Iterator[Counter[Place]]:
        """Count the mistakes of one definition, to count them again wherever it stands."""
        ways: Counter[Place] = Counter()
        self.ways.append(ways)
        try:
            yield ways
        finally:
            self.ways.pop()
            self.ways[-1].update(ways)

    def recall(self, ways: Mapping[Place, int]) -> None:
        """The mistakes of a definition that stands here once more."""
        self.ways[-1].update(ways)

    def heads_of(self, block: ast.Block | None) -> tuple[str, ...]:
        """The labels written in a block, as far as they are known without evaluation."""
        if block is None:
            return ()
        if id(block) not in self.heads:
            self.heads[id(block)] = tuple(dict.fromkeys(label_heads(block.body)))
        return self.heads[id(block)]

    def found(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, each with the number of further ways on which it was met."""
        total = self.ways[0]
        return tuple(replace(d, more=min(total[place] - 1, 999_999)) for place, d in self.diagnostics.items())

    # ------------------------------------------------------------------------------------------------- the way down

    @contextmanager
    def entering(self, key: Any, what: str, span: Span) -> Iterator[None]:
        """Work on a block, list, function or constant; meeting it again on its own way is recursion."""
        if key in self.active:
            mistake("NS209", f"{what} itself", span, help="there is no recursion; `for` and `n * step` repeat")
        if len(self.active) >= limits.MAX_DEPTH:
            mistake("NS600", f"blocks, lists and functions nested more than {limits.MAX_DEPTH} deep", span)
        self.active.append(key)
        try:
            yield
        finally:
            self.active.pop()

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """One step further down the trail."""
        self.way.append(text)
        try:
            yield
        finally:
            self.way.pop()


@dataclass(slots=True, eq=False)
class Frame:
    """Where an expression is evaluated: its file, its names, and the definition being built, if any."""

    session: Session
    file: File
    names: dict[str, Value]
    draft: Draft | None = None
