"""Builder functions of the statements in bodies."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics.help import Help
from netspec.syntax.ast import (
    Assert,
    Bind,
    BindTarget,
    Const,
    Constant,
    For,
    If,
    Input,
    Keyword,
    Let,
    Module,
    Order,
    Output,
    Policy,
    RawTensor,
    Selector,
    Statement,
    Step,
    Target,
)
from netspec.syntax.build_chains import Chains
from netspec.syntax.rewriting import without_word
from netspec.syntax.tokens import Token

Body = tuple[Statement, ...]


class Statements(Chains):
    def doc(self, start: int, end: int) -> str:
        """The ``##`` comment above what starts at a place, or beside what ends at one."""
        groups = self.docs.above.get(start)
        return groups[-1] if groups else self.docs.beside.get(end, "")

    # ------------------------------------------------------------------------------------------------- bodies

    def on_empty_body(self, s: list[Any]) -> tuple[Body, int]:
        return (), s[1].end

    def on_body(self, s: list[Any]) -> tuple[Body, int]:
        statements: list[Statement] = []
        for statement in s[1]:
            statements += statement if isinstance(statement, list) else [statement]
        return tuple(statements), s[2].end

    # ------------------------------------------------------------------------------------------------- tensors

    def on_input(self, s: list[Any]) -> Input:
        word, name, _, dims, _, conditions, annotations = s
        dtype, sizes, family, end = dims or (None, None, False, name.end)
        if conditions:
            end = self.end(conditions[-1])
        if annotations:
            end = annotations[-1].span.end
        return Input(
            name.text, dtype, sizes, family, tuple(conditions or ()), tuple(annotations or ()),
            self.doc(word.start, end), span=self.span(word.start, end), name_span=self.token_span(name),
        )  # fmt: skip

    def on_inputs(self, s: list[Any]) -> list[Input]:
        word, first, _, others = s
        names: list[Token] = [first, *others]
        doc = self.doc(word.start, names[-1].end)
        return [Input(n.text, doc=doc, span=self.token_span(n), name_span=self.token_span(n)) for n in names]

    def on_dims(self, s: list[Any]) -> tuple[Any, ...]:
        return s[0].text if s[0] else None, tuple(s[2]), False, s[4].end

    def on_family(self, s: list[Any]) -> tuple[Any, ...]:
        return s[0].text if s[0] else None, None, True, s[3].end

    def on_output(self, s: list[Any]) -> Output:
        values = tuple(self.expression(item, "in an output") for item in s[1])
        return Output(None, values, span=self.span(s[0].start, self.end(values[-1])))

    def on_labelled_output(self, s: list[Any]) -> Output:
        value = self.expression(s[3], "in an output")
        return Output(s[1], (value,), span=self.span(s[0].start, self.end(value)))

    def on_bind(self, s: list[Any]) -> Bind:
        targets, _, item = s
        value = self.expression(item, "on the right of `=`")
        return Bind(tuple(targets), value, span=self.span(targets[0].span.start, self.end(value)))

    def on_place(self, s: list[Any]) -> BindTarget:
        return BindTarget(s[0].text, span=self.token_span(s[0]))

    def on_indexed_place(self, s: list[Any]) -> BindTarget:
        index = self.value(s[2], "in an index")
        return BindTarget(s[0].text, index, span=self.span(s[0].start, s[3].end))

    def on_starred_place(self, s: list[Any]) -> BindTarget:
        return BindTarget(s[1].text, star=True, span=self.span(s[0].start, s[1].end))

    def on_module(self, s: list[Any]) -> Module:
        word, label, _, item = s
        annotations: tuple[Any, ...] = ()
        if isinstance(item, Step) and item.label is None and item.condition is None:
            annotations, value, end = item.annotations, item.value, item.span.end
        else:
            value = self.value(item, "in a `module` statement")
            end = self.end(value)
        return Module(label, value, annotations, span=self.span(word.start, end))

    def on_raw_tensor(self, s: list[Any]) -> RawTensor:
        word, name, _, (dtype, dims, family, end), _, item = s
        if family:
            self.refuse(f"`[*]` cannot stand in a `{word.text}`", self.span(name.start, end), "no sizes are given",
                        help="write its sizes: `[1, 1, dim]`")  # fmt: skip
        value = None if item is None else self.value(item, f"in a `{word.text}` statement")
        return RawTensor(
            word.text, name.text, dtype, dims or (), value, name_span=self.token_span(name),
            span=self.span(word.start, end if value is None else self.end(value)),
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------- values

    def on_let(self, s: list[Any]) -> Let:
        help = Help("leave out `let`: `y = x -> …` names a tensor", without_word(self.token_span(s[0])))
        value = self.value(s[3], "in a `let`", help)
        return Let(s[1], value, span=self.span(s[0].start, self.end(value)))

    def on_let_target(self, s: list[Any]) -> Target:
        targets: list[Target] = s[0]
        if len(targets) == 1:
            return targets[0]
        return Target(None, tuple(targets), span=targets[0].span.to(targets[-1].span))

    def on_const(self, s: list[Any]) -> Const:
        word, name, _, item = s
        value = self.value(item, "in a `const`")
        end = self.end(value)
        return Const(name.text, value, self.doc(word.start, end), span=self.span(word.start, end),
                     name_span=self.token_span(name))  # fmt: skip

    def on_assertion(self, s: list[Any]) -> Assert:
        word, condition, _, message = s
        return Assert(condition, message, span=self.span(word.start, self.end(message or condition)))

    # ------------------------------------------------------------------------------------------------- control

    def on_for_loop(self, s: list[Any]) -> For:
        word, targets, _, iterable, annotations, (body, end) = s
        return For(tuple(targets), iterable, body, tuple(annotations or ()), span=self.span(word.start, end))

    def on_if_start(self, s: list[Any]) -> list[Any]:
        word, condition, (body, end) = s
        return [word.start, end, [(condition, body)]]

    def on_if_more(self, s: list[Any]) -> list[Any]:
        chain: list[Any] = s[0]
        body, chain[1] = s[3]
        chain[2].append((s[2], body))
        return chain

    def on_if_else(self, s: list[Any]) -> If:
        start, _, branches = s[0]
        body, end = s[2]
        return If((*branches, (None, body)), span=self.span(start, end))

    def on_if_end(self, s: list[Any]) -> If:
        start, end, branches = s[0]
        return If(tuple(branches), span=self.span(start, end))

    # ------------------------------------------------------------------------------------------------- policies

    def on_policy(self, s: list[Any]) -> Policy:
        word, selector, settings, _, condition = s
        keywords: tuple[Keyword, ...]
        keywords, end = settings or ((), selector.span.end)
        if keywords and word.text != "init":
            self.refuse(f"`{word.text}` has no settings", self.span(keywords[0].span.start, keywords[-1].span.end),
                        help="only `init` has")  # fmt: skip
        if condition is not None:
            end = self.end(condition)
        return Policy(word.text, selector, keywords, condition, span=self.span(word.start, end))

    def on_settings(self, s: list[Any]) -> tuple[Any, int]:
        keywords: list[Keyword] = []
        for keyword in s[1]:
            self._check_duplicate(keyword, keywords)
            keywords.append(keyword)
        return tuple(keywords), s[3].end

    def on_setting_end(self, s: list[Any]) -> Token:
        token: Token = s[0]
        return token

    def on_named_selector(self, s: list[Any]) -> Selector:
        span = self.token_span(s[0])
        return Selector(Constant(s[0].text, span=span), False, span=span)

    on_star_selector = on_named_selector

    def on_quoted_selector(self, s: list[Any]) -> Selector:
        return Selector(s[0], True, span=s[0].span)

    def on_order(self, s: list[Any]) -> Order:
        return Order(tuple(s[1]), span=self.span(s[0].start, s[1][-1].span.end))
