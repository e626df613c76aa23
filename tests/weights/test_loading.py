"""Loading into modules: all or nothing, in place, whatever the module."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

import netspec
from netspec.pytorch.weights.module import inflated, state_of_module
from netspec.pytorch.weights.state import state_of_graph

State = dict[str, torch.Tensor]


class Net(nn.Module):
    """A 3-D convolution, a norm and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv3d(2, 4, (3, 1, 1), bias=False)
        self.bn = nn.BatchNorm3d(4)
        self.fc = nn.Linear(4, 2)


@pytest.fixture
def other() -> State:
    """The state dict of another Net, filled with numbers of its own."""
    torch.manual_seed(3)
    net = Net()
    for value in net.state_dict().values():
        value.copy_(torch.randn(value.shape) + 2)
    return net.state_dict()


def saved(state: object, folder: Path, ending: str = "pth") -> Path:
    path = folder / f"net.{ending}"
    if ending == "safetensors":
        from safetensors.torch import save_file

        save_file(state, path)  # type: ignore[arg-type]
    else:
        torch.save(state, path, _use_new_zipfile_serialization=ending != "legacy")
    return path


def same(model: nn.Module, state: State) -> bool:
    found = model.state_dict()
    return found.keys() == state.keys() and all(torch.equal(found[k], v) for k, v in state.items())


@pytest.mark.parametrize("ending", ["pth", "legacy", "safetensors", "dict"])
def test_every_kind_of_source(other: State, ending: str, tmp_path: Path) -> None:
    model = Net()
    plan = netspec.load_weights(model, other if ending == "dict" else saved(other, tmp_path, ending))
    assert plan.loaded == tuple(other)
    assert plan.complete
    assert same(model, other)


def test_the_kind_of_a_file_is_its_content(other: State, tmp_path: Path) -> None:
    model = Net()
    netspec.load_weights(model, saved(other, tmp_path, "safetensors").rename(tmp_path / "net.bin"))
    assert same(model, other)


@pytest.mark.parametrize(
    ("wrapped", "note"),
    [
        (lambda s: {"state_dict": s}, "taken from `state_dict`"),
        (lambda s: {"model": s, "epoch": 3, "lr": 0.1}, "taken from `model`, without `epoch`, `lr`"),
        (lambda s: {"model_state_dict": s, "best": torch.zeros(())}, "taken from `model_state_dict`, without `best`"),
        (lambda s: {"model": {"state_dict": s}}, "taken from `state_dict`"),
    ],
)
def test_wrapped_state_dicts(other: State, wrapped: Callable[[State], object], note: str, tmp_path: Path) -> None:
    model = Net()
    assert note in netspec.load_weights(model, saved(wrapped(other), tmp_path)).notes
    assert same(model, other)


def test_values_are_copied_in_place(other: State) -> None:
    model = Net()
    model.conv.requires_grad_(False)
    pointers = {k: v.data_ptr() for k, v in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    netspec.load_weights(model, other)
    assert {k: v.data_ptr() for k, v in model.state_dict().items()} == pointers
    assert [k for k, p in model.named_parameters() if not p.requires_grad] == ["conv.weight"]
    assert all(p.is_leaf and p.grad is None for p in optimizer.param_groups[0]["params"])
    assert other["fc.weight"].data_ptr() != model.fc.weight.data_ptr()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.pop("conv.weight"),
        lambda s: s.update(extra=torch.zeros(2)),
        lambda s: s.update({"fc.bias": torch.zeros(3)}),
        lambda s: s.update({"fc.bias": torch.zeros(2, dtype=torch.int64)}),
    ],
    ids=["missing", "unused", "shape", "dtype"],
)
def test_strict_is_all_or_nothing(other: State, change: Callable[[State], object]) -> None:
    change(other)
    model = Net()
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(netspec.WeightsError, match="the state dict does not fit Net: nothing was loaded") as error:
        netspec.load_weights(model, other)
    assert error.value.plan is not None
    assert not error.value.plan.complete
    assert same(model, before)
    if other.get("fc.bias", torch.zeros(0)).dtype == torch.float32:  # torch refuses the same, but for kinds of numbers
        with pytest.raises(RuntimeError, match="Error\\(s\\) in loading state_dict"):
            Net().load_state_dict(other)


