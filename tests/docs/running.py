"""Runs the blocks of a page in a folder: what each was expected to give, and what it gave."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import netspec
from netspec.analysis.inputs import bind_inputs
from netspec.dims import evaluate, symbols_of
from netspec.ops import registry
from netspec.pytorch.refusals import refusals
from tests.docs.blocks import Block

ROOT = Path(__file__).parents[2]
#: Networks with more parameters are checked, not run.
MOST_PARAMETERS = 50_000_000


@dataclass(frozen=True)
class Result:
    """``expected`` stands in the page from ``start`` to ``end``."""

    block: Block
    expected: str
    actual: str
    start: int
    end: int


@contextlib.contextmanager
def reader(folder: Path) -> Iterator[None]:
    """Work in a folder with what a reader has who cloned the repository.

    What a page imports and registers is forgotten afterwards.
    """
    shutil.copytree(ROOT / "specs", folder / "specs")
    here, modules, ops = Path.cwd(), set(sys.modules), dict(registry._registered)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(here)
        sys.path.remove(str(folder))
        registry._registered.clear()
        registry._registered.update(ops)
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]


def run(blocks: list[Block], folder: Path) -> Iterator[Result]:
    """Run blocks in order, ``folder`` being the working directory. An exception of a Python block goes through."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        after = (
            following if following is not None and following.language == "text" and _is_next(block, following) else None
        )
        if block.language in ("netspec", "json"):
            yield from _run_netspec(block, after, folder)
        elif block.language == "python":
            yield from _run_python(block, after, folder, namespace)
        elif block.language == "console":
            yield from _run_console(block)


def _is_next(block: Block, following: Block) -> bool:
    """A ``text`` block belongs to the one before it where no paragraph stands between."""
    between = block.page.read_text(encoding="utf-8")[block.end : following.start]
    return "".join(between.split()) == "``````text"


def _run_netspec(block: Block, after: Block | None, folder: Path) -> Iterator[Result]:
    """Save the spec and check it; its diagnostics are what the next block says, or none."""
    name = block.file or f"example.{block.language}"
    (folder / name).write_text(block.text, encoding="utf-8")
    printed = "\n\n".join(map(str, netspec.check(name)))
    if block.fails:
        assert printed, f"{block.place}: the spec is right"
        assert after is not None, f"{block.place}: no `text` block with the diagnostics follows"
        yield Result(after, after.text, printed, after.start, after.end)
    else:
        yield Result(block, "", printed or "".join(untrue(name)), block.end, block.end)


def untrue(name: str) -> Iterator[str]:
    """Which networks of a spec do not do what its check says: each that can be built is run on tensors of some size."""
    spec = netspec.load(name)
    for network in spec.networks:
        graph = spec.elaborate(network)
        if graph.definition.parameter_count > MOST_PARAMETERS or refusals(graph):
            continue
        sizes = {n: tuple(evaluate(d, {s: 2 if s == "B" else 16 for s in symbols_of(d)}) for d in t.dims)
                 for n, t in graph.inputs.items()}  # fmt: skip
        values = bind_inputs(graph, sizes)
        expected = [[evaluate(d, values) for d in o.type.dims] for o in graph.definition.outputs]
        found = _shapes(netspec.build(graph).eval(), [_tensor(graph.inputs[n].dtype, s) for n, s in sizes.items()])
        if found != expected:
            yield f"{network} gives {found}, not {expected}\n"


def _tensor(dtype: str, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.zeros(shape, dtype={"float": torch.float32, "int": torch.int64, "bool": torch.bool}[dtype])


def _shapes(model: torch.nn.Module, inputs: list[torch.Tensor]) -> list[list[int]]:
    with torch.no_grad():
        result = model(*inputs)
    outputs = result.values() if isinstance(result, dict) else result if isinstance(result, tuple) else (result,)
    return [list(o.shape) for o in outputs]


def _run_python(block: Block, after: Block | None, folder: Path, namespace: dict[str, Any]) -> Iterator[Result]:
    """Execute a block in the page's namespace; a ``text`` block after it is what it prints."""
    if block.file is not None:
        (folder / block.file).write_text(block.text, encoding="utf-8")
        return
    printed = io.StringIO()
    code = compile("\n" * (int(block.place.rpartition(":")[2]) - 1) + block.text, str(block.page), "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    if after is not None:
        yield Result(after, after.text, printed.getvalue(), after.start, after.end)


def _run_console(block: Block) -> Iterator[Result]:
    """Each ``$ command`` with the lines that follow it; a trailing backslash continues the command."""
    place = block.start
    lines = block.text.splitlines(keepends=True)
    while lines:
        command = ""
        while lines and (not command or command.endswith("\\")):
            line = lines.pop(0)
            place += len(line)
            command = command.removesuffix("\\") + line.removeprefix("$ ").rstrip("\n")
        output = ""
        while lines and not lines[0].startswith("$ "):
            output += lines.pop(0)
        yield Result(block, output, execute(command), place, place + len(output))
        place += len(output)


def execute(command: str) -> str:
    """What a command prints, errors included: ``netspec`` in this process, anything else by the shell."""
    if command.startswith("netspec "):
        from click.testing import CliRunner

        from netspec.cli.main import main

        result = CliRunner().invoke(main, shlex.split(command)[1:], prog_name="netspec")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        shell=True,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
    )
    return done.stdout.decode("utf-8")
