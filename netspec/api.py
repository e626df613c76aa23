"""The public functions. They read and write files through `netspec.files` and raise `SpecError`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import netspec.check as phases
from netspec.diagnostics import Diagnostic, SpecError
from netspec.elaborate import Outline, Program, elaborate, outline
from netspec.files import read_import, read_spec, write_file
from netspec.graph import Graph
from netspec.ops.registry import registered

if TYPE_CHECKING:
    import torch
    from torch import nn

    from netspec.analysis.cost import Cost
    from netspec.analysis.diff import Difference
    from netspec.analysis.explain import Explanation
    from netspec.analysis.summary import Summary
    from netspec.pytorch.weights.plan import Plan
    from netspec.pytorch.weights.renaming import Rename

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

    def outline(self, name: str | None = None, /, **arguments: Any) -> Outline:
        """A network or block before its parameters have values, with the arguments that are known: see `render`.

        Raises `SpecError`.

            netspec.render(spec.outline("EncoderNet", block="plain"), "encoder.svg")
        """
        found, diagnostics = outline(self.program, name, arguments)
        if found is None:
            raise SpecError(diagnostics)
        return found

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
    """Everything that is wrong with a spec, and where nothing is the warnings; their ``severity`` tells them apart.

    Without a network's name every network of the file is checked with its defaults, and every ``example``. Raises
    OSError where the file cannot be read.

        for diagnostic in netspec.check("specs/resnet3d50.netspec"):
            print(diagnostic)
    """
    return phases.check(read_spec(path), read_import, network, arguments)[1]


def build(spec: Path | Spec | Graph, network: str | None = None, /, *, max_parameters: int | None = None,
          **arguments: Any) -> nn.Module:  # fmt: skip
    """The network as a ``torch.nn.Module``: plain generated PyTorch code, with the state dict that the labels say.

    ``spec`` is a path or what `load` made of it (then ``network`` and ``arguments`` are as for `Spec.elaborate`), or a
    graph. Parameters are counted before they are allocated; ``max_parameters`` changes the cap. Raises `SpecError`.

        model = netspec.build("specs/pyskl/resnet3d.netspec", "ResNet3d", depth=101)
        model(torch.randn(1, 3, 8, 224, 224)).shape     # [1, 2048, 8, 7, 7]
    """
    from netspec.pytorch.build import build_graph

    return build_graph(_graph_of(spec, network, arguments), max_parameters=max_parameters)


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


def _graph_of(given: Path | Spec | Graph, network: str | None = None,
              arguments: Mapping[str, Any] | None = None) -> Graph:  # fmt: skip
    """The graph that is given, or that of a spec's network, of its only one without a name.

    It is elaborated once for the same texts, arguments and ops: programs build in loops.
    """
    arguments = arguments or {}
    if isinstance(given, Graph):
        if network is not None or arguments:
            raise TypeError("a graph has its arguments: give them to Spec.elaborate, or give a path")
        return given
    if not isinstance(given, (str, os.PathLike, Spec)):
        raise TypeError(f"give the path of a spec, a Spec or a Graph, not a {type(given).__name__}")
    spec = given if isinstance(given, Spec) else load(given)
    texts = tuple((name, file.source.text) for name, file in spec.program.files.items())
    return _elaborated(_Request(spec, arguments, network, texts, repr(sorted(arguments.items())), registered()))


def load_weights(model: nn.Module, path: Path | Mapping[str, torch.Tensor], *, rename: Rename = None,
                 inflate: str | None = "2d", strict: bool = True) -> Plan:  # fmt: skip
    """Load a weight file into any ``nn.Module``, and return the plan that was carried out: what became of each key.

    ``path`` leads to safetensors or to what ``torch.save`` wrote, which is read without running code; a state dict in
    memory may stand for it. ``rename`` makes its keys the model's: the name of a table that netspec ships
    (``"torchvision"``), a mapping of patterns (``{"fc.*": None, "backbone.**": "**"}``), a function, or a list of these
    in order. 2-D weights of 3-D convolutions are repeated over time and divided by its length; ``None`` refuses them.
    Values are copied in place, device, dtype and ``requires_grad`` stay.

    Raises `WeightsError` before anything is written: always for a file that is refused, and with ``strict`` where a key
    is missing, unused or does not fit. Without ``strict`` what fits is loaded, and a `WeightsWarning` for each kind of
    problem names what does not. Raises OSError where the file cannot be read.

        plan = netspec.load_weights(model, "resnet50.pth", rename=["torchvision", {"fc.*": None}])
        print(plan)
    """
    from netspec.pytorch.weights.loading import load as load_into

    return load_into(model, path, rename, inflate, strict)


def save_weights(model: nn.Module, path: Path) -> None:
    """Write a model's state dict as safetensors, as a whole or not at all.

    For a model that `build` made the metadata hold the text of its spec with all imports, the network's name, its
    arguments and a hash of these, so that loading the file into another architecture says what differs. Raises
    `WeightsError` for a model with what safetensors cannot hold, ValueError for a path that does not end in
    ``.safetensors``, OSError where it cannot be written.

        netspec.save_weights(model, "resnet3d50.safetensors")
    """
    from netspec.pytorch.weights.saving import save

    save(model, path)


def summary(graph: Graph | Spec | Path, /, **inputs: Sequence[int]) -> Summary:
    """One row per layer: path, op, output shape, parameters, multiply-adds; totals and sizes. Nothing is run.

    A spec or its path stands for the graph of its only network with its defaults. Without the inputs' shapes it is
    symbolic. ``print`` it, or read its ``rows``; ``table("torchsummary")`` is the text in the layout of torchsummary.
    Raises `SpecError` for a shape that does not fit.

        summary = netspec.summary(graph, clip=(1, 3, 8, 224, 224))
        print(summary)
        print(summary.table("torchsummary"))
    """
    from netspec.analysis.summary import summarise

    return summarise(_graph_of(graph), inputs or None)


def cost(graph: Graph | Spec | Path, /, *, dtype: str = "float32", **inputs: Sequence[int]) -> Cost:
    """What a network costs, call by call and in total: parameters, multiply-adds, the memory of activations in
    inference and training, and the receptive field and stride of each tensor on each input. Nothing is run.

    A spec or its path stands for the graph of its only network with its defaults. Memory needs the inputs' shapes;
    ``dtype`` is that of all floats: ``float64``, ``float32``, ``float16`` or ``bfloat16``. ``print`` it, or read its
    fields; `as_json()` is all of it as plain data. Raises `SpecError` for a shape that does not fit, ValueError for
    another dtype.

        cost = netspec.cost(graph, clip=(1, 3, 8, 224, 224))
        cost.memory.training            # PeakMemory(bytes=690634240, path='layer4.2.add')
        cost.outputs["output"]["clip"]  # (Field(axis=2, name='T', kind='window', size=35, …), …)
    """
    from netspec.analysis.cost import cost_of

    return cost_of(_graph_of(graph), inputs or None, dtype)


def explain(graph: Graph | Spec | Path, path: str = "", /, **inputs: Sequence[int]) -> Explanation:
    """Where a layer comes from: the blocks and lines that lead to it, its shapes, who set each of its arguments, its
    weights, and the policies on it. ``print`` it, or read its fields.

    ``path`` leads to a layer, block or list of steps, is a key of the state dict, or names an input or output; empty
    it is the network. With the inputs' shapes all shapes are numbers too. Raises ValueError for a path that leads
    nowhere, `SpecError` for a shape that does not fit.

        explanation = netspec.explain(graph, "layer2.0.conv2.conv", clip=(1, 3, 8, 224, 224))
        explanation.settings[2]         # Setting(name='kernel_size', value=(1, 3, 3), …)
    """
    from netspec.analysis.explain import explain as of_graph

    return of_graph(_graph_of(graph), path, inputs or None)


def diff(before: Graph | Spec | Path, after: Graph | Spec | Path, /, **inputs: Sequence[int]) -> Difference:
    """What changed from one network to another: blocks, shapes, cost, and whether checkpoints still load.

    A spec or its path stands for the graph of its only network with its defaults. With the inputs' shapes the cost is
    in numbers. Nothing is built. ``print`` it, or read its fields. Raises `SpecError` for a shape that does not fit.

        spec = netspec.load("specs/pyskl/resnet3d.netspec")
        print(netspec.diff(spec.elaborate("ResNet3d"), spec.elaborate("ResNet3d", depth=101)))
    """
    from netspec.analysis.diff import diff as of_graphs

    return of_graphs(_graph_of(before), _graph_of(after), inputs or None)


def render(drawn: Graph | Outline | Difference | Spec | Path, path: Path, *, level: str | None = None,
           block: str | None = None, theme: str = "light") -> None:  # fmt: skip
    """Draw into a file: ``.mmd`` (Mermaid), ``.dot`` (Graphviz), ``.svg`` or ``.png``, by the file's ending.

    Of a graph the level ``overview``, ``blocks`` (a chart of each distinct block) or ``ops`` (all layers and functions
    in nested frames), of the last two also one ``block`` by its name or path; a spec or its path stands for the graph
    of its only network with its defaults. Of an outline (`Spec.outline`) the ``schematic``, of a difference (`diff`)
    what changed. ``theme`` is ``light``, ``dark`` or ``print``. Raises ValueError for an ending, level, block or theme
    that does not exist, `netspec.render.RenderError` where there is too much to draw, or no Graphviz draws SVG or PNG;
    warns with `netspec.render.RenderWarning` where the first one that it found could not.

        netspec.render(graph, "resnet3d101.png")
        netspec.render(graph, "bottleneck.mmd", level="blocks", block="Bottleneck3d")
        netspec.render(graph, "layer2.svg", level="ops", block="layer2")
        netspec.render(spec.outline("UNet"), "unet.mmd")
        netspec.render(netspec.diff("old.netspec", "new.netspec"), "changes.svg")
    """
    from netspec.analysis.diff.model import Difference
    from netspec.render import format_of, picture_file

    picture = drawn if isinstance(drawn, (Outline, Difference)) else _graph_of(drawn)
    write_file(path, picture_file(picture, format_of(path), level, theme, block=block))


def graph_data(graph: Graph | Spec | Path, /, **inputs: Sequence[int]) -> dict[str, Any]:
    """The flat graph as data for other programs: ``networkx.node_link_graph(data, edges="edges")`` reads it.

    One node per call of an op, one edge per tensor that it reads; sizes are texts without the inputs' shapes. A spec or
    its path stands for the graph of its only network with its defaults. Raises `SpecError` for a shape that does not
    fit.

        data = netspec.graph_data("specs/resnet3d50.netspec", clip=(1, 3, 8, 224, 224))
        json.dump(data, file)
    """
    from netspec.analysis.graph_data import graph_data as data_of

    return data_of(_graph_of(graph), inputs or None)


def dynamic_shapes(graph: Graph | Spec | Path) -> Mapping[str, Any]:
    """The open sizes of a network's inputs, for ``torch.export.export(model, args, dynamic_shapes=…)``."""
    from netspec.pytorch.shapes import dynamic_shapes as of_graph

    return of_graph(_graph_of(graph))