def test_without_strict_what_fits_is_loaded_and_the_rest_is_told(other: State) -> None:
    model = Net()
    before = copy.deepcopy(model.state_dict())
    del other["conv.weight"]
    other |= {"fc.bias": torch.zeros(3), "a": torch.zeros(1), "b": torch.zeros(2)}
    with pytest.warns(netspec.WeightsWarning) as told:
        plan = netspec.load_weights(model, other, strict=False)
    assert [str(w.message) for w in told] == [
        "the state dict: 1 key of the model is missing in it:\n  conv.weight [4, 2, 3, 1, 1]",
        "the state dict: 1 tensor does not fit:\n  fc.bias [2], and fc.bias [3] in the file",
        "the state dict: 2 of its keys are not used:\n  a [1]\n  b [2]",
    ]
    assert all(w.filename == __file__ for w in told)
    for key, value in model.state_dict().items():
        assert torch.equal(value, other[key] if key in plan.loaded else before[key])


def test_warnings_that_are_errors_leave_the_model_as_it_is(other: State) -> None:
    model = Net()
    before = copy.deepcopy(model.state_dict())
    del other["fc.bias"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(netspec.WeightsWarning):
            netspec.load_weights(model, other, strict=False)
    assert same(model, before)


def test_old_checkpoints_do_not_count_batches(other: State) -> None:
    model = Net()
    del other["bn.num_batches_tracked"]
    plan = netspec.load_weights(model, other)
    assert plan.complete
    assert model.bn.num_batches_tracked == 0


def test_dtypes_convert_and_are_told(other: State) -> None:
    model = Net()
    plan = netspec.load_weights(model, {k: v.double() if v.is_floating_point() else v for k, v in other.items()})
    assert plan.converted == tuple(k for k in other if k != "bn.num_batches_tracked")
    assert same(model, other)


def test_inflation_repeats_over_time_and_divides_by_its_length(other: State) -> None:
    flat = torch.tensor([[[[1.5]], [[3.0]]]] * 4)  # (4, 2, 1, 1) for a kernel of (3, 1, 1)
    model = Net()
    plan = netspec.load_weights(model, other | {"conv.weight": flat}, inflate="2d")
    assert plan.inflated == ("conv.weight",)
    assert model.conv.weight[0, :, :, 0, 0].tolist() == [[0.5, 0.5, 0.5], [1.0, 1.0, 1.0]]
    frame = torch.randn(1, 2, 1, 5, 5)
    still = model.conv(frame.expand(1, 2, 3, 5, 5))[:, :, 0]  # the same frame three times: what the 2-D one gives
    assert torch.allclose(still, nn.functional.conv2d(frame[:, :, 0], flat), atol=1e-6)


def test_short_floats_are_inflated_in_float32() -> None:
    half = torch.full((4, 2, 1, 1), 1.0, dtype=torch.float16)
    model = nn.Sequential(nn.Conv3d(2, 4, (3, 1, 1), bias=False))
    netspec.load_weights(model, {"0.weight": half}, inflate="2d")
    assert torch.equal(model[0].weight, torch.full((4, 2, 3, 1, 1), 1 / 3))
    assert inflated(half.double(), model[0].weight).dtype == torch.float64


def test_transposed_convolutions_are_not_inflated() -> None:
    model = nn.Sequential(nn.ConvTranspose3d(2, 4, (3, 1, 1), bias=False))
    with pytest.raises(netspec.WeightsError, match=r"0.weight \[2, 4, 3, 1, 1\], and 0.weight \[2, 4, 1, 1\]"):
        netspec.load_weights(model, {"0.weight": torch.zeros(2, 4, 1, 1)}, inflate="2d")


def test_a_renaming_is_applied(other: State) -> None:
    model = Net()
    wrapped = {f"module.{k}": v for k, v in other.items()}
    with pytest.raises(netspec.WeightsError, match='`rename="data-parallel"` makes 8 of 8 keys meet'):
        netspec.load_weights(model, wrapped)
    assert netspec.load_weights(model, wrapped, rename="data-parallel").notes == ("keys renamed by data-parallel",)
    assert same(model, other)


def test_tied_weights_load_by_either_key() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(3, 2)
            self.head = nn.Linear(2, 3, bias=False)
            self.head.weight = self.embed.weight

    model, values = Tied(), torch.randn(3, 2)
    plan = netspec.load_weights(model, {"head.weight": values})
    assert [e.fate for e in plan.entries] == ["tied", "loads"]
    assert torch.equal(model.embed.weight, values)
    assert model.embed.weight is model.head.weight


def test_a_compiled_module_loads_as_the_one_inside(other: State, tmp_path: Path) -> None:
    model = torch.compile(Net(), backend="eager")
    assert netspec.load_weights(model, other).loaded == tuple(other)
    netspec.save_weights(model, tmp_path / "net.safetensors")
    assert netspec.load_weights(Net(), tmp_path / "net.safetensors").complete


def test_parameters_and_views_as_sources() -> None:
    model = nn.Linear(2, 3)
    whole = nn.Parameter(torch.randn(6, 3))
    netspec.load_weights(model, {"weight": whole[::2, 1:], "bias": whole[0]})
    assert torch.equal(model.weight, whole[::2, 1:])
    assert model.bias.grad_fn is None


def test_a_frozen_network_loads_and_stays_frozen(tmp_path: Path) -> None:
    spec = tmp_path / "net.netspec"
    spec.write_text("""netspec 1
network Net() {
    input x: [B, 3, H, W]
    output x -> stem: Conv2d(8, 3) -> bn: BatchNorm2d() -> head: Conv2d(2, 1)
    freeze "stem"
    freeze_stats "bn"
}
""")
    first, second = netspec.build(spec), netspec.build(spec).train()
    netspec.save_weights(first, tmp_path / "net.safetensors")
    assert netspec.load_weights(second, tmp_path / "net.safetensors").complete
    assert same(second, first.state_dict())
    assert [k for k, p in second.named_parameters() if not p.requires_grad] == ["stem.weight", "stem.bias"]
    assert [k for k, m in second.named_children() if not m.training] == ["stem", "bn"]


def test_a_spec_is_planned_as_its_module_is() -> None:
    graph = netspec.load("specs/pyskl/resnet3d.netspec").elaborate("ResNet3d", depth=50, advanced=True, base_channels=8)
    described, _ = state_of_module(netspec.build(graph))
    assert described == state_of_graph(graph)
    assert sum(slot.convolves for slot in described.slots) == 53


@pytest.fixture
def exported() -> nn.Module:
    """A network as plain source, without netspec."""
    from netspec.pytorch.source import generate

    source = generate(netspec.load("specs/torchvision/resnet.netspec").elaborate("ResNet18", num_classes=3))
    namespace: dict[str, type[nn.Module]] = {"__name__": "exported"}
    exec(source, namespace)
    return namespace["ResNet18"]()


def test_an_exported_module_takes_and_gives_the_same_files(exported: nn.Module, tmp_path: Path) -> None:
    built = netspec.build("specs/torchvision/resnet.netspec", "ResNet18", num_classes=3)
    netspec.save_weights(built, tmp_path / "built.safetensors")
    assert netspec.load_weights(exported, tmp_path / "built.safetensors").differences == ()
    assert same(exported, built.state_dict())
    netspec.save_weights(exported, tmp_path / "exported.safetensors")
    assert netspec.load_weights(built, tmp_path / "exported.safetensors").complete
