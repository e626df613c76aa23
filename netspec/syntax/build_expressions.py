"""Builder functions of expressions: names, literals, operators, calls, lists, dicts."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics.help import Help, removed
from netspec.diagnostics.model import Edit
from netspec.source import Span
from netspec.syntax.ast import (
    Attribute,
    Binary,
    BoolOp,
    Call,
    Clause,
    Compare,
    Conditional,
    Constant,
    Dict,
    DictComp,
    Dots,
    Expr,
    Index,
    Interpolation,
    Keyword,
    List,
    ListComp,
    Name,
    Slice,
    Star,
    Sum,
    Target,
    Unary,
)
from netspec.syntax.build_base import Base
from netspec.syntax.literals import unescape
from netspec.syntax.rewriting import arguments_after, as_chain
from netspec.syntax.strings import pieces
from netspec.syntax.tokens import Token


class Expressions(Base):
    # ------------------------------------------------------------------------------------------------- literals

    def on_name(self, s: list[Any]) -> Name:
        token = s[0]
        return Name(token.text, span=Span(self.source, token.start, token.end))

    def on_integer(self, s: list[Any]) -> Constant:
        return self._constant(s[0], int(s[0].text))

    def on_floating(self, s: list[Any]) -> Constant:
        return self._constant(s[0], float(s[0].text))

    def on_true(self, s: list[Any]) -> Constant:
        return self._constant(s[0], True)

    def on_false(self, s: list[Any]) -> Constant:
        return self._constant(s[0], False)

    def on_none(self, s: list[Any]) -> Constant:
        return self._constant(s[0], None)

    def _constant(self, token: Token, value: int | float | bool | None) -> Constant:
        return Constant(value, span=Span(self.source, token.start, token.end))

    def on_string(self, s: list[Any]) -> Constant | Interpolation:
        tokens: list[Token] = s[0]
        span = self.span(tokens[0].start, tokens[-1].end)
        parts: list[str | Expr] = []
        for token in tokens:
            parts += self._string_parts(token)
        joined = merged(parts)
        if not joined:
            return Constant("", span=span)
        if len(joined) == 1 and isinstance(joined[0], str):
            return Constant(joined[0], span=span)
        return Interpolation(tuple(joined), span=span)

    def _string_parts(self, token: Token) -> list[str | Expr]:
        inside = token.text[1:-1]
        if "{" not in inside and "}" not in inside:
            return [unescape(inside)]
        parts: list[str | Expr] = []
        for piece in pieces(self.source, token.start + 1, token.end - 1, unescape, self.refusals):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            value = self.parse_fragment(*piece, self.depths.get(token.start, 0))
            if value is not None:
                parts.append(value)
        return parts

    # ------------------------------------------------------------------------------------------------- operators

    def on_unary(self, s: list[Any]) -> Unary:
        token = s[0]
        return Unary(token.text, s[1], span=self.span(token.start, self.end(s[1])))

    def on_binary(self, s: list[Any]) -> Binary:
        left, token, right = s
        return Binary(token.text, left, right, span=self.span(self.start(left), self.end(right)))

    def on_sum_first(self, s: list[Any]) -> tuple[list[Expr], list[str]]:
        return [s[0], s[2]], ["+", s[1].text]

    def on_sum_next(self, s: list[Any]) -> tuple[list[Expr], list[str]]:
        terms: tuple[list[Expr], list[str]] = s[0]
        terms[0].append(s[2])
        terms[1].append(s[1].text)
        return terms

    def on_sum(self, s: list[Any]) -> Sum:
        terms, signs = s[0]
        return Sum(tuple(terms), tuple(signs), span=self._around(terms))

    def on_not_in(self, s: list[Any]) -> Token:
        return Token("COMPARE", "not in", s[0].start, s[1].end)

    def on_compare_first(self, s: list[Any]) -> tuple[list[Expr], list[str]]:
        return [s[0], s[2]], [s[1].text]

    on_compare_next = on_sum_next

    def on_compare(self, s: list[Any]) -> Compare:
        operands, ops = s[0]
        return Compare(tuple(operands), tuple(ops), span=self._around(operands))

    def on_and_test(self, s: list[Any]) -> BoolOp:
        return BoolOp("and", tuple(s[0]), span=self._around(s[0]))

    def on_or_test(self, s: list[Any]) -> BoolOp:
        return BoolOp("or", tuple(s[0]), span=self._around(s[0]))

    def on_choice(self, s: list[Any]) -> Conditional:
        return Conditional(s[0], s[2], s[4], span=self.span(self.start(s[0]), self.end(s[4])))

    def _around(self, nodes: list[Expr]) -> Span:
        return self.span(self.start(nodes[0]), self.end(nodes[-1]))

    # ------------------------------------------------------------------------------------------------- postfixes

    def on_attribute(self, s: list[Any]) -> Attribute:
        value, _, name = s
        if isinstance(value, Name) and value.id == "self":
            self.refuse("there is no `self` in a spec", value.span, code="NS100",
                        help=Help(f"a step's own name is enough: `x -> {name.text}`", *self._without_self(value, name)))
        span = self.span(self.start(value), name.end)
        return Attribute(value, name.text, span=span, name_span=self.token_span(name))

    def _without_self(self, value: Expr, name: Token) -> list[Edit]:
        """``self.conv1(x)`` as ``x -> conv1``; in a chain the label alone."""
        inside = arguments_after(self.token_span(name))
        if self.text[: value.span.start].rstrip().endswith("->"):
            return [Edit(self.span(value.span.start, name.start), "")]
        if inside is None or not inside.text.strip():
            return []
        source = f"({inside.text})" if "," in inside.text else inside.text
        return [as_chain(self.span(value.span.start, inside.end + 1), f"{source} -> {name.text}")]

    def on_index(self, s: list[Any]) -> Index:
        return Index(s[0], tuple(s[2]), span=self.span(self.start(s[0]), s[4].end))

    def on_slice(self, s: list[Any]) -> Slice:
        return Slice(s[0], s[2], None, span=self._slice_span(s))

    def on_stepped_slice(self, s: list[Any]) -> Slice:
        return Slice(s[0], s[2], s[4], span=self._slice_span(s))

    def _slice_span(self, s: list[Any]) -> Span:
        parts = [part for part in s if part is not None]
        first, last = parts[0], parts[-1]
        return self.span(
            first.start if isinstance(first, Token) else self.start(first),
            last.end if isinstance(last, Token) else self.end(last),
        )

    def on_ellipsis(self, s: list[Any]) -> Dots:
        return Dots(span=self.token_span(s[0]))

    def on_star(self, s: list[Any]) -> Star:
        return Star(s[1], span=self.span(s[0].start, self.end(s[1])))

    def on_call(self, s: list[Any]) -> Call:
        function, _, arguments, closer = s
        args, keywords = arguments or ((), ())
        return Call(function, args, keywords, span=self.span(self.start(function), closer.end))

    def on_call_comprehension(self, s: list[Any]) -> Call:
        function, opener, item, clauses, closer = s
        span = self.span(opener.start, closer.end)
        items = ListComp(self.expression(item, "in a call"), tuple(clauses), span=span)
        return Call(function, (items,), (), span=self.span(self.start(function), closer.end))

    def on_keyword(self, s: list[Any]) -> Keyword:
        name, _, item = s
        value = self.expression(item, "in a call")
        span = self.span(name.start, self.end(value))
        return Keyword(name.text, value, span=span, name_span=self.token_span(name))

    def on_double_star(self, s: list[Any]) -> Keyword:
        span = self.span(s[0].start, self.end(s[1]))
        return Keyword(None, s[1], span=span, name_span=self.token_span(s[0]))

    def on_args(self, s: list[Any]) -> tuple[tuple[Expr | Star, ...], tuple[Keyword, ...]]:
        args: list[Expr | Star] = []
        keywords: list[Keyword] = []
        for argument in s[0]:
            if isinstance(argument, Keyword):
                self._check_duplicate(argument, keywords)
                keywords.append(argument)
                continue
            args.append(argument if isinstance(argument, Star) else self.expression(argument, "in a call"))
        self._check_order(s[0])
        return tuple(args), tuple(keywords)

    def _check_order(self, arguments: list[Any]) -> None:
        """Named arguments come last."""
        named = next((n for n, a in enumerate(arguments) if isinstance(a, Keyword)), len(arguments))
        late = next((a for a in arguments[named:] if not isinstance(a, Keyword)), None)
        if late is not None:
            names = [Edit(self.span(k.span.start, self.start(k.value)), "") for k in self._before(arguments, late)]
            self.refuse("an argument without a name cannot follow one with a name", late.span, code="NS100",
                        help=Help("leave out the names before it, or name it too", *names))  # fmt: skip

    def _before(self, arguments: list[Any], late: Any) -> list[Keyword]:
        return [a for a in arguments[: arguments.index(late)] if isinstance(a, Keyword) and a.name is not None]

    def _check_duplicate(self, keyword: Keyword, before: list[Keyword]) -> None:
        if keyword.name is not None and any(k.name == keyword.name for k in before):
            self.refuse(f"`{keyword.name}` is given twice", keyword.name_span,
                        code="NS205",
                        help=Help("keep one of the two", removed(keyword.span)))  # fmt: skip

    # ------------------------------------------------------------------------------------------------- brackets

    def on_paren(self, s: list[Any]) -> Expr:
        node = self.expression(s[1], "in parentheses of its own")
        self.parens[id(node)] = (node, s[0].start, s[2].end)
        return node

    def on_empty(self, s: list[Any]) -> List:
        return List((), "()" if s[0].text == "(" else "[]", span=self.span(s[0].start, s[1].end))

    def on_one_tuple(self, s: list[Any]) -> List:
        return List((self.element(s[1]),), "()", span=self.span(s[0].start, s[3].end))

    def on_tuple(self, s: list[Any]) -> List:
        return List((self.element(s[1]), *map(self.element, s[3])), "()", span=self.span(s[0].start, s[5].end))

    def on_list(self, s: list[Any]) -> List:
        return List(tuple(map(self.element, s[1])), "[]", span=self.span(s[0].start, s[3].end))

    def on_list_comprehension(self, s: list[Any]) -> ListComp:
        return ListComp(self.element(s[1]), tuple(s[2]), span=self.span(s[0].start, s[3].end))

    def on_empty_dict(self, s: list[Any]) -> Dict:
        return Dict((), span=self.span(s[0].start, s[1].end))

    def on_dict(self, s: list[Any]) -> Dict:
        return Dict(tuple(s[1]), span=self.span(s[0].start, s[3].end))

    def on_dict_comprehension(self, s: list[Any]) -> DictComp:
        key, value = s[1]
        return DictComp(key, value, tuple(s[2]), span=self.span(s[0].start, s[3].end))

    def on_entry(self, s: list[Any]) -> tuple[Expr, Expr]:
        return s[0], self.value(s[2], "in a dict")

    def on_clause(self, s: list[Any]) -> Clause:
        _, targets, _, iterable, _, condition = s
        end = self.end(condition if condition is not None else iterable)
        return Clause(tuple(targets), iterable, condition, span=self.span(s[0].start, end))

    def on_target(self, s: list[Any]) -> Target:
        return Target(s[0].text, span=self.token_span(s[0]))

    def on_target_group(self, s: list[Any]) -> Target:
        return Target(None, tuple(s[1]), span=self.span(s[0].start, s[3].end))


def merged(parts: list[str | Expr]) -> list[str | Expr]:
    """Join neighbouring literal parts, and drop empty ones."""
    joined: list[str | Expr] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined
