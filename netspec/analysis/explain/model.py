"""What is known of one place of a network, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from netspec.analysis.calls import Shape

What = Literal["network", "block", "list", "layer", "function", "weight", "tensor", "container", "input", "output"]
Kind = Literal["argument", "default", "given", "let", "const", "for", "tensor", "size", "inferred", "op"]


@dataclass(frozen=True)
class Place:
    """A line of a spec: ``text`` is the line without its indentation, of a long one what matters here."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Setting:
    """A parameter, an argument of an op, or a name in what was written: its value, and who set it.

    ``written`` is the text there (``planes * 2``), ``because`` the names in it with their values and reasons in turn.
    ``kind`` is ``argument`` of a call, ``default`` of a parameter, ``given`` from Python or the command line, the
    statement ``let``, ``const`` or ``for``; ``inferred`` from the input, ``op`` for the default of an op; ``tensor``
    or ``size`` where the value is a tensor's name or an open size. Blocks stand as their text.
    """

    name: str
    value: Any
    kind: Kind
    written: str = ""
    place: Place | None = None
    because: tuple[Setting, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Step:
    """One step of the way from the network to the place: ``label`` and block or op."""

    label: str
    name: str
    place: Place


@dataclass(frozen=True)
class Use:
    """One call: where it is written, and the shapes of what goes in and out; with the network's inputs given also as
    numbers."""

    place: Place
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    input_sizes: tuple[Shape, ...] = ()
    output_sizes: tuple[Shape, ...] = ()


@dataclass(frozen=True)
class Tensor:
    """An entry of the state dict."""

    key: str
    shape: tuple[int, ...]
    kind: Literal["param", "buffer"]


@dataclass(frozen=True)
class Effect:
    """What a policy does here: ``on`` is a weight's name for ``init``, ``won`` whether nothing stronger says else."""

    kind: str
    on: str
    text: str
    place: Place
    won: bool = True


@dataclass(frozen=True)
class Child:
    """A module or function in a block or list, and the shapes that it gives; ``count`` says how many there are in a row
    that are alike in everything, from ``label`` on."""

    label: str
    name: str
    outputs: tuple[Shape, ...]
    count: int = 1


@dataclass(frozen=True)
class Explanation:
    """Where a layer, block, list, function, tensor, input or output of a network comes from.

    ``title`` is the network with its arguments, ``path`` what was asked for, ``name`` the block or op there. ``trail``
    leads from the network to it. ``settings`` are its parameters, of an op its arguments. ``print`` it.
    """

    title: str
    path: str
    what: What
    name: str
    doc: str
    trail: tuple[Step, ...]
    uses: tuple[Use, ...]
    settings: tuple[Setting, ...]
    weights: tuple[Tensor, ...]
    policies: tuple[Effect, ...]
    children: tuple[Child, ...]

    def __str__(self) -> str:
        from netspec.analysis.explain.text import text

        return text(self)
