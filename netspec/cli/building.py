"""The build command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from netspec.cli.checking import conditions
from netspec.cli.exporting import source_of
from netspec.cli.options import (
    SPEC,
    Arguments,
    Inputs,
    common,
    elaborated,
    input_option,
    network_options,
    output_option,
)
from netspec.cli.progress import progress
from netspec.cli.telling import fail, manner, note, print_json, say, unreadable
from netspec.diagnostics import SpecError
from netspec.files import write_file
from netspec.graph import Graph


@click.command("build")
@click.argument("file", type=SPEC)
@output_option("The folder for what is written.", folder=True)
@click.option("--max-parameters", type=click.IntRange(min=1), help="Build networks up to this size, not the usual one.")
@network_options
@input_option
@common()
def command(file: str, out: Path, max_parameters: int | None, network: str | None, arguments: Arguments,
            inputs: Inputs) -> None:  # fmt: skip
    """All in one: check, summary, diagrams, source, and one real forward pass.

    Writes summary.txt, NAME.mmd, NAME.dot, NAME.svg and NAME.py.
    """
    graph = elaborated(file, network, arguments)
    require_inputs(graph, inputs)
    try:
        made = build_all(graph, inputs, out, max_parameters)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
    if manner().form != "text":
        print_json(made)


def require_inputs(graph: Graph, inputs: Inputs) -> None:
    """End the command where no shapes are given."""
    from netspec.analysis.inputs import example_sizes

    if not inputs:
        wanted = " ".join(f"--input {node.name}={example_sizes(node)}" for node in graph.definition.inputs)
        raise click.UsageError(f"build runs the network once and needs the shapes of its inputs: {wanted}")


def build_all(graph: Graph, inputs: Inputs, out: Path, max_parameters: int | None = None) -> dict[str, Any]:
    """Write everything that a network has into a folder and run it once, saying what was done; the same as data."""
    from netspec.analysis.inputs import input_shapes
    from netspec.analysis.summary import summarise

    shapes = input_shapes(graph, inputs)
    say(f"{graph.name}: {conditions(graph)}")
    pictures = [out / f"{graph.name}.{ending}" for ending in ("mmd", "dot", "svg")]
    with progress(2 + len(pictures)) as step:
        step("summary and source")
        texts = {"summary.txt": f"{summarise(graph, inputs)}\n", f"{graph.name}.py": source_of(graph)}
        out.mkdir(parents=True, exist_ok=True)
        written = [_write(out / name, text) for name, text in texts.items()]
        for path in pictures:
            step(f"drawing {path.name}")
            written += _draw(graph, path)
        step("forward pass")
        results = _run(graph, shapes, max_parameters)
    for name, shape in results:
        say(f"ran {graph.name}: {name}{shape}")
    return {"network": graph.name, "wrote": list(map(str, written)), "outputs": [shape for _, shape in results]}


def _write(path: Path, content: str | bytes) -> Path:
    write_file(path, content)
    say(f"wrote {path}")
    return path


def _draw(graph: Graph, path: Path) -> list[Path]:
    """A picture; without a Graphviz the others are still written."""
    from netspec.cli.drawing import notes_told
    from netspec.render import RenderError, picture_text

    try:
        with notes_told():
            return [_write(path, picture_text(graph, path.suffix.removeprefix(".")))]
    except RenderError as error:
        note(f"no {path.name}: {error}", always=True)
        return []


def _run(graph: Graph, shapes: Inputs, max_parameters: int | None) -> list[tuple[str, list[int]]]:
    """One real forward pass in evaluation mode; the shapes of its outputs."""
    import torch

    from netspec.pytorch.build import build_graph

    model = build_graph(graph, max_parameters=max_parameters).eval()
    tensors = [_example(type_.dtype, shapes[name]) for name, type_ in graph.inputs.items()]
    with torch.no_grad():
        return _shapes(model(*tensors))


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
