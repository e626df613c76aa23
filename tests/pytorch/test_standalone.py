"""Exported source: runs with torch alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from netspec.pytorch.build import build_graph
from netspec.pytorch.source import class_name, generate
from tests.pytorch.networks import ALL, POLICIES, sample
from tests.texts import graph_of

NETWORKS = ALL | {"policies": POLICIES}

CODE = """
import pickle, sys, torch
sys.modules["netspec"] = None                       # an import of netspec would fail
import exported
torch.manual_seed(1)
numbers = torch.load("numbers.pt")
for name, (state, inputs, wanted) in numbers.items():
    module = __import__(f"exported_{name}")
    model = getattr(module, wanted[1])().eval()
    assert list(model.state_dict()) == list(state)
    model.load_state_dict(state)
    for made in (model, pickle.loads(pickle.dumps(model))):
        found = made(*inputs)
        found = list(found.values()) if isinstance(found, dict) else found if isinstance(found, tuple) else [found]
        assert all(torch.equal(a, b) for a, b in zip(found, wanted[0], strict=True))
        assert [p.requires_grad for p in made.parameters()] == wanted[2]
        assert [m.training for m in made.train().modules()] == wanted[3]
print("all equal")
"""


def test_exported_source_is_the_module(tmp_path: Path) -> None:
    numbers = {}
    for name, text in NETWORKS.items():
        graph = graph_of(text)
        model, inputs = build_graph(graph).eval(), sample(graph)
        found = model(*inputs)
        outputs = (
            list(found.values()) if isinstance(found, dict) else list(found) if isinstance(found, tuple) else [found]
        )
        name = name.replace(" ", "_")
        (tmp_path / f"exported_{name}.py").write_text(generate(graph), encoding="utf-8")
        numbers[name] = (model.state_dict(), inputs, (outputs, class_name(graph), *_held(model)))
    (tmp_path / "exported.py").write_text("")
    torch.save(numbers, tmp_path / "numbers.pt")
    done = subprocess.run([sys.executable, "-c", CODE], cwd=tmp_path, capture_output=True, text=True, env={"PATH": ""})
    assert done.stdout == "all equal\n", done.stderr


def _held(model: nn.Module) -> tuple[list[bool], list[bool]]:
    """What is trained, and what follows ``train()``."""
    return [p.requires_grad for p in model.parameters()], [m.training for m in model.train().modules()]


@pytest.mark.parametrize("name", list(NETWORKS))
def test_exported_source_is_clean(name: str, tmp_path: Path) -> None:
    """No unused import, no undefined name: as far as the compiler and a look at the names tell."""
    source = generate(graph_of(NETWORKS[name]))
    for line in source.splitlines():
        assert line == line.rstrip()
        if line.startswith(("import ", "from ")):
            names = line.split("import ")[1].split(", ")
            assert all(n in source.replace(line, "") for n in names)
