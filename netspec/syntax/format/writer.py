"""Lays parts out in lines of at most `WIDTH` columns."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.syntax.brackets import PAIRS
from netspec.syntax.format.fitting import (
    FARTHEST_ARROW,
    FARTHEST_BROKEN,
    FARTHEST_OPENER,
    fills,
    goes_on,
    last_bracket,
    step_parts,
)
from netspec.syntax.format.layout import (
    INDENT,
    NOWHERE,
    WIDTH,
    Arrows,
    Bracket,
    Commas,
    Item,
    Operation,
    Part,
    Row,
    Step,
    Text,
)
from netspec.syntax.format.lines import Lines


class Writer(Lines):
    """Writes parts where the line goes on, on one line where they fit."""

    def write(self, text: str) -> None:
        self.text += text

    def fits(self, part: Part, after: int) -> bool:
        return not part.broken and len(self.text) + len(part.flat) + after <= WIDTH

    def put(self, part: Part, after: int = 0) -> None:
        """Write a part, which ``after`` more columns follow on its last line."""
        if isinstance(part, Text) or self.fits(part, after):
            self.text += part.flat
        elif isinstance(part, Row):
            self._put_row(part.parts, after)
        elif isinstance(part, Commas):
            self._put_commas(part, after)
        elif isinstance(part, Bracket):
            self._put_bracket(part, after)
        elif isinstance(part, Operation):
            self._put_operation(part, after)
        elif isinstance(part, Arrows):
            self._put_arrows(part, after)
        else:
            assert isinstance(part, Step)
            self._put_step(part, after)

    def _put_row(self, parts: Sequence[Part], after: int) -> None:
        following = [after]
        for part in reversed(parts[1:]):
            following.append(part.lead if part.opens else len(part.flat) + following[-1])
        for part, rest in zip(parts, reversed(following), strict=True):
            self.put(part, rest)

    def _put_commas(self, commas: Commas, after: int) -> None:
        """As many parts on a line as fit; one where comments stand between, which are in one column."""
        last = len(commas.items) - 1
        outer_run = self.run
        if commas.parted and self.current is not None:
            self.runs += 1
            self.run = self.current.run = self.runs
        for n, item in enumerate(commas.items):
            end = after if n == last else 1
            if n and (item.glued or (not commas.parted and self.fits(item.part, end + 1))):
                self.text += " "
            elif n:
                self.line(self.indent + INDENT, item.start, keep=False, take=commas.parted)
            self.put(item.part, end)
            self.text += "," if n < last else ""
        self.run = outer_run

    # ------------------------------------------------------------------------------------------------- brackets

    def _put_bracket(self, bracket: Bracket, after: int) -> None:
        column = len(self.text) + len(bracket.opener)
        sole = bracket.items[0] if len(bracket.items) == 1 and not bracket.single else None
        if not bracket.opens:
            self.text += bracket.flat
        elif bracket.style == "paren" and column <= FARTHEST_OPENER:
            self._put_around(bracket, bracket.items[0], column, after)
        elif bracket.style == "fill" and not bracket.broken and fills(bracket, column, after):
            self._put_filled(bracket, column, after)
        elif sole and bracket.style in ("fill", "paren", "rows") and self._wraps(sole, bracket):
            self._put_around(bracket, sole, self.indent, after)
        else:
            self._put_hanging(bracket)

    def _wraps(self, sole: Item, bracket: Bracket) -> bool:
        """Whether the only element is a bracket that is broken in place of the one around it."""
        inner = last_bracket(sole.part)
        if inner is None or inner.style not in ("rows", "parts", "fill"):
            return False
        if sole.above or sole.beside:
            return False
        if NOWHERE in (bracket.start, inner.start):
            return True
        start = sole.start if inner.commented else inner.start
        return not self.notes.between(bracket.start, start) and not self.notes.between(inner.end, bracket.end)

    def _put_around(self, bracket: Bracket, sole: Item, indent: int, after: int) -> None:
        self.text += bracket.opener
        with self.inside(indent):
            self.put(sole.part, len(bracket.closer) + after)
        self.text += bracket.closer

    def _put_filled(self, bracket: Bracket, column: int, after: int) -> None:
        """As many elements on a line as fit, under the first one."""
        self.text += bracket.opener
        last = len(bracket.items) - 1
        for n, item in enumerate(bracket.items):
            end = 1 if n < last else len(bracket.closer) + bracket.single + after
            if n and len(self.text) + 1 + len(item.part.flat) + end > WIDTH:
                self._begin(column, False)
            elif n:
                self.text += " "
            self.text += item.part.flat + ("," if n < last else "")
        self.text += ("," if bracket.single else "") + bracket.closer

    def _put_hanging(self, bracket: Bracket) -> None:
        """The elements on lines of their own, further to the right; on a single line where they fit."""
        base, indent = self.indent, self.indent + INDENT
        self.text += bracket.opener.rstrip()
        inside = bracket.flat[len(bracket.opener) : -len(bracket.closer)]
        outer_run = self.run
        with self.inside(indent, nested=bracket.style != "settings"):
            on_one = bracket.items and not bracket.broken and bracket.style in ("fill", "parts", "paren")
            if on_one and indent + len(inside) <= WIDTH:
                self._begin(indent, False)
                self.text += inside
            else:
                if bracket.style == "table":
                    self.runs += 1
                    self.run = self.runs
                for n, item in enumerate(bracket.items):
                    self._put_item(item, indent, n, bracket)
        shut = self._shuts(bracket)
        if not shut:
            self.close(indent, base, bracket.end, empty=not bracket.items, take=bracket.commented)
        self.run = outer_run
        if self.current is not None:
            self.current.run = outer_run
        self.text += bracket.closer if shut else bracket.closer.lstrip()

    def _shuts(self, bracket: Bracket) -> bool:
        return bracket.shut and not self.notes.left(bracket.end)

    def _put_item(self, item: Item, indent: int, number: int, bracket: Bracket) -> None:
        if item.glued and not self.notes.left(item.start):
            self.text += " " if number or bracket.opener.endswith(" ") else ""
        else:
            self.line(indent, item.start, first=number == 0, take=bracket.commented, opener=bracket.start)
        for words in item.above:
            self.text += words
            self._begin(indent, False)
        separator = "" if bracket.style in ("parts", "paren") else ","
        self.put(item.part, len(separator))
        if bracket.single or number < len(bracket.items) - 1 or not self._shuts(bracket):
            self.text += separator
        if item.beside:
            self.comment(item.beside)

    # ------------------------------------------------------------------------------------------------- operations

    def _put_operation(self, operation: Operation, after: int) -> None:
        *before, last = operation.operands
        if not operation.parted and not any(o.part.broken for o in before):
            columns = len(operation.flat) - len(last.part.flat)
            chosen = last.operator == "else " and not self._ends_in_rows(last.part)
            if not chosen and self._ends_in_bracket(last.part, len(self.text) + columns, after):
                self.text += operation.flat[:columns]
                self.put(last.part, after)
                return
        if self.nested:
            self._put_operands(operation, len(self.text), after)
            return
        base = self.indent
        self.text += "("
        with self.inside(base + INDENT):
            self._begin(base + INDENT, False)
            if self.fits(operation, 0):
                self.text += operation.flat
            else:
                self._put_operands(operation, base + INDENT, 0)
        self._begin(base, False)
        self.text += ")"

    def _ends_in_rows(self, part: Part) -> bool:
        bracket = last_bracket(part)
        return bracket is not None and bracket.style in ("rows", "parts")

    def _ends_in_bracket(self, part: Part, column: int, after: int) -> bool:
        """Whether a last operand, written at a column, has a bracket at its end that can be broken well there."""
        bracket = last_bracket(part)
        if bracket is None:
            return False
        opener = column + len(part.flat) - len(bracket.flat) + len(bracket.opener)
        if bracket.style == "fill" and not bracket.broken:
            return fills(bracket, opener, after, most=2)
        return opener <= (FARTHEST_OPENER if bracket.style == "paren" else WIDTH)

    def _put_operands(self, operation: Operation, column: int, after: int) -> None:
        last = len(operation.operands) - 1
        with self.inside(column):
            for n, operand in enumerate(operation.operands):
                if n:
                    self.line(column, operand.start, keep=False, take=operation.parted)
                self.text += operand.operator
                self.put(operand.part, after if n == last else 0)

    # ------------------------------------------------------------------------------------------------- chains

    def _put_arrows(self, chain: Arrows, after: int) -> None:
        column = len(self.text) + len(chain.source.flat) + 1
        steps, first = chain.arrows, chain.arrows[0]
        sole = len(steps) == 1 and not first.apart and not chain.source.broken
        below = self.indent + INDENT + 3
        if sole and goes_on(first.step, column + 3, below, after):
            self.text += f"{chain.source.flat} -> "
            self.put(first.step, after)
            return
        beside = not first.apart and not chain.source.broken and self._aligns(chain, column, after)
        column = column if beside else self.indent + INDENT
        self.put(chain.source)
        beside = beside or (len(steps) == 1 and not first.apart and self._closes())
        for n, arrow in enumerate(steps):
            if arrow.glued or (n == 0 and beside):
                self.text += " "
            else:
                self.line(column, arrow.start, keep=False, take=chain.parted)
            self.text += "-> "
            with self.inside(column, nested=False):
                self.put(arrow.step, after if n == len(steps) - 1 else 0)

    def _closes(self) -> bool:
        """Whether the line has only closed what was opened above so far."""
        return self.text.lstrip()[:1] in PAIRS and self.text.strip() != ""

    def _aligns(self, chain: Arrows, column: int, after: int) -> bool:
        """Whether the arrows stand under the one beside the source: not where the steps fit on their lines only further
        to the left."""
        ends = [0] * (len(chain.arrows) - 1) + [after]
        longest = max(3 + len(a.step.flat) + e for a, e in zip(chain.arrows, ends, strict=True))
        if column + longest <= WIDTH:
            return column - self.indent <= FARTHEST_ARROW
        return column - self.indent <= FARTHEST_BROKEN and self.indent + INDENT + longest > WIDTH

    def _put_step(self, step: Step, after: int) -> None:
        column = len(self.text) + step.hang
        tail = 1 + len(step.tail.flat) + after if step.tail else after
        self.text += step.head
        beside = sum(1 + len(a.flat) for a in step.annotations)
        stays = not any(a.broken for a in step.annotations) and not step.value.broken
        if step.tail and not step.annotations and last_bracket(step.value) and not step.value.broken:
            self._put_conditional(step.value, step.tail, after)
            return
        if not step.annotations or (stays and len(self.text) + len(step.value.flat) + beside + tail <= WIDTH):
            self._put_row(step_parts(step), after)
            return
        self.put(step.value)
        if self._closes() and not any(a.broken for a in step.annotations) and len(self.text) + beside + tail <= WIDTH:
            self._put_row([Text(""), *step_parts(step)[1:]], after)
            return
        for n, annotation in enumerate(step.annotations):
            end = tail if n == len(step.annotations) - 1 else 0
            if n and len(self.text) + 1 + len(annotation.flat) + end <= WIDTH and not annotation.broken:
                self.text += " "
            else:
                self._begin(column, False)
            with self.inside(column, nested=False):
                self.put(annotation, end)
        if step.tail:
            self.text += " "
            self.put(step.tail, after)

    def _put_conditional(self, value: Part, tail: Part, after: int) -> None:
        """A step's value and condition that do not fit on the line: the value's bracket closes before the condition."""
        bracket = last_bracket(value)
        assert bracket is not None
        if len(self.text) + len(value.flat) + 1 + (tail.lead if tail.opens else len(tail.flat) + after) <= WIDTH:
            self.text += value.flat
        else:
            self.text += value.flat[: -len(bracket.flat)]
            self._put_hanging(bracket)
        self.text += " "
        self.put(tail, after)
