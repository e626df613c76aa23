"""The netspec text of a drawn network, and on which lines its statements stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.drawn.description import (
    Again,
    Arithmetic,
    Assign,
    Block,
    Branch,
    Call,
    Declare,
    Drawn,
    Expr,
    Function,
    Input,
    Loop,
    Name,
    Op,
    Out,
    Pipe,
    Py,
    Raw,
    Statement,
    Step,
    Words,
)

#: attributes that are written by position
POSITIONAL = {
    "Conv": ("out_channels", "kernel_size"), "ConvTranspose": ("out_channels", "kernel_size"),
    "MaxPool": ("kernel_size",), "AvgPool": ("kernel_size",), "AdaptiveAvgPool": ("output_size",),
    "Linear": ("out_features",), "LeakyReLU": ("negative_slope",), "rearrange": ("pattern",), "expand": ("size",),
}  # fmt: skip


@dataclass
class Writer:
    """The lines so far. ``places`` gives the line of each statement and input, from 1."""

    lines: list[str] = field(default_factory=lambda: ["netspec 1"])
    places: dict[int, int] = field(default_factory=dict)
    depth: int = 0

    def line(self, text: str, owner: object = None) -> None:
        self.lines.append("    " * self.depth + text)
        if owner is not None:
            self.places[id(owner)] = len(self.lines)

    def block(self, block: Block, word: str) -> None:
        parameters = ", ".join(f"{n}: {t}" + ("" if d is None else f" = {value(d)}") for n, t, d in block.parameters)
        self.line("")
        self.line(f"{word} {block.name}({parameters}) {{", block)
        self.depth += 1
        for port in block.inputs:
            self.line(f"input {port.name}{declared(port)}", port)
        self.statements(block.body)
        self.depth -= 1
        self.line("}")

    def statements(self, body: Iterable[Statement]) -> None:
        for statement in body:
            if isinstance(statement, Loop):
                self._braces(f"for {statement.variable} in range({value(statement.times)})", statement.body, statement)
            elif isinstance(statement, Branch):
                self._braces(f"if {statement.condition}", statement.body, statement)
                if statement.otherwise:
                    self.lines.pop()
                    self._braces("} else", statement.otherwise, None)
            else:
                self.line(simple(statement), statement)
                if isinstance(statement, Declare):
                    self.places[id(statement.step)] = len(self.lines)

    def _braces(self, head: str, body: Iterable[Statement], owner: object) -> None:
        self.line(head + " {", owner)
        self.depth += 1
        self.statements(body)
        self.depth -= 1
        self.line("}")


def written(drawn: Drawn) -> Writer:
    """The spec of a drawn network."""
    writer = Writer()
    for block in drawn.blocks:
        writer.block(block, "block")
    writer.block(drawn.network, "network")
    writer.lines.append("")
    return writer


def declared(port: Input) -> str:
    if port.family:
        return ": [*]"
    if port.dims is None:
        return ""
    where = f" where {', '.join(port.where)}" if port.where else ""
    return f": {'' if port.dtype == 'float' else port.dtype}[{', '.join(map(str, port.dims))}]{where}"


def simple(statement: Statement) -> str:
    if isinstance(statement, Assign):
        star = "*" if statement.kind == "family" else ""
        index = f"[{statement.index}]" if statement.kind == "member" else ""
        return f"{star}{', '.join(statement.names)}{index} = {expression(statement.value)}"
    if isinstance(statement, Declare):
        return f"module {step(statement.step)}"
    if isinstance(statement, Raw):
        return f"{statement.kind} {statement.name}: [{', '.join(map(value, statement.shape))}] = {statement.value}"
    if isinstance(statement, Out):
        label = f'"{statement.label}" = ' if statement.label else ""
        return f"output {label}{', '.join(map(expression, statement.values))}"
    assert isinstance(statement, Words)
    return statement.text


def expression(expr: Expr | float | Py, inner: bool = False) -> str:
    """An expression of tensors, in parentheses where it stands in another one."""
    if isinstance(expr, (int, float, Py)):
        return f"({value(expr)})" if inner and isinstance(expr, (Py, int, float)) and not _plain(expr) else value(expr)
    if isinstance(expr, Name):
        return expr.name if expr.index is None else f"{expr.name}[{expr.index}]"
    if isinstance(expr, Function):
        return function(expr)
    if isinstance(expr, Pipe):
        sources = ", ".join(expression(s, inner=True) for s in expr.sources)
        text = " -> ".join([f"({sources})" if len(expr.sources) > 1 else sources, *map(step, expr.steps)])
    else:
        assert isinstance(expr, Arithmetic)
        text = f" {expr.symbol} ".join(expression(o, inner=True) for o in expr.operands)
    return f"({text})" if inner else text


def _plain(number: float | Py) -> bool:
    return number.text.isidentifier() if isinstance(number, Py) else number >= 0


def function(expr: Function) -> str:
    operands = [expression(o) for o in expr.operands]
    if expr.name == "index":
        source = expression(expr.operands[0], inner=True)
        return f"{source}[{', '.join(map(entry, expr.kwargs['indices']))}]"
    if expr.name in ("crop", "interpolate") and len(operands) == 2:
        operands[1] = f"like={operands[1]}"
    return f"{expr.name}({', '.join([*operands, *arguments(expr.name, expr.kwargs)])})"


def entry(index: Any) -> str:
    """``1:-1`` for ``(1, -1, None)``."""
    if not isinstance(index, tuple) or isinstance(index, Py):
        return "..." if index == "..." else value(index)
    start, stop, stride = ("" if bound is None else value(bound) for bound in index)
    return f"{start}:{stop}" + (f":{stride}" if stride else "")


def step(step_: Step) -> str:
    text = f"{value(step_.times)} * {body(step_)}" if step_.times is not None else body(step_)
    if step_.label:
        label = step_.label if step_.label.isidentifier() else f'"{step_.label}"'
        text = f"{label}: {text}"
    return text + (f" if {step_.condition}" if step_.condition else "")


def body(step_: Step) -> str:
    made = step_.body
    if isinstance(made, tuple):
        return f"[{', '.join(map(step, made))}]"
    if isinstance(made, Again):
        return f"{made.label}()" if made.label.isidentifier() else f'"{made.label}"'
    if isinstance(made, Call):
        return f"{made.block}({', '.join(arguments('', made.kwargs))})"
    assert isinstance(made, Op)
    return f"{made.name}({', '.join(arguments(made.name, made.kwargs))})"


def arguments(name: str, kwargs: Mapping[str, Any]) -> list[str]:
    base = name[:-2] if name[-2:] in ("1d", "2d", "3d") else name
    first = [n for n in POSITIONAL.get(base, ()) if n in kwargs]
    return [*(value(kwargs[n]) for n in first), *(f"{n}={value(v)}" for n, v in kwargs.items() if n not in first)]


def value(given: Any) -> str:
    """A value as a spec writes it."""
    if isinstance(given, Py):
        return given.text
    if isinstance(given, tuple):
        return f"({', '.join(map(value, given))}{',' if len(given) == 1 else ''})"
    return f'"{given}"' if isinstance(given, str) else repr(given)
