"""Names, arities and types of every declaration, whether it is elaborated or not."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from netspec import limits
from netspec.diagnostics import Diagnostic, Edit, Help, Label, Mistake, closest, did_you_mean
from netspec.elaborate.advice import habits
from netspec.elaborate.program import File, Program
from netspec.elaborate.scopes import assigned, children, labels_in, target_names
from netspec.elaborate.session import TooManyMistakes
from netspec.elaborate.signatures import check_call
from netspec.elaborate.values.builtins import BUILTINS
from netspec.elaborate.values.words import listing
from netspec.graph.initial import FUNCTIONS
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.annotations import Place
from netspec.syntax.annotations import mistakes as annotation_mistakes

MANY = 50  #: At so many places an unknown name is corrected.
TYPES = ("int", "float", "bool", "str", "block", "None")


def check_names(program: Program) -> tuple[Diagnostic, ...]:
    """What is wrong in any declaration of a program, without elaborating it; at most `limits.MAX_ERRORS` mistakes."""
    blocks = {d.name for f in program.files.values() for d in f.declared(ast.Block, ast.Variant)}
    found: list[Diagnostic] = []
    for file in program.files.values():
        for declaration in file.document.declarations:
            with suppress(TooManyMistakes):
                _Checker(file, blocks, found).declaration(declaration)
            if len(found) >= limits.MAX_ERRORS:
                return tuple(found)
    return tuple(found)


@dataclass
class _Checker:
    """Walks one declaration. ``scope`` are the names that the declaration binds anywhere, as in Python's functions;
    ``labels`` those of its modules, which an unlabelled step may name; ``later`` are parameters that a default cannot
    read; ``unknown`` are names told of once each, ``small`` those of open sizes; ``block``: steps may stand in it."""

    file: File
    blocks: set[str]
    found: list[Diagnostic]
    scope: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    unknown: dict[str, int] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)
    block: bool = False
    body: tuple[ast.Statement, ...] = ()  #: the statements of the declaration

    def report(self, code: str, message: str, span: Span, help: str = "") -> None:
        self.add(Diagnostic(code, message, Label(span), help=help))

    def add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)
        if len(self.found) >= limits.MAX_ERRORS:
            raise TooManyMistakes

    # ------------------------------------------------------------------------------------------------- declarations

    def declaration(self, d: ast.Declaration) -> None:
        if isinstance(d, (ast.Const, ast.Variant, ast.Example)):
            self.visit(d.value)
        elif isinstance(d, ast.Function):
            self.params(d.params)
            self.visit(d.body)
        elif isinstance(d, ast.Block):
            self.block, self.body = True, d.body
            self.scope = {p.name for p in d.params} | {name for name, _ in assigned(d.body)}
            self.labels = {label.plain for label in labels_in(d.body) if label.plain}
            self.params(d.params)
            self.annotations(d.annotations, "declaration")
            for part in (*d.body, d.class_name):
                if part is not None:
                    self.visit(part)

    def params(self, params: tuple[ast.Parameter, ...]) -> None:
        """Names once, known types, lengths that earlier parameters give, defaults that read earlier ones."""
        whole, self.scope = self.scope, set()
        self.later = {p.name for p in params}
        for p in params:
            if p.name in self.scope:
                self.report("NS205", f"two parameters are named `{p.name}`", p.name_span)
            if p.type is not None:
                self.type(p.type)
            if p.default is not None:
                self.visit(p.default)
            self.scope.add(p.name)
            self.later.discard(p.name)
        self.scope |= whole

    def type(self, t: Any) -> None:
        if isinstance(t, ast.NamedType) and t.name not in TYPES:
            help_ = did_you_mean(t.name, TYPES, t.span) or f"the types are {listing(TYPES[:-1])}"
            self.report("NS211", f"unknown type `{t.name}`", t.span, help_)
        elif isinstance(t, ast.ListType):
            self.type(t.item)
            if isinstance(t.length, str) and t.length != "axes" and t.length not in self.scope:
                help_ = did_you_mean(t.length, self.scope) or "`int[axes]` has one per spatial axis of the input"
                self.report("NS200", f"the length `{t.length}` is no earlier parameter", t.span, help_)
        elif isinstance(t, ast.OptionalType):
            self.type(t.item)
        elif isinstance(t, ast.UnionType):
            for member in t.members:
                self.type(member)

    # ------------------------------------------------------------------------------------------------- expressions

    def visit(self, node: Any) -> None:
        """Check a node and everything in it."""
        visitor = _VISIT.get(type(node))
        if visitor is not None:
            visitor(self, node)
            return
        for child in children(node):
            self.visit(child)

    def name(self, node: ast.Name, extra: Iterable[str] = ()) -> None:
        """A name that is read; an unknown one is told once, and its help is for all of its places."""
        if self.known(node.id) or node.id in extra:
            return
        told = self.unknown.get(node.id)
        if told is not None:
            self.again(told, node, extra)
            return
        self.unknown[node.id] = len(self.found)
        self.report("NS200", f"unknown name `{node.id}`", node.span, self.meant(node, extra))

    def again(self, told: int, node: ast.Name, extra: Iterable[str]) -> None:
        """One more place of an unknown name: the help is for it too."""
        known = self.found[told].edits
        if 0 < len(known) < MANY:
            edits = getattr(self.meant(node, extra), "edits", ())
            self.found[told] = replace(self.found[told], edits=(*known, *(e for e in edits if e not in known)))

    def meant(self, node: ast.Name, extra: Iterable[str]) -> str:
        help_ = f"`{node.id}` is a module: use it again as a step, `-> {node.id}`" if node.id in self.labels else ""
        if node.id in self.later:
            help_ = "a default reads only the parameters before it"
        help_ = help_ or (habits.capitals([node]) if node.id in self.small else habits.of_name(node.id, node.span))
        names = chain(self.scope, extra, self.file.names, registry.names(), BUILTINS)
        return help_ or did_you_mean(node.id, names, node.span)

    def known(self, name: str) -> bool:
        return (name in self.scope or name in self.file.names or name in self.file.missing or name in BUILTINS
                or registry.find(name) is not None)  # fmt: skip

    def call(self, node: ast.Call, final: bool = False, extra: Iterable[str] = ()) -> None:
        """A call; ``final`` where it is a step, so that no argument may be missing."""
        if isinstance(node.function, ast.Name):
            self.callee(node.function, node.span, extra)
            if node.function.id not in self.scope and node.function.id not in extra:
                self.signature(node, final)
        else:
            self.visit(node.function)
        for part in (*node.args, *node.keywords):
            self.visit(part)

    def callee(self, node: ast.Name, call: Span, extra: Iterable[str]) -> None:
        if node.id in self.labels and not self.known(node.id) and node.id not in extra:
            self.report("NS200", f"`{node.id}` is a module, and no function", node.span, habits.reused(node.id, call))
        else:
            self.name(node, extra)

    def signature(self, node: ast.Call, final: bool) -> None:
        try:
            check_call(node, self.file, final)
        except Mistake as error:
            self.add(habits.called_with(self.body, node, error.diagnostic))

    def comprehension(self, node: ast.ListComp | ast.DictComp) -> None:
        outer, self.scope = self.scope, set(self.scope)
        for clause in node.clauses:
            self.visit(clause.iterable)
            self.scope |= set(target_names(clause.targets))
            if clause.condition is not None:
                self.visit(clause.condition)
        for part in (node.item,) if isinstance(node, ast.ListComp) else (node.key, node.value):
            self.visit(part)
        self.scope = outer

    def chain(self, node: ast.Chain) -> None:
        if not self.block:
            help_ = "a function or constant computes values"
            self.report("NS405", "a chain of steps stands in a block", node.span, help_)
            return
        self.visit(node.source)
        self.annotations(node.annotations)
        for step in node.steps:
            self.step(step)

    def step(self, step: ast.Step) -> None:
        """A step of a chain: what it names is final, but for the label of a module."""
        labels = self.labels if step.label is None else set()
        if isinstance(step.value, ast.Name):
            self.name(step.value, labels)
            if step.value.id not in self.scope and step.value.id not in labels:
                self.signature(ast.Call(step.value, (), (), span=step.value.span), final=True)
        elif isinstance(step.value, ast.Call):
            self.call(step.value, final=True, extra=labels)
        else:
            self.visit(step.value)
        self.annotations(step.annotations)
        for part in (step.label, step.condition):
            if part is not None:
                self.visit(part)
        if step.otherwise is not None:
            self.step(step.otherwise)

    def annotations(self, found: tuple[ast.Annotation, ...], place: Place = "step") -> None:
        for diagnostic in annotation_mistakes(found, place):
            self.add(diagnostic)
        for annotation in found:
            for child in children(annotation):
                self.visit(child)

    def annotated(self, node: ast.For | ast.Input | ast.Module | ast.Step) -> None:
        """A node with annotations, looked at in no other way."""
        self.annotations(node.annotations, "for" if isinstance(node, ast.For) else "step")
        for child in children(node):
            if not isinstance(child, ast.Annotation):
                self.visit(child)

    def label(self, node: ast.Label) -> None:
        if not isinstance(node.value, ast.Name):
            self.visit(node.value)

    def target(self, node: ast.Target) -> None:
        """A target binds names, and reads none."""

    # ------------------------------------------------------------------------------------------------- statements

    def input(self, node: ast.Input) -> None:
        """Open sizes that are written in lower case are told of together."""
        fresh = (n for n in habits.sizes_of(node) if not self.known(n.id) and n.id not in self.unknown)
        small = [n for n in fresh if closest(n.id, self.scope) is None]
        if small:
            self.small |= {n.id for n in small}
            self.unknown.update((n.id, len(self.found)) for n in small)
            self.add(habits.small_sizes(small))
        self.annotated(node)

    def policy(self, node: ast.Policy) -> None:
        """An unquoted selector is the name of an op or block; settings are functions of torch.nn.init."""
        selector = node.selector.text
        if isinstance(selector, ast.Interpolation):
            self.visit(selector)
        elif not node.selector.quoted:
            self.selected(str(selector.value), selector.span)
        for setting in node.settings:
            self.initial(setting.value)
        if node.condition is not None:
            self.visit(node.condition)

    def selected(self, name: str, span: Span) -> None:
        if registry.find(name) is not None or name in self.blocks | self.file.names.keys() | self.file.missing:
            return
        help_: str = Help(f'a path is quoted: `"{name}"`', Edit(span, f'"{name}"')) if name in self.labels else ""
        names = chain(registry.names(), self.blocks)
        help_ = help_ or did_you_mean(name, names, span) or "a label or path is quoted"
        self.report("NS200", f"no op or block is called `{name}`", span, help_)

    def raw_tensor(self, node: ast.RawTensor) -> None:
        for dim in node.dims:
            self.visit(dim)
        if node.value is not None:
            self.initial(node.value)

    def initial(self, value: ast.Expr) -> None:
        """An initial value: a function of torch.nn.init, or an expression."""
        if isinstance(value, ast.Name) and value.id in FUNCTIONS:
            return
        if not isinstance(value, ast.Call) or not isinstance(value.function, ast.Name) or self.known(value.function.id):
            self.visit(value)
            return
        name = value.function
        if name.id not in FUNCTIONS:
            help_ = did_you_mean(name.id, FUNCTIONS, name.span)
            self.report("NS200", f"torch.nn.init has no `{name.id}`", name.span, help_)
        for part in (*value.args, *value.keywords):
            self.visit(part)


_VISIT: dict[type, Any] = {
    ast.Name: _Checker.name, ast.Call: _Checker.call, ast.ListComp: _Checker.comprehension,
    ast.DictComp: _Checker.comprehension, ast.Chain: _Checker.chain, ast.Policy: _Checker.policy,
    ast.RawTensor: _Checker.raw_tensor, ast.Label: _Checker.label,
    ast.Target: _Checker.target, ast.For: _Checker.annotated, ast.Input: _Checker.input,
    ast.Module: _Checker.annotated, ast.Step: _Checker.annotated,
}  # fmt: skip
