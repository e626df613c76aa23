"""Expressions as parts: operators with as few parentheses as their meaning needs, calls, lists, dicts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from netspec.syntax import ast
from netspec.syntax.brackets import CLOSERS
from netspec.syntax.format.comments import Notes
from netspec.syntax.format.layout import NOWHERE, Bracket, Item, Operand, Operation, Part, Row, Style, Text
from netspec.syntax.format.literals import quoted, written

#: What may stand at a place without parentheses, and what an expression is: the rules of grammar.lark, loosest first.
ITEM, EXPR, TEST, CONJUNCTION, NEGATION, COMPARISON, SUM, PRODUCT, SIGNED, POWER, POSTFIX = range(11)


def level(node: ast.Expr) -> int:
    """Which rule of the grammar makes an expression."""
    match node:
        case ast.Chain():
            return ITEM
        case ast.Conditional():
            return EXPR
        case ast.BoolOp(op="or"):
            return TEST
        case ast.BoolOp():
            return CONJUNCTION
        case ast.Unary(op="not"):
            return NEGATION
        case ast.Compare():
            return COMPARISON
        case ast.Sum():
            return SUM
        case ast.Binary(op="**"):
            return POWER
        case ast.Binary():
            return PRODUCT
        case ast.Unary():
            return SIGNED
        case ast.Constant(value=int() | float() as number) if number < 0:
            return SIGNED
    return POSTFIX


class Expressions:
    """Makes parts of expressions; `netspec.syntax.format.chains` has those of chains and steps."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.depth = 0

    def start(self, node: ast.Node) -> int:
        """Where a node starts in the text that is formatted."""
        return NOWHERE if self.notes.source is None else node.span.start

    def end(self, node: ast.Node) -> int:
        return NOWHERE if self.notes.source is None else node.span.end

    def commented(self, start: int, end: int) -> bool:
        return start != NOWHERE and self.notes.between(start, end)

    # ------------------------------------------------------------------------------------------------- any

    def expression(self, node: ast.Expr, least: int = ITEM) -> Part:
        """An expression where ``least`` stands in the grammar, in parentheses where it needs them."""
        part = self._bare(node)
        part = part if level(node) >= least else self.parenthesised(part, node)
        return self.whole(part, self.start(node), self.end(node))

    def whole(self, part: Part, start: int, end: int) -> Part:
        """A part between two places of the text, on one line where a comment is about that line."""
        return Text(part.flat) if self.notes.kept(start, end) else part

    def parenthesised(self, part: Part, node: ast.Expr) -> Part:
        return Bracket("(", [Item(part, self.start(node))], ")", "paren")

    def _bare(self, node: ast.Expr) -> Part:
        match node:
            case ast.Name():
                return Text(node.id)
            case ast.Constant() | ast.Interpolation():
                return self.literal(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Index():
                return self._index(node)
            case ast.List() | ast.ListComp() | ast.Dict() | ast.DictComp():
                return self._display(node)
            case ast.Chain():
                return self.chain(node)
        return self._operation(node)

    def chain(self, node: ast.Chain) -> Part:
        raise NotImplementedError

    def element(self, node: ast.Expr | ast.Step | ast.Star) -> Part:
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------- literals

    def literal(self, node: ast.Constant | ast.Interpolation) -> Text:
        """A string in its one form; a number as it is written."""
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            as_is = self.notes.source is not None and not isinstance(node.value, (bool, type(None)))
            return Text(node.span.text if as_is else written(node.value))
        if isinstance(node, ast.Interpolation) and self.notes.source is not None and "#" in node.span.text:
            kept = self._with_comment(node)
            if kept:
                return Text(kept)
        return Text(quoted(node, self.depth, self._interpolated))

    def _with_comment(self, node: ast.Interpolation) -> str:
        """The string as it is written, if a comment stands in its braces."""
        inner = (p for p in node.parts if not isinstance(p, str))
        written = node.span.text
        return written if any(_comment_after(written, p.span.end - node.span.start) for p in inner) else ""

    def _interpolated(self, node: ast.Expr) -> str:
        self.depth += 1
        text = self.expression(node, EXPR).flat
        self.depth -= 1
        return text

    # ------------------------------------------------------------------------------------------------- operators

    def _operation(self, node: ast.Expr) -> Part:
        match node:
            case ast.Unary():
                sign = "-" if node.op == "-" else "not "
                return Row([Text(sign), self.expression(node.operand, SIGNED if node.op == "-" else NEGATION)])
            case ast.Binary(op="**"):
                return Row([self.expression(node.left, POSTFIX), Text(" ** "), self.expression(node.right, SIGNED)])
            case ast.Binary():
                return self._product(node)
            case ast.Sum():
                signs = ("", *(f"{sign} " for sign in node.signs[1:]))
                return self._operands(node.terms, signs, PRODUCT)
            case ast.Compare():
                return self._operands(node.operands, ("", *(f"{op} " for op in node.ops)), SUM)
            case ast.BoolOp():
                signs = ("", *[f"{node.op} "] * (len(node.operands) - 1))
                return self._operands(node.operands, signs, CONJUNCTION if node.op == "or" else NEGATION)
        assert isinstance(node, ast.Conditional), node
        return self._conditional(node)

    def _product(self, node: ast.Binary) -> Part:
        operands: list[ast.Expr] = []
        signs: list[str] = []
        left: ast.Expr = node
        while isinstance(left, ast.Binary) and left.op != "**":
            operands.append(left.right)
            signs.append(f"{left.op} ")
            left = left.left
        first = self._operand("", left, PRODUCT)
        rest = [self._operand(sign, o, SIGNED) for sign, o in zip(reversed(signs), reversed(operands), strict=True)]
        return self._joined([left, *reversed(operands)], [first, *rest])

    def _conditional(self, node: ast.Conditional) -> Part:
        operands = [self._operand("", node.then, TEST), self._operand("if ", node.condition, TEST)]
        nodes: list[ast.Expr] = [node.then, node.condition]
        while isinstance(node.otherwise, ast.Conditional):
            node = node.otherwise
            operands.append(self._operand("else ", node.then, TEST))
            operands.append(self._operand("if ", node.condition, TEST))
            nodes += [node.then, node.condition]
        operands.append(self._operand("else ", node.otherwise, EXPR))
        return self._joined([*nodes, node.otherwise], operands)

    def _operands(self, nodes: Sequence[ast.Expr], signs: Sequence[str], least: int) -> Part:
        return self._joined(nodes, [self._operand(sign, n, least) for sign, n in zip(signs, nodes, strict=True)])

    def _operand(self, sign: str, node: ast.Expr, least: int) -> Operand:
        return Operand(sign, self.expression(node, least), self.start(node))

    def _joined(self, nodes: Sequence[ast.Expr], operands: list[Operand]) -> Operation:
        return Operation(operands, any(self.commented(self.end(a), self.start(b)) for a, b in pairwise(nodes)))

    # ------------------------------------------------------------------------------------------------- postfixes

    def _attribute(self, node: ast.Attribute) -> Part:
        value = self.expression(node.value, POSTFIX)
        if isinstance(node.value, ast.Constant) and not isinstance(node.value.value, str):
            value = self.parenthesised(value, node.value)
        return Row([value, Text(f".{node.name}")])

    def _call(self, node: ast.Call) -> Part:
        function = self.expression(node.function, POSTFIX)
        return Row([function, self.arguments(node.args, node.keywords, self.end(node.function), self.end(node))])

    def arguments(self, args: Sequence[ast.Expr | ast.Star], keywords: Sequence[ast.Keyword], start: int,
                  end: int) -> Bracket:  # fmt: skip
        """``(a, *b, c=d, **e)``, between two places of the text."""
        nodes = [*args, *keywords]
        parts = [*map(self.element, args), *map(self.keyword, keywords)]
        return self.bracket("(", nodes, parts, ")", "fill", start, end)

    def keyword(self, node: ast.Keyword, equals: str = "=") -> Part:
        if node.name is None:
            return Row([Text("**"), self.expression(node.value, TEST)])
        return Row([Text(f"{node.name}{equals}"), self.expression(node.value)])

    def star(self, node: ast.Star) -> Part:
        return Row([Text("*"), self.expression(node.value, TEST)])

    def _index(self, node: ast.Index) -> Part:
        value = self.expression(node.value, POSTFIX)
        parts = [self._place(n) for n in node.indices]
        return Row([value, self.bracket("[", node.indices, parts, "]", "index", self.end(node.value), self.end(node))])

    def _place(self, node: ast.Expr | ast.Slice | ast.Dots | ast.Star) -> Part:
        match node:
            case ast.Dots():
                return Text("...")
            case ast.Star():
                return self.star(node)
            case ast.Slice():
                return self._slice(node)
        return self.expression(node, EXPR)

    def _slice(self, node: ast.Slice) -> Part:
        lower, upper, step = (p and self.expression(p, EXPR) for p in (node.lower, node.upper, node.step))
        parts = [*([lower] if lower else []), Text(":"), *([upper] if upper else [])]
        return Row([*parts, Text(":"), step] if step else parts)

    # ------------------------------------------------------------------------------------------------- brackets

    def bracket(self, opener: str, nodes: Sequence[ast.Node], parts: Sequence[Part], closer: str, style: Style,
                start: int, end: int, single: bool = False) -> Bracket:  # fmt: skip
        """Elements in a bracket that stands in a range of the text; ``end`` is right after its closing sign."""
        place = end - 1 if end != NOWHERE else NOWHERE
        commented = self.commented(start, end)
        if self.notes.source is not None and self.notes.source.text[start] not in CLOSERS:
            start = self.notes.next(opener.strip(), start)
        whole = self.notes.kept(start, place)
        shut = bool(nodes) and not whole and self.notes.kept(self.end(nodes[-1]), place)
        return Bracket(opener, self.items(nodes, parts, start), closer, style, start=start, end=place,
                       commented=commented, single=single, whole=whole, shut=shut)  # fmt: skip

    def items(self, nodes: Sequence[ast.Node], parts: Sequence[Part], place: int = NOWHERE) -> list[Item]:
        """Elements after a place of the text."""
        items = []
        for node, part in zip(nodes, parts, strict=True):
            items.append(Item(part, self.start(node), self.notes.kept(place, self.start(node))))
            place = self.end(node)
        return items

    def _display(self, node: ast.List | ast.ListComp | ast.Dict | ast.DictComp) -> Part:
        start, end = self.start(node), self.end(node)
        match node:
            case ast.List():
                opener, closer = node.brackets
                parts = [self.element(n) for n in node.items]
                style: Style = "rows" if opener == "[" and any(map(_is_row, node.items)) else "fill"
                single = opener == "(" and len(parts) == 1
                return self.bracket(opener, node.items, parts, closer, style, start, end, single)
            case ast.Dict():
                keys = [key for key, _ in node.pairs]
                return self.bracket("{", keys, [self._entry(*pair) for pair in node.pairs], "}", "rows", start, end)
            case ast.ListComp():
                parts = [self.element(node.item), *map(self._clause, node.clauses)]
                return self.bracket("[", (node.item, *node.clauses), parts, "]", "parts", start, end)
        parts = [self._entry(node.key, node.value), *map(self._clause, node.clauses)]
        return self.bracket("{", (node.key, *node.clauses), parts, "}", "parts", start, end)

    def _entry(self, key: ast.Expr, value: ast.Expr) -> Part:
        return Row([self.expression(key, TEST), Text(": "), self.expression(value, EXPR)])

    def _clause(self, node: ast.Clause) -> Part:
        parts = [Text(f"for {targets(node.targets)} in "), self.expression(node.iterable, TEST)]
        if node.condition is not None:
            parts += [Text(" if "), self.expression(node.condition, TEST)]
        return Row(parts)


def targets(nodes: Sequence[ast.Target]) -> str:
    """``i, (a, b)``."""
    return ", ".join([n.name if n.name is not None else group(n) for n in nodes])


def group(node: ast.Target) -> str:
    """``(a, b)``; ``(a,)`` of one."""
    return f"({targets(node.group)}{',' if len(node.group) == 1 else ''})"


def _is_row(node: ast.Expr | ast.Step | ast.Star) -> bool:
    """Whether an element of a list has a line of its own where the list is broken: what is more than a value."""
    if isinstance(node, ast.Star):
        return True
    return isinstance(node, (ast.Step, ast.Chain, ast.Call, ast.Binary, ast.ListComp, ast.Dict, ast.DictComp))


def _comment_after(text: str, place: int) -> bool:
    return text[place:].lstrip(" \t)").startswith("#")
