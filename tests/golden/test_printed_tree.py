"""ResNet3d-50 with two pools as torch prints it, and the shapes after its stages."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import netspec
from netspec.analysis.inputs import bind_inputs
from netspec.dims import evaluate
from netspec.graph import Graph
from tests.golden import recorded
from tests.golden.projects.located import SPECS
from tests.golden.systems import locate

CASES = recorded.names("seed002_mma_r3d50_pool2_")
pytestmark = pytest.mark.skipif(not CASES, reason="these cases are in the full collection only")


def own_spec(case: recorded.Case) -> Graph:
    """The network in the file that is about it alone."""
    spec = netspec.load(SPECS / "mmaction2" / "resnet3d50_pool2.netspec")
    return spec.elaborate(with_pool2=case["arguments"]["with_pool2"])


def by_arguments(case: recorded.Case) -> Graph:
    """The general network with the arguments that were recorded."""
    path, network, arguments = locate(case["system"], case["arguments"])
    return netspec.load(path).elaborate(network, **arguments)


# ------------------------------------------------------------------------------------------------ the printed tree


def printed(case: recorded.Case) -> list[str]:
    """The lines that torch prints: the recorded layers under their paths, in the composite modules of the original."""
    tree: dict[str, Any] = {}
    for path, kind, settings in case["attributes"]:
        *parents, last = path.split(".")
        here = tree
        for parent in parents:
            here = here.setdefault(parent, {})
        here[last] = leaf(kind, settings)
    return ["ResNet3d(", *inner(tree, 1), ")"]


def leaf(kind: str, settings: dict[str, Any]) -> str:
    """A layer of torch with its recorded settings, as torch prints it."""
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    return repr(getattr(nn, kind)(**given))


def inner(tree: dict[str, Any], depth: int) -> list[str]:
    lines = []
    for name, member in tree.items():
        start = f"{'  ' * depth}({name}): "
        if isinstance(member, str):
            lines.append(start + member)
        else:
            lines += [f"{start}{composite(name, depth)}(", *inner(member, depth + 1), f"{'  ' * depth})"]
    return lines


def composite(name: str, depth: int) -> str:
    """The class of a module with children, by where it stands: ``layer1``, ``layer1.0``, ``layer1.0.conv1``."""
    if name.startswith("layer"):
        return "Sequential"
    return "Bottleneck3d" if depth == 2 else "ConvModule"


@pytest.mark.parametrize("graph_of", [own_spec, by_arguments])
@pytest.mark.parametrize("name", CASES)
def test_the_module_prints_as_the_original(name: str, graph_of: Any) -> None:
    case = recorded.load(name)
    with torch.device("meta"):
        model = netspec.build(graph_of(case))
    assert str(model).splitlines() == printed(case)


# ------------------------------------------------------------------------------------------------ shapes


@pytest.mark.parametrize("graph_of", [own_spec, by_arguments])
@pytest.mark.parametrize("name", CASES)
def test_shapes_after_the_stem_and_each_stage(name: str, graph_of: Any) -> None:
    case = recorded.load(name)
    graph = graph_of(case)
    sizes = bind_inputs(graph, {"clip": case["input_shape"][0]})
    nodes = {node.module: node for node in graph.definition.nodes}
    found = [[module, [evaluate(d, sizes) for d in nodes[module].types[0].dims]] for module, _ in case["block_shapes"]]
    assert found == case["block_shapes"]
    assert found[0] == ["maxpool", [1, 64, 4, 80, 64]]


@pytest.mark.parametrize(("sizes", "fits"), [((13, 317, 253), True), ((16, 320, 256), True), ((12, 317, 253), False),
                                             ((16, 321, 256), False), ((16, 320, 252), False)])  # fmt: skip
def test_which_clips_give_these_shapes(sizes: tuple[int, int, int], fits: bool) -> None:
    case = recorded.load(CASES[0])
    graph = own_spec(case)
    values = bind_inputs(graph, {"clip": (1, 3, *sizes)})
    stem = next(node for node in graph.definition.nodes if node.module == "maxpool")
    assert ([evaluate(d, values) for d in stem.types[0].dims] == [1, 64, 4, 80, 64]) == fits
