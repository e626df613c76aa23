"""What the formatter lays out: pieces of text, and where a line may end between them.

A part knows how it reads on one line (``flat``); `netspec.syntax.format.writer` decides which parts are broken over
several lines. ``broken`` says that a part cannot stand on one line, since a comment ends a line in it; ``opens`` that
a bracket in it can be broken, and ``lead`` how many columns come before that place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

#: The columns of a line, and those that what is inside of something stands further to the right.
WIDTH, INDENT = 100, 4
#: The offset of what was not read from a text.
NOWHERE = -1
#: How a bracket is broken: ``fill`` has as many elements on a line as fit, ``rows`` one on each, ``table`` too, with
#: the comments beside them in one column; ``parts`` are not separated by commas; ``paren`` holds one expression;
#: ``index`` is broken only where a comment stands in it.
#: ``settings`` are rows in the braces of a policy, where newlines mean something.
Style = Literal["fill", "rows", "table", "parts", "paren", "index", "settings"]


class Part:
    """Something on a line, or on several."""

    __slots__ = ("broken", "flat", "lead", "opens")

    def __init__(self, flat: str, broken: bool = False, opens: bool = False, lead: int = 0) -> None:
        self.flat = flat
        self.broken = broken
        self.opens = opens
        self.lead = lead if opens else len(flat)


class Text(Part):
    """Words and signs that stay together."""

    __slots__ = ()

    def __init__(self, flat: str) -> None:
        self.flat = flat
        self.broken = self.opens = False
        self.lead = len(flat)


class Row(Part):
    """Parts side by side."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Part]) -> None:
        lead, opens = lead_of(parts)
        super().__init__("".join([p.flat for p in parts]), any(p.broken for p in parts), opens, lead)
        self.parts = parts


class Item(NamedTuple):
    """An element of a bracket: where it starts in the text, whether it stays on the line of what is before it, and the
    ``##`` comments that it has where there is no text: ``above`` and ``beside`` it."""

    part: Part
    start: int = NOWHERE
    glued: bool = False
    above: tuple[str, ...] = ()
    beside: str = ""


class Bracket(Part):
    """``( … )``, ``[ … ]`` or ``{ … }``; it begins after ``start`` in the text, and ``end`` is the offset of its
    closing sign. ``commented`` says that comments stand in it, ``whole`` that it stays on one line, ``shut`` that its
    closing sign stays on the line of the last element."""

    __slots__ = ("closer", "commented", "end", "items", "opener", "shut", "single", "start", "style")

    def __init__(self, opener: str, items: Sequence[Item], closer: str, style: Style, *, start: int = NOWHERE,
                 end: int = NOWHERE, commented: bool = False, single: bool = False, whole: bool = False,
                 shut: bool = False) -> None:  # fmt: skip
        separator = " " if style in ("parts", "paren") else ", "
        inside = separator.join([item.part.flat for item in items]) + ("," if single else "")
        broken = commented or any(i.part.broken or i.above or i.beside for i in items)
        opens = commented or (bool(items) and not whole and (style != "index" or broken))
        super().__init__(f"{opener}{inside}{closer}" if items else opener.rstrip() + closer.lstrip(),
                         broken, opens, len(opener.rstrip()))  # fmt: skip
        self.opener = opener
        self.items = items
        self.closer = closer
        self.style = style
        self.start = start
        self.end = end
        self.commented = commented
        self.single = single
        self.shut = shut


class Operand(NamedTuple):
    """An operand with the operator before it (``"+ "``, nothing for the first)."""

    operator: str
    part: Part
    start: int = NOWHERE


class Operation(Part):
    """``a + b - c``, ``a and b``, ``a if c else b``: broken before its operators, in parentheses where no bracket is
    around it. ``parted`` says that a comment stands between the operands."""

    __slots__ = ("operands", "parted")

    def __init__(self, operands: Sequence[Operand], parted: bool = False) -> None:
        lead, opens = lead_of([Text(o.operator) if o.operator else o.part for o in operands[:1]])
        super().__init__(" ".join([o.operator + o.part.flat for o in operands]),
                         parted or any(o.part.broken for o in operands),
                         opens or any(o.part.opens for o in operands), lead)  # fmt: skip
        self.operands = operands
        self.parted = parted


class Step(Part):
    """``label: value @annotation if condition``: annotations may stand on lines of their own, ``hang`` columns to the
    right of where the step begins."""

    __slots__ = ("annotations", "hang", "head", "tail", "value")

    def __init__(self, head: str, value: Part, annotations: Sequence[Part] = (), tail: Part | None = None,
                 hang: int = 0) -> None:  # fmt: skip
        parts = [value, *annotations, *([tail] if tail else [])]
        super().__init__(head + " ".join([p.flat for p in parts]), any(p.broken for p in parts),
                         bool(annotations) or any(p.opens for p in parts), len(head) + value.lead)  # fmt: skip
        self.head = head
        self.value = value
        self.annotations = annotations
        self.tail = tail
        self.hang = hang


class Commas(Part):
    """Parts separated by commas without a bracket around them: broken after a comma, to the right of the statement.
    ``parted`` says that a comment stands between two."""

    __slots__ = ("items", "parted")

    def __init__(self, items: Sequence[Item], parted: bool = False) -> None:
        first = items[0].part
        super().__init__(", ".join([i.part.flat for i in items]), parted or any(i.part.broken for i in items), True,
                         len(first.flat) + 1 if len(items) > 1 else first.lead)  # fmt: skip
        self.items = items
        self.parted = parted


class Arrow(NamedTuple):
    """One step of a chain; ``apart`` where a comment stands before it, ``glued`` where it stays on the line."""

    step: Step
    start: int = NOWHERE
    apart: bool = False
    glued: bool = False


class Arrows(Part):
    """``source -> step -> step``: broken before its arrows, which stand under each other. ``parted`` says that a
    comment stands before one."""

    __slots__ = ("arrows", "parted", "source")

    def __init__(self, source: Part, arrows: Sequence[Arrow]) -> None:
        steps = [a.step for a in arrows]
        super().__init__(" -> ".join([source.flat, *(s.flat for s in steps)]),
                         source.broken or any(a.apart or a.step.broken for a in arrows), True,
                         source.lead if source.opens else len(source.flat))  # fmt: skip
        self.source = source
        self.arrows = arrows
        self.parted = any(a.apart for a in arrows)


def lead_of(parts: Sequence[Part]) -> tuple[int, bool]:
    """The columns before the first place where parts side by side can be broken, and whether there is one."""
    columns = 0
    for part in parts:
        columns += part.lead
        if part.opens:
            return columns, True
    return columns, False
