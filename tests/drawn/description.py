"""A drawn network as data: from it come the netspec text (`writing`) and the calls of torch (`torch_calls`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple


class Py(NamedTuple):
    """An expression of values that netspec and Python read alike: ``2 * planes``, ``H // 2``, ``x.channels``."""

    text: str


@dataclass(frozen=True, eq=False)
class Op:
    """A layer or function with its attributes by keyword."""

    name: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Call:
    """A block with its arguments by keyword."""

    block: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Again:
    """A module that was made before, by its label."""

    label: str


@dataclass(frozen=True, eq=False)
class Step:
    """``label: times * body if condition``. A tuple is a list of steps."""

    body: Op | Call | Again | tuple[Step, ...]
    label: str | None = None
    times: int | Py | None = None
    condition: str | None = None


@dataclass(frozen=True, eq=False)
class Name:
    """A tensor, ``x``, or a member of a family, ``c[i + 1]``."""

    name: str
    index: str | None = None


@dataclass(frozen=True, eq=False)
class Pipe:
    """``source -> step -> step``; several sources are those of a block with several inputs."""

    sources: tuple[Expr, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """``a + b - 1``: operands of one symbol, tensors, numbers and open sizes."""

    symbol: Literal["+", "-", "*", "/"]
    operands: tuple[Expr | int | float | Py, ...]


@dataclass(frozen=True, eq=False)
class Function:
    """``concat(a, b, axis=1)``. ``like`` is the second tensor of a crop."""

    name: str
    operands: tuple[Expr, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


Expr = Name | Pipe | Arithmetic | Function


@dataclass(frozen=True, eq=False)
class Assign:
    """``y = …``, ``y, h = …``, ``c[i] = …``, ``*c = …``."""

    kind: Literal["one", "several", "member", "family"]
    names: tuple[str, ...]
    value: Expr
    index: str = ""


@dataclass(frozen=True, eq=False)
class Loop:
    """``for i in range(times) { … }``."""

    variable: str
    times: int | Py
    body: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class Branch:
    """``if condition { … } else { … }``."""

    condition: str
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


@dataclass(frozen=True, eq=False)
class Declare:
    """``module label: step``."""

    step: Step


@dataclass(frozen=True, eq=False)
class Raw:
    """``param name: [sizes] = value``, a constant value."""

    kind: Literal["param", "buffer"]
    name: str
    shape: tuple[int | Py, ...]
    value: int | float


@dataclass(frozen=True, eq=False)
class Out:
    """``output "label" = a, b``."""

    values: tuple[Expr, ...]
    label: str | None = None


@dataclass(frozen=True, eq=False)
class Words:
    """A statement that changes neither shapes nor keys: a policy."""

    text: str


Statement = Assign | Loop | Branch | Declare | Raw | Out | Words


@dataclass(frozen=True, eq=False)
class Input:
    """``input name: dtype[dims] where …``; without ``dims`` the input of a block that takes any shape.

    ``family`` is ``input name: [*]``.
    """

    name: str
    dims: tuple[int | str, ...] | None = None
    dtype: Literal["float", "int", "bool"] = "float"
    where: tuple[str, ...] = ()
    family: bool = False


@dataclass(frozen=True, eq=False)
class Block:
    """A block or network: parameters are (name, type, default or None)."""

    name: str
    parameters: tuple[tuple[str, str, Any], ...]
    inputs: tuple[Input, ...]
    body: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A whole spec: its blocks, its network, and the sizes to try: a number for each open size."""

    blocks: tuple[Block, ...]
    network: Block
    sizes: tuple[dict[str, int], ...]
    seed: int = 0
