"""The public functions. They read and write files through `netspec.files` and raise `SpecError`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from netspec import check as phases
from netspec.diagnostics import Diagnostic, SpecError
from netspec.elaborate import Program, elaborate
from netspec.files import read_import, read_spec, write_file
from netspec.graph import Graph
from netspec.ops.registry import registered

if TYPE_CHECKING:
    from torch import nn

    from netspec.analysis.summary import Summary

Path = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class Spec:
    """A spec that was read: names and arities of every declaration are right, nothing is elaborated yet."""

    program: Program

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of the networks that it declares, in order."""
        return tuple(self.program.networks)

    def elaborate(self, network: str | None = None, /, **arguments: Any) -> Graph:
        """The graph of a network with arguments: structure known, shapes proven for every input size.

        ``network`` may be left out where the file has only one. Arguments are Python values; a block is given as its
        text, ``norm="InstanceNorm(affine=True)"``. Raises `SpecError`.

            graph = netspec.load("specs/pyskl/resnet3d.netspec").elaborate("ResNet3d", depth=101)
        """
        graph, diagnostics = elaborate(self.program, network, arguments)
        if graph is None:
            raise SpecError(diagnostics)
        return graph

    def __repr__(self) -> str:
        return f"Spec({self.program.main.source.name!r}, networks={list(self.networks)})"


def load(path: Path) -> Spec:
    """Read a spec with its imports and check every declaration's names, arities and types.

    Raises `SpecError`, which prints its diagnostics, and OSError where the file cannot be read.

        spec = netspec.load("specs/resnet3d50.netspec")
        spec.networks                       # ('ResNet3d50',)
    """
    program, diagnostics = phases.load(read_spec(path), read_import)
    if program is None or diagnostics:
        raise SpecError(diagnostics)
    return Spec(program)


def check(path: Path, network: str | None = None, /, **arguments: Any) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a spec; empty where nothing is.

    Without a network's name every network of the file is checked with its defaults, and every ``example``. Raises
    OSError where the file cannot be read.

        for diagnostic in netspec.check("specs/resnet3d50.netspec"):
            print(diagnostic)
    """
    return phases.check(read_spec(path), read_import, network, arguments)[1]


def build(spec: Path | Graph, network: str | None = None, /, *, max_parameters: int | None = None,
          **arguments: Any) -> nn.Module:  # fmt: skip
    """The network as a ``torch.nn.Module``: plain generated PyTorch code, with the state dict that the labels say.

    ``spec`` is a path (then ``network`` and ``arguments`` are as for `Spec.elaborate`) or a graph. Parameters are
    counted before they are allocated; ``max_parameters`` changes the cap. Raises `SpecError`.

        model = netspec.build("specs/pyskl/resnet3d.netspec", "ResNet3d", depth=101)
        model(torch.randn(1, 3, 8, 224, 224)).shape     # [1, 2048, 8, 7, 7]
    """
    from netspec.pytorch.build import build_graph

    graph = spec if isinstance(spec, Graph) else _same_graph(load(spec), network, arguments)
    return build_graph(graph, max_parameters=max_parameters)


@dataclass(frozen=True)
class _Request:
    """What a graph is elaborated from: equal requests give equal graphs."""

    spec: Spec = field(compare=False)
    arguments: Mapping[str, Any] = field(compare=False)
    network: str | None
    texts: tuple[tuple[str, str], ...]
    shown: str
    ops: tuple[Any, ...]


@lru_cache(32)
def _elaborated(request: _Request) -> Graph:
    return request.spec.elaborate(request.network, **request.arguments)


def _same_graph(spec: Spec, network: str | None, arguments: Mapping[str, Any]) -> Graph:
    """The graph of a network, elaborated once for the same texts, arguments and ops: programs build in loops."""
    texts = tuple((name, file.source.text) for name, file in spec.program.files.items())
    return _elaborated(_Request(spec, arguments, network, texts, repr(sorted(arguments.items())), registered()))


def summary(graph: Graph, **inputs: Sequence[int]) -> Summary:
    """One row per layer: path, op, output shape, parameters, multiply-adds; totals and sizes. Nothing is run.

    Without the inputs' shapes it is symbolic. ``print`` it, or read its ``rows``. Raises `SpecError` for a shape that
    does not fit.

        print(netspec.summary(graph, clip=(1, 3, 8, 224, 224)))
    """
    from netspec.analysis.summary import summarise

    return summarise(graph, inputs or None)


def render(graph: Graph, path: Path, *, level: str = "overview", theme: str = "light") -> None:
    """Draw a graph into a file: ``.mmd`` (Mermaid), ``.dot`` (Graphviz) or ``.svg``, by the file's ending.

    ``theme`` is ``light``, ``dark`` or ``print``. Raises ValueError for another ending, level or theme, and
    `netspec.render.RenderError` where no Graphviz is found for SVG, or it fails.

        netspec.render(graph, "resnet3d101.svg")
    """
    from netspec.render import format_of, picture_text

    write_file(path, picture_text(graph, format_of(path), level=level, theme=theme))


def dynamic_shapes(graph: Graph) -> Mapping[str, Any]:
    """The open sizes of a network's inputs, for ``torch.export.export(model, args, dynamic_shapes=…)``."""
    from netspec.pytorch.shapes import dynamic_shapes as of_graph

    return of_graph(graph)
