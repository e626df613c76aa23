"""Saving as safetensors: what stands in the file, and what cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

import netspec
from netspec.pytorch.weights import saving


def module(**tensors: torch.Tensor) -> nn.Module:
    """A module with these buffers."""
    made = nn.Module()
    for name, tensor in tensors.items():
        made.register_buffer(name, tensor)
    return made


def header(path: Path) -> dict[str, object]:
    data = path.read_bytes()
    found: dict[str, object] = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return found


DTYPES = [
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.int64,
    torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64, torch.bool,
    torch.complex64,
]  # fmt: skip


def test_every_dtype_and_shape_comes_back(tmp_path: Path) -> None:
    torch.manual_seed(0)
    tensors = {f"t{i}": (10 * torch.rand(i % 4 + 1, 3)).to(dtype) for i, dtype in enumerate(DTYPES)}
    tensors |= {"scalar": torch.tensor(2.5), "none": torch.zeros(0, 4), "odd": torch.ones(7, dtype=torch.bool)}
    model, path = module(**tensors), tmp_path / "net.safetensors"
    netspec.save_weights(model, path)
    found = load_file(path)
    assert found.keys() == tensors.keys()
    for key, tensor in tensors.items():
        assert (found[key].dtype, found[key].shape) == (tensor.dtype, tensor.shape)
        assert torch.equal(found[key].flatten().view(torch.uint8), tensor.flatten().view(torch.uint8))
    again = module(**{key: torch.zeros_like(tensor) for key, tensor in tensors.items()})
    assert netspec.load_weights(again, path).loaded == tuple(tensors)
    assert all(torch.equal(again.get_buffer(key).float(), tensor.float()) for key, tensor in tensors.items()
               if not tensor.is_complex())  # fmt: skip


def test_each_tensor_is_aligned_to_its_width(tmp_path: Path) -> None:
    model = module(a=torch.zeros(3, dtype=torch.bool), b=torch.zeros(3, dtype=torch.float16), c=torch.zeros(1))
    netspec.save_weights(model, tmp_path / "net.safetensors")
    found = header(tmp_path / "net.safetensors")
    assert list(found) == ["__metadata__", "a", "b", "c"]  # the order of the state dict
    assert [found[k]["data_offsets"] for k in "abc"] == [[10, 13], [4, 10], [0, 4]]  # type: ignore[index]
    assert int.from_bytes((tmp_path / "net.safetensors").read_bytes()[:8], "little") % 8 == 0


def test_the_same_weights_give_the_same_bytes(tmp_path: Path) -> None:
    model = netspec.build("specs/torchvision/resnet.netspec", "ResNet18", num_classes=2)
    for name in ("a", "b"):
        netspec.save_weights(model, tmp_path / f"{name}.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_strides_and_shared_memory(tmp_path: Path) -> None:
    whole = torch.arange(12.0).reshape(3, 4)
    model = module(turned=whole.T, same=whole, again=whole, part=whole[1:, ::2], spread=torch.ones(1).expand(3))
    netspec.save_weights(model, tmp_path / "net.safetensors")
    found = load_file(tmp_path / "net.safetensors")
    assert all(torch.equal(found[key], value) for key, value in model.state_dict().items())
    assert len(found) == 5


def test_channels_last_weights(tmp_path: Path) -> None:
    model = nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
    netspec.save_weights(model, tmp_path / "net.safetensors")
    other = nn.Conv2d(3, 4, 3)
    netspec.load_weights(other, tmp_path / "net.safetensors")
    assert torch.equal(other.weight, model.weight)


def test_a_plain_module_is_saved_without_a_spec(tmp_path: Path) -> None:
    netspec.save_weights(nn.Linear(2, 3), tmp_path / "net.safetensors")
    with safe_open(tmp_path / "net.safetensors", "pt") as file:
        assert file.metadata() == {"format": "pt"}


class _Extra(nn.Linear):
    def get_extra_state(self) -> dict[str, int]:
        return {"a": 1}


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (lambda: module(a=torch.zeros(2, device="meta")), "Module: `a` is on the meta device and has no values"),
        (lambda: module(a=torch.zeros(2, 2).to_sparse()), "Module: `a` is sparse or quantized"),
        (lambda: module(a=torch.zeros(2, dtype=torch.complex128)), "Module: `a` is of dtype complex128"),
        (lambda: nn.LazyLinear(2), "LazyLinear: `weight` has no shape yet"),
        (lambda: _Extra(2, 3), "_Extra: `_extra_state` is extra state"),
    ],
)
def test_what_cannot_be_saved(made: Callable[[], nn.Module], problem: str, tmp_path: Path) -> None:
    with pytest.raises(netspec.WeightsError) as error:
        netspec.save_weights(made(), tmp_path / "net.safetensors")
    assert str(error.value).startswith(problem)
    assert list(tmp_path.iterdir()) == []


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"name the file net.safetensors, not net.pth"):
        netspec.save_weights(nn.Linear(2, 3), tmp_path / "net.pth")


def test_a_file_is_replaced_as_a_whole_or_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.safetensors"
    netspec.save_weights(nn.Linear(2, 3), path)
    before = path.read_bytes()

    def fails(value: torch.Tensor) -> memoryview:
        raise OSError("the disk is full")

    monkeypatch.setattr(saving, "_bytes", fails)
    with pytest.raises(OSError, match="the disk is full"):
        netspec.save_weights(nn.Linear(2, 3), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_saving_over_the_file_that_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    model = nn.Linear(2, 3)
    netspec.save_weights(model, path)
    netspec.load_weights(model, path)
    netspec.save_weights(model, path)
    assert netspec.load_weights(nn.Linear(2, 3), path).complete
