"""The export and build commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from netspec.cli.checking import conditions
from netspec.cli.options import Inputs
from netspec.diagnostics import SpecError
from netspec.files import write_file
from netspec.graph import Graph


def source_of(graph: Graph) -> str:
    """The network as Python source. Raises `SpecError` where it asks for what cannot be built."""
    from netspec.pytorch.refusals import refusals
    from netspec.pytorch.source import generate

    refused = refusals(graph)
    if refused:
        raise SpecError(refused)
    return generate(graph)


def require_inputs(graph: Graph, inputs: Inputs) -> None:
    """End the command where no shapes are given."""
    from netspec.analysis.inputs import example_sizes

    if not inputs:
        wanted = " ".join(f"--input {node.name}={example_sizes(node)}" for node in graph.definition.inputs)
        raise click.UsageError(f"build runs the network once and needs the shapes of its inputs: {wanted}")


def build_all(graph: Graph, inputs: Inputs, out: Path, max_parameters: int | None = None) -> None:
    """Write everything that a network has into a folder and run it once, saying what was done."""
    from netspec.analysis.summary import summarise

    click.echo(f"{graph.name}: {conditions(graph)}")
    texts = {"summary.txt": f"{summarise(graph, inputs)}\n", f"{graph.name}.py": source_of(graph)}
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _write(out / name, text)
    for ending in ("mmd", "dot", "svg"):
        _draw(graph, out / f"{graph.name}.{ending}")
    _run(graph, inputs, max_parameters)


def _write(path: Path, content: str | bytes) -> None:
    write_file(path, content)
    click.echo(f"wrote {path}")


def _draw(graph: Graph, path: Path) -> None:
    """A picture; without a Graphviz the others are still written."""
    from netspec.render import RenderError, picture_text

    try:
        _write(path, picture_text(graph, path.suffix.removeprefix(".")))
    except RenderError as error:
        click.echo(f"no {path.name}: {error}", err=True)


def _run(graph: Graph, inputs: Inputs, max_parameters: int | None) -> None:
    """One real forward pass in evaluation mode."""
    import torch

    from netspec.pytorch.build import build_graph

    model = build_graph(graph, max_parameters=max_parameters).eval()
    tensors = [_example(graph.inputs[name].dtype, inputs[name]) for name in graph.inputs]
    with torch.no_grad():
        result = model(*tensors)
    for name, shape in _shapes(result):
        click.echo(f"ran {graph.name}: {name}{shape}")


def _example(dtype: str, shape: tuple[int, ...]) -> Any:
    import torch

    if dtype == "float":
        return torch.randn(shape)
    return torch.zeros(shape, dtype=torch.bool if dtype == "bool" else torch.int64)


def _shapes(result: Any) -> list[tuple[str, list[int]]]:
    """The outputs of a forward pass by name or number."""
    if isinstance(result, Mapping):
        return [(f"{name} ", list(t.shape)) for name, t in result.items()]
    if isinstance(result, tuple):
        return [(f"output {i} ", list(t.shape)) for i, t in enumerate(result)]
    return [("output ", list(result.shape))]
