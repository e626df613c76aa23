"""Sizes and conditions as Python code, which specs take too: generated modules check with it, `where` can say it."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.dims.atoms import Atom, Extremum, Floor, Group, Monomial, Quotient, Symbol
from netspec.dims.domain import Condition
from netspec.dims.form import Dim, Size


class UnreadableError(Exception):
    """A size that no code can compute from the open sizes that are known."""


#: How tightly an expression binds, as in Python: sums, products, everything else.
SUM, PRODUCT, TIGHT = 0, 1, 2
Text = tuple[str, int]
_BINDS = {"+": SUM, "-": SUM, "*": PRODUCT, "//": PRODUCT, "%": PRODUCT}


def infix(operator: str, args: list[Text]) -> Text:
    """Operands joined by an operator, with parentheses where Python needs them.

    >>> infix("*", [("a + b", SUM), ("c", TIGHT)])
    ('(a + b) * c', 1)
    """
    binds = _BINDS[operator]
    loose = operator in "+*"
    parts = [_bracketed(args[0], binds)] + [_bracketed(a, binds if loose else binds + 1) for a in args[1:]]
    return f" {operator} ".join(parts), binds


def _bracketed(text: Text, least: int) -> str:
    return text[0] if text[1] >= least else f"({text[0]})"


def number(value: int) -> Text:
    return str(value), TIGHT if value >= 0 else SUM


def size_text(size: Size, symbols: Mapping[str, str]) -> Text:
    """The code of a size whose open sizes have these codes. Raises `UnreadableError`.

    >>> from netspec.dims import symbol
    >>> size_text(symbol("H") % 16, {"H": "x.shape[2]"})[0]
    'x.shape[2] % 16'
    """
    if isinstance(size, int):
        return number(size)
    remainder = _remainder(size)
    if remainder is not None:
        numerator, divisor = remainder
        return infix("%", [size_text(numerator, symbols), number(divisor)])
    return _sum(size, symbols)


def _remainder(size: Dim) -> tuple[Size, int] | None:
    """``n, d`` where the size is ``n - d * floor(n / d)``."""
    for monomial, coefficient in size.terms:
        if len(monomial) == 1 and isinstance(monomial[0], Floor) and coefficient == -monomial[0].divisor:
            atom = monomial[0]
            if size == atom.numerator % atom.divisor:
                return atom.numerator, atom.divisor
    return None


def _sum(size: Dim, symbols: Mapping[str, str]) -> Text:
    text, binds = "", SUM
    for monomial, coefficient in size.terms:
        part, part_binds = _product(monomial, abs(coefficient), symbols)
        if text:
            text += f" - {_bracketed((part, part_binds), PRODUCT)}" if coefficient < 0 else f" + {part}"
        elif coefficient < 0:  # a minus binds more tightly than `//`: -B // 2 is (-B) // 2
            text, binds = f"-{part if coefficient < -1 else _bracketed((part, part_binds), TIGHT)}", SUM
        else:
            text, binds = part, part_binds
    if size.constant:
        text, binds = f"{text} {'-' if size.constant < 0 else '+'} {abs(size.constant)}", SUM
    return text, binds if len(size.terms) == 1 else SUM


def _product(monomial: Monomial, coefficient: int, symbols: Mapping[str, str]) -> Text:
    factors = [_atom(a, symbols) for a in monomial]
    if coefficient != 1:
        factors.insert(0, number(coefficient))
    return (
        factors[0]
        if len(factors) == 1
        else infix("*", [factors[0], *((f"({t})", TIGHT) if b < TIGHT else (t, b) for t, b in factors[1:])])
    )


def _atom(atom: Atom, symbols: Mapping[str, str]) -> Text:
    match atom:
        case Symbol() if atom.name in symbols:
            return symbols[atom.name], TIGHT
        case Floor() | Quotient():
            return infix("//", [size_text(atom.numerator, symbols), size_text(atom.divisor, symbols)])
        case Extremum():
            return f"{atom.kind}({', '.join(size_text(s, symbols)[0] for s in atom.sizes)})", TIGHT
        case Group():
            return size_text(atom.size, symbols)
    raise UnreadableError(atom.key)


def condition_text(condition: Condition, symbols: Mapping[str, str]) -> str:
    """The code of a condition. Raises `UnreadableError`."""
    left, right = (size_text(s, symbols)[0] for s in (condition.left, condition.right))
    return f"{left} {condition.relation} {right}"


#: What is true where a comparison is not.
NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def negated(condition: Condition) -> Condition:
    """The opposite of a condition, for ``if … raise``."""
    return Condition(condition.left, NEGATED[condition.relation], condition.right)  # type: ignore[arg-type]
