"""What all builder functions share: spans, lists, and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Source, Span
from netspec.syntax.annotations import ANNOTATIONS
from netspec.syntax.ast import Chain, Conditional, Expr, Node, Star, Step
from netspec.syntax.ast import Label as StepLabel
from netspec.syntax.tokens import Docs, Token

#: Parses the ``{expr}`` of a string: source range and nesting depth to an expression, or None with a diagnostic noted.
Fragment = Callable[[int, int, int], Expr | None]


class Base:
    """The state of one build, and the productions that only collect."""

    def __init__(self, source: Source, docs: Docs, depths: dict[int, int], fragment: Fragment) -> None:
        self.begin(source, docs, depths, fragment)

    def begin(self, source: Source, docs: Docs, depths: dict[int, int], fragment: Fragment) -> None:
        """Turn to another source, with nothing refused yet."""
        self.source = source
        self.text = source.text
        self.docs = docs
        self.depths = depths
        self.parse_fragment = fragment
        self.refusals: list[Diagnostic] = []
        #: Parenthesised nodes by id, with the places of their parentheses (the node, so that it stays alive).
        self.parens: dict[int, tuple[Node, int, int]] = {}

    # ------------------------------------------------------------------------------------------------- spans

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def token_span(self, token: Token) -> Span:
        return Span(self.source, token.start, token.end)

    def start(self, node: Node) -> int:
        """Where a node starts, its parentheses included."""
        paren = self.parens.get(id(node))
        return paren[1] if paren else node.span.start

    def end(self, node: Node) -> int:
        paren = self.parens.get(id(node))
        return paren[2] if paren else node.span.end

    # ------------------------------------------------------------------------------------------------- refusals

    def refuse(self, message: str, span: Span, label: str = "", *, code: str = "NS106", help: str = "",
               related: tuple[Label, ...] = ()) -> None:  # fmt: skip
        """Note that the language does not take what the grammar accepted."""
        self.refusals.append(Diagnostic(code, message, Label(span, label), related, help=help))

    def value(self, item: Expr | Step, where: str, help: str = "bind it to a name first: `y = x -> …`") -> Expr:
        """An item where only a value may stand: neither a step nor a chain without parentheses."""
        item = self.expression(item, where)
        if isinstance(item, Chain) and id(item) not in self.parens:
            self.refuse(f"a chain cannot stand {where}", item.span, "this is a tensor, not a value", help=help)
        return item

    def expression(self, item: Expr | Step | Star, where: str) -> Expr:
        """An item where a value or a chain may stand, but no step."""
        if isinstance(item, Step):
            return conditional(item) or self._unstep(item, where)
        if isinstance(item, Star):
            self.refuse(f"`*` cannot stand {where}", item.span, help="it unpacks into a list, a call or an index")
            return item.value
        return item

    def element(self, item: Expr | Step | Star) -> Expr | Step | Star:
        """An item of a list: a step only if it has something that expressions do not have."""
        return conditional(item) or item if isinstance(item, Step) else item

    def _unstep(self, step: Step, where: str) -> Expr:
        """Refuse the parts of a step that an expression does not have."""
        if step.label is not None:
            self._refuse_label(step.label, where)
        elif step.annotations:
            if step.annotations[0].name in ANNOTATIONS:  # another one is refused already
                self.refuse(f"an annotation cannot stand {where}", step.annotations[0].span,
                            help="annotations stand after steps and their sources, inputs, `for` and headers")
        elif step.otherwise is None:
            assert step.condition is not None
            self.refuse(f"an `if` without `else` cannot stand {where}", step.condition.span, "no `else` follows",
                        help="add `else` and the other value")  # fmt: skip
        return step.value

    def _refuse_label(self, label: StepLabel, where: str) -> None:
        help = "steps stand after `->` or in `[…]`"
        if label.plain and where == "in a call":
            colon = _colon(self.text, label.span.end)
            edits = [Edit(self.span(*colon.span()), "=")] if colon else []
            help = Help(f"write `{label.plain}=…` for an argument", *edits)
        if label.plain and where == "in an output":
            help = f'write `output "{label.plain}" = …`'
        self.refuse(f"a step's label cannot stand {where}", label.span, "a label", help=help)

    # ------------------------------------------------------------------------------------------------- lists

    def on_first(self, s: list[Any]) -> list[Any]:
        return s

    def on_next(self, s: list[Any]) -> list[Any]:
        items: list[Any] = s[0]
        items.append(s[2])
        return items

    def on_more(self, s: list[Any]) -> list[Any]:
        items: list[Any] = s[0]
        items.append(s[1])
        return items

    def on_pair(self, s: list[Any]) -> list[Any]:
        return [s[0], s[2]]


_colon = re.compile(r"\s*:[ \t]*").match


def conditional(step: Step) -> Expr | None:
    """``a if c else b`` that was read as a step, where it has nothing that only steps have."""
    otherwise = step.otherwise
    if step.label or step.stage or step.annotations or step.condition is None or otherwise is None:
        return None
    value: Expr | None = otherwise.value
    if otherwise.label or otherwise.stage or otherwise.annotations or otherwise.condition is not None:
        value = conditional(otherwise)
    if value is None:
        return None
    return Conditional(step.value, step.condition, value, span=step.span)
