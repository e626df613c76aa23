"""Whether something broken looks well at a place."""

from __future__ import annotations

from netspec.syntax.format.layout import WIDTH, Bracket, Part, Row, Step, Text

#: Elements stand under each other after their bracket where it opens at most here, on so many lines.
FARTHEST_OPENER, _MOST_LINES = 64, 5
#: Arrows stand under the first one where that is at most so far to the right of the statement; where a step takes
#: several lines, at most so far.
FARTHEST_ARROW, FARTHEST_BROKEN = 32, 12


def step_parts(step: Step) -> list[Part]:
    """The parts of a step after its head, with the spaces between them."""
    parts = [step.value]
    for part in (*step.annotations, step.tail):
        if part is not None:
            parts += [Text(" "), part]
    return parts


def fills(bracket: Bracket, column: int, after: int, most: int = _MOST_LINES) -> bool:
    """Whether the elements can stand under each other after their bracket, on a few lines."""
    if column > FARTHEST_OPENER:
        return False
    lines, at = 1, column
    last = len(bracket.items) - 1
    for n, item in enumerate(bracket.items):
        width = len(item.part.flat) + (1 if n < last else len(bracket.closer) + bracket.single + after)
        if n and at + 1 + width > WIDTH:
            lines, at = lines + 1, column
        else:
            at += bool(n)
        at += width
        if at > WIDTH:
            return False
    return lines <= most


def goes_on(step: Step, column: int, below: int, after: int) -> bool:
    """Whether the only step of a chain, too long for the line, begins beside its source all the same, at a column; not
    where it fits on the line ``below`` and is more than a list of steps."""
    bracket = last_bracket(step.value)
    fits_below = not step.broken and below + len(step.flat) + after <= WIDTH
    if step.annotations:
        widest = max(len(step.head) + len(step.value.flat), *(len(a.flat) for a in step.annotations))
        return not fits_below and not step.value.broken and column + widest <= WIDTH
    if fits_below and (step.tail or column - below > FARTHEST_BROKEN):
        return False
    if bracket is None:
        return not fits_below and column + step.lead <= WIDTH
    return column + len(step.head) + len(step.value.flat) - len(bracket.flat) + len(bracket.opener) <= WIDTH


def last_bracket(part: Part) -> Bracket | None:
    """The bracket that a part ends with, where nothing before it can be broken."""
    if isinstance(part, Bracket):
        return part if part.opens else None
    if isinstance(part, Row) and not any(p.opens for p in part.parts[:-1]):
        return last_bracket(part.parts[-1])
    return None
