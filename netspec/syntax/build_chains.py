"""Builder functions of chains: steps, labels, annotations."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics.help import Help, appended, inserted
from netspec.source import Span
from netspec.syntax.annotations import ANNOTATIONS
from netspec.syntax.ast import (
    Annotation,
    Binary,
    BoolOp,
    Chain,
    Compare,
    Expr,
    Label,
    Name,
    Node,
    Step,
    Sum,
    Unary,
)
from netspec.syntax.build_expressions import Expressions


class Chains(Expressions):
    # ------------------------------------------------------------------------------------------------- chains

    def on_chain(self, s: list[Any]) -> Chain:
        source, annotations, arrows = s
        steps = tuple(self._as_step(arrow, self.start(source)) for arrow in arrows)
        if isinstance(source, (Sum, Binary, Unary, Compare, BoolOp)) and id(source) not in self.parens:
            self._refuse_source(source, steps[0])
        span = self.span(self.start(source), steps[-1].span.end)
        return Chain(source, tuple(annotations or ()), steps, span=span)

    def _refuse_source(self, source: Expr, step: Step) -> None:
        text = source.span.text
        shown = text if len(text) <= 40 and "\n" not in text else "…"
        self.refuse("arithmetic before `->` needs parentheses", source.span, "what goes into the step?",
                    help=Help(f"write `({shown}) -> …` for the whole, or parentheses around the chain alone",
                              inserted(source.span, "("), appended(source.span, ")")))  # fmt: skip

    def _as_step(self, step: Expr | Step, start: int) -> Step:
        self._check_step_value(step.value if isinstance(step, Step) else step, start)
        return step if isinstance(step, Step) else Step(step, span=self._span_of(step))

    def on_arrow(self, s: list[Any]) -> Expr | Step:
        step: Expr | Step = s[1]
        return step

    def _span_of(self, node: Node) -> Span:
        return self.span(self.start(node), self.end(node))

    def _check_step_value(self, value: Expr, start: int) -> None:
        if isinstance(value, (Sum, Compare, BoolOp)) and id(value) not in self.parens:
            edits = []
            if isinstance(value, Sum):
                end = self.end(value.terms[0])
                edits = [inserted(self.span(start, end), "("), appended(self.span(start, end), ")")]
            self.refuse("a step is an op or a block, not arithmetic", value.span, "this is one step",
                        help=Help("put parentheses around the chain: `(x -> step) + …`", *edits))  # fmt: skip

    # ------------------------------------------------------------------------------------------------- steps

    def on_step(self, s: list[Any]) -> Step:
        value, (annotations, condition, otherwise, end) = s
        return self._step(None, value, annotations, condition, otherwise, self.span(self.start(value), end))

    def on_headed_step(self, s: list[Any]) -> Step:
        (stage, label), value, tail = s
        annotations, condition, otherwise, end = tail or ((), None, None, self.end(value))
        span = self.span(stage.start if stage else label.span.start, end)
        step = self._step(label, value, annotations, condition, otherwise, span)
        step.stage = stage is not None
        return step

    def _step(self, label: Label | None, value: Expr, annotations: tuple[Annotation, ...], condition: Expr | None,
              otherwise: Expr | Step | None, span: Span) -> Step:  # fmt: skip
        if otherwise is not None and not isinstance(otherwise, Step):
            otherwise = Step(otherwise, span=self._span_of(otherwise))
        return Step(value, label, False, annotations, condition, otherwise, span=span)

    def on_step_head(self, s: list[Any]) -> tuple[Any, Label]:
        return s[0], s[1]

    def on_annotated(self, s: list[Any]) -> tuple[Any, ...]:
        return tuple(s[0]), None, None, s[0][-1].span.end

    def on_conditional(self, s: list[Any]) -> tuple[Any, ...]:
        annotations, _, condition, _, otherwise = s
        end = self.end(otherwise if otherwise is not None else condition)
        return tuple(annotations or ()), condition, otherwise, end

    def on_name_label(self, s: list[Any]) -> Label:
        span = self.token_span(s[0])
        return Label(Name(s[0].text, span=span), span=span)

    def on_string_label(self, s: list[Any]) -> Label:
        return Label(s[0], span=s[0].span)

    # ------------------------------------------------------------------------------------------------- annotations

    def on_bare_annotation(self, s: list[Any]) -> Annotation:
        return self._annotation(s[1], ((), ()), s[0].start, s[1].end)

    def on_annotation(self, s: list[Any]) -> Annotation:
        return self._annotation(s[1], s[3] or ((), ()), s[0].start, s[4].end)

    def _annotation(self, name: Any, arguments: Any, start: int, end: int) -> Annotation:
        if name.text not in ANNOTATIONS:
            from netspec.diagnostics.suggest import did_you_mean

            if self._is_product(start, name, end):
                return Annotation(name.text, *arguments, span=self.span(start, end))
            known = [f"@{a}" for a in ANNOTATIONS]
            listed = ", ".join(f"`{a}`" for a in known)
            place = self.span(start, name.end)
            help = did_you_mean("@" + name.text, known, place) or f"the annotations are {listed}"
            self.refuse(f"there is no annotation `@{name.text}`", place, code="NS200", help=help)
        return Annotation(name.text, *arguments, span=self.span(start, end))

    def _is_product(self, start: int, name: Any, end: int) -> bool:
        """``x @ y``: a sign with blanks around it, or with none, which is refused here."""
        before = self.text[:start].endswith((" ", "\t", "\n"))
        if before and name.start == start + 1:
            return False
        from netspec.syntax.rewriting import as_product
        from netspec.syntax.slips_python import NO_PRODUCT

        message, _, help = NO_PRODUCT
        edits = as_product(self.span(start, name.end), end)
        self.refuse(message, self.span(start, start + 1), code="NS100", help=Help(help, *edits))
        return True
