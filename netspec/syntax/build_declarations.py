"""Builder functions of declarations, parameters and their types, and of the document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netspec.diagnostics.help import Help, removed
from netspec.syntax.ast import (
    Block,
    Call,
    Constant,
    Declaration,
    Document,
    Example,
    Function,
    Import,
    Interpolation,
    ListType,
    LiteralType,
    NamedType,
    OptionalType,
    Parameter,
    Type,
    UnionType,
    Use,
    Variant,
)
from netspec.syntax.build_statements import Statements


class Declarations(Statements):
    # ------------------------------------------------------------------------------------------------- document

    def on_empty_document(self, s: list[Any]) -> Document:
        return Document(self.source, s[0], ())

    def on_document(self, s: list[Any]) -> Document:
        return Document(self.source, s[0], tuple(s[2]), self._document_doc(s[0], s[2]))

    def on_edition(self, s: list[Any]) -> int:
        self.edition_start = s[0].start
        return int(s[1].text)

    def _document_doc(self, edition: int, declarations: list[Declaration]) -> str:
        """The comment at the top: above the edition, or above the first declaration and apart from its own."""
        above = self.docs.above.get(self.edition_start)
        if above:
            return "\n\n".join(above)
        first = declarations[0]
        if first is None:
            return ""
        groups = self.docs.above.get(first.span.start, [])
        return "\n\n".join(groups if isinstance(first, Use) else groups[:-1])

    # ------------------------------------------------------------------------------------------------- declarations

    def on_use(self, s: list[Any]) -> Use:
        word, path, _, names, _, closer = s
        plain = self.on_string([[path]])
        if isinstance(plain, Interpolation):
            self.refuse("a path cannot have `{…}`", plain.span, code="NS700", help="write the path itself")
        text = str(plain.value) if isinstance(plain, Constant) else ""
        return Use(text, tuple(names), span=self.span(word.start, closer.end), path_span=self.token_span(path))

    def on_used(self, s: list[Any]) -> Import:
        name, _, alias = s
        last = alias or name
        return Import(name.text, last.text, span=self.span(name.start, last.end))

    def on_fn(self, s: list[Any]) -> Function:
        word, name, (params, _), _, item = s
        body = self.value(item, "in a `fn`")
        end = self.end(body)
        return Function(name.text, params, body, self.doc(word.start, end), span=self.span(word.start, end),
                        name_span=self.token_span(name))  # fmt: skip

    def on_block(self, s: list[Any]) -> Block:
        word, name, (params, header), _, class_name, annotations, (body, end) = s
        if class_name is not None:
            header = class_name.span.end
        if annotations:
            header = annotations[-1].span.end
        return Block(
            word.text, name.text, params, class_name, tuple(annotations or ()), body, self.doc(word.start, header),
            span=self.span(word.start, end), name_span=self.token_span(name),
        )  # fmt: skip

    def on_variant(self, s: list[Any]) -> Variant:
        word, name, _, class_name, _, item = s
        value = self.value(item, f"in a `{word.text}` statement")
        end = self.end(value)
        return Variant(word.text, name.text, class_name, value, self.doc(word.start, end),
                       span=self.span(word.start, end), name_span=self.token_span(name))  # fmt: skip

    def on_example(self, s: list[Any]) -> Example:
        value = self.value(s[1], "in an `example`")
        if not isinstance(value, Call):
            self.refuse("an example is a network with its arguments", value.span, "not a call",
                        help="write `example Network(depth=18)`")  # fmt: skip
        return Example(value, span=self.span(s[0].start, self.end(value)))

    # ------------------------------------------------------------------------------------------------- parameters

    def on_no_params(self, s: list[Any]) -> tuple[tuple[Parameter, ...], int]:
        return (), s[1].end

    def on_params(self, s: list[Any]) -> tuple[tuple[Parameter, ...], int]:
        return tuple(s[1]), s[3].end

    def on_param(self, s: list[Any]) -> Parameter:
        name, _, type_, _, item = s
        if name.text == "self":
            help = Help("leave it out: a block's own names are enough", removed(self.token_span(name)))
            self.refuse("there is no `self` in a spec", self.token_span(name), code="NS100", help=help)
        default = None if item is None else self.value(item, "as a default")
        end = self.end(default) if default is not None else type_.span.end if type_ else name.end
        return Parameter(name.text, type_, default, False, self.doc(name.start, end),
                         span=self.span(name.start, end), name_span=self.token_span(name))  # fmt: skip

    def on_rest_param(self, s: list[Any]) -> Parameter:
        span = self.span(s[0].start, s[1].end)
        return Parameter(s[1].text, None, None, True, self.doc(span.start, span.end), span=span,
                         name_span=self.token_span(s[1]))  # fmt: skip

    # ------------------------------------------------------------------------------------------------- types

    def on_type(self, s: list[Any]) -> Type:
        members: list[Type] = s[0]
        if len(members) == 1:
            return members[0]
        return UnionType(tuple(members), span=members[0].span.to(members[-1].span))

    def on_list_type(self, s: list[Any]) -> ListType:
        item, _, token, closer = s
        length: int | str | None = None
        if token is not None:
            length = int(token.text) if token.type == "INT" else token.text
        return ListType(item, length, span=self.span(item.span.start, closer.end))

    def on_optional_type(self, s: list[Any]) -> OptionalType:
        return OptionalType(s[0], span=self.span(s[0].span.start, s[1].end))

    def on_named_type(self, s: list[Any]) -> NamedType:
        return NamedType(s[0].text, span=self.token_span(s[0]))

    def on_string_type(self, s: list[Any]) -> LiteralType:
        if isinstance(s[0], Interpolation):
            self.refuse("a type cannot have `{…}`", s[0].span, help="write the text itself")
            return LiteralType("", span=s[0].span)
        return LiteralType(str(s[0].value), span=s[0].span)

    def on_int_type(self, s: list[Any]) -> LiteralType:
        return LiteralType(int(s[0].text), span=self.token_span(s[0]))

    def on_negative_type(self, s: list[Any]) -> LiteralType:
        return LiteralType(-int(s[1].text), span=self.span(s[0].start, s[1].end))

    def on_paren_type(self, s: list[Any]) -> Type:
        type_: Type = s[1]
        return replace(type_, span=self.span(s[0].start, s[2].end))
