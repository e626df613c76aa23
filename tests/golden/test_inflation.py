"""2-D checkpoints inflated into 3-D networks: values, what is told, what is not used."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

import netspec
from netspec.pytorch.weights.plan import Plan, Tensor
from netspec.pytorch.weights.planning import make_plan
from netspec.pytorch.weights.state import Checkpoint, state_of_graph
from tests.golden import fill, networks, recorded

NAMES = recorded.names("pyskl_inflate2d_")


def checkpoint(case: recorded.Case) -> dict[str, torch.Tensor]:
    """The 2-D state dict of a case, filled by its rule."""
    return {
        key: torch.zeros((), dtype=torch.int64)
        if key.endswith("num_batches_tracked")
        else torch.from_numpy(fill.values_for(f"2d.{key}", shape))
        for key, shape in case["checkpoint_2d"]["keys"]
    }


def inflate(name: str, folder: Path) -> tuple[torch.nn.Module, dict[str, torch.Tensor], Plan, list[str]]:
    """The network of a case with its checkpoint, its state before, the plan, and what was warned of."""
    case = recorded.load(name)
    model = fill.fill_module(networks.module(name))
    before = {key: value.clone() for key, value in model.state_dict().items()}
    torch.save({"state_dict": checkpoint(case)}, folder / "2d.pth")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        plan = netspec.load_weights(model, folder / "2d.pth", rename="torchvision", inflate="2d", strict=False)
    return model, before, plan, [str(w.message) for w in told if w.category is netspec.WeightsWarning]


def units(case: recorded.Case) -> tuple[set[str], set[str]]:
    """What the original warned of, as our modules: those that it found no weights for, those whose shape differs."""
    said = r"(Module not exist in the state_dict_r2d|Weight shape mismatch for): ([\w.]+)"
    found = [re.match(said, warning) for warning in case["warnings"]]
    missing = {m[2] for m in found if m and m[1].startswith("Module")}
    assert all(found)
    # of a projection that is a list it looks for members 0 and 1, which are ours `conv` and `bn`
    parts = {"0": "conv", "1": "bn"}
    return (
        {f"{unit.rpartition('.')[0]}.{parts[unit.rpartition('.')[2]]}" for unit in missing},
        {f"{m[2]}.conv" for m in found if m and m[1].startswith("Weight")},
    )


@pytest.mark.parametrize("name", NAMES)
def test_values_after_inflation(name: str, tmp_path: Path) -> None:
    case = recorded.load(name)
    model, before, plan, _ = inflate(name, tmp_path)
    state = model.state_dict()
    assert [key for key in state if not torch.equal(state[key], before[key])] == case["changed_by_inflation"]
    for key, mean, first in case["state_probe"]:
        values = state[key].flatten()
        assert values[:4].tolist() == pytest.approx(first, rel=1e-6, abs=0)
        assert values.double().mean().item() == pytest.approx(mean, rel=1e-6, abs=1e-9)
    assert [s for s in plan.loaded if not s.endswith("num_batches_tracked")] == case["changed_by_inflation"]
    model.eval()
    with torch.no_grad():
        output = model(*fill.inputs_for(case["input_shape"]))
    wanted = case["numerics"]["outputs"][0]
    found = fill.describe(output.numpy())
    for key in ("first16", "spread16", "mean", "std", "abs_max"):
        assert found[key] == pytest.approx(wanted[key], rel=0, abs=1e-5 * wanted["abs_max"])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_of_it(name: str, tmp_path: Path) -> None:
    case = recorded.load(name)
    _, _, plan, told = inflate(name, tmp_path)
    missing, mismatched = units(case)
    assert {key.rpartition(".")[0] for key in plan.missing} == missing
    assert {key.rpartition(".")[0] for key in plan.skipped} == mismatched
    not_used = [e.source.key for e in plan.having("unused", "skipped") if e.source]
    assert sorted(not_used) == sorted(case["not_used_from_checkpoint"])
    text = "\n".join(told)
    assert all(key in text for key in [*sorted(missing)[:2], *mismatched])
    assert len(told) == sum(map(bool, (plan.missing, plan.skipped, plan.unused)))


def test_a_mismatch_shows_both_shapes(tmp_path: Path) -> None:
    _, _, plan, told = inflate("pyskl_inflate2d_r3d50_in17_inflate0011", tmp_path)
    assert plan.skipped == ("conv1.conv.weight",)
    assert "conv1.conv.weight [16, 17, 1, 7, 7], and conv1.weight [16, 3, 7, 7] in the file" in told[0]


RESNETS = [
    ("tv_resnet18", {"depth": 18, "inflate_style": "3x3x3"}, "torchvision"),
    ("tv_resnet50", {}, "torchvision"),
    ("tv_resnet50", {"advanced": True}, "torchvision-advanced"),
    ("tv_resnet152", {"depth": 152}, "torchvision"),
]


@pytest.mark.parametrize(
    ("name", "arguments", "table"), [r for r in RESNETS if r[0] in recorded.names("tv_")], ids=lambda v: str(v)
)
def test_the_resnets_of_torchvision_fit_but_for_their_head(name: str, arguments: dict[str, Any], table: str) -> None:
    tensors = {key: Tensor(key, tuple(shape), dtype) for key, shape, dtype in recorded.load(name)["state_dict"]}
    model = state_of_graph(netspec.load("specs/pyskl/resnet3d.netspec").elaborate("ResNet3d", **arguments))
    plan = make_plan(model, Checkpoint(name, tensors, {}.__getitem__), table, "2d")
    assert (plan.missing, plan.skipped, plan.unused) == ((), (), ("fc.weight", "fc.bias"))


def test_another_table_loads_the_projections_of_advanced(tmp_path: Path) -> None:
    """The original leaves these projections as they are: it looks for names that no 2-D checkpoint has."""
    name = "pyskl_inflate2d_r3d50_advanced"
    weights = checkpoint(recorded.load(name))
    model = networks.module(name)
    plan = netspec.load_weights(model, weights, rename=["torchvision-advanced", {"fc.*": None}], inflate="2d")
    assert plan.complete
    state = model.state_dict()
    for i in range(1, 5):
        ours, theirs = f"layer{i}.0.downsample.0", f"layer{i}.0.downsample"
        assert torch.equal(state[f"{ours}.conv.weight"][:, :, 0], weights[f"{theirs}.0.weight"])  # one step in time
        for part in ("weight", "bias", "running_mean", "running_var"):
            assert torch.equal(state[f"{ours}.bn.{part}"], weights[f"{theirs}.1.{part}"])
