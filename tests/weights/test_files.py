"""Files that are refused, each with one message."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import nn

import netspec

STATE = {"weight": torch.ones(3, 2), "bias": torch.ones(3)}
SAFE = save(STATE)


class Evil:
    """Runs a command when it is opened."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch opened",)


def saved(data: object, *, legacy: bool = False) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        torch.save(data, path, _use_new_zipfile_serialization=not legacy)

    return write


def cut(data: object, size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        torch.save(data, path)
        path.write_bytes(path.read_bytes()[:size])

    return write


def raw(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def header(text: str, data: int = 0) -> Callable[[Path], None]:
    return raw(len(text).to_bytes(8, "little") + text.encode() + bytes(data))


def tensor(offsets: str, dtype: str = "F32") -> str:
    return f'{{"dtype":"{dtype}","shape":[1],"data_offsets":[{offsets}]}}'


REFUSED: list[tuple[str, Callable[[Path], Any], str]] = [
    ("cut.safetensors", raw(SAFE[:-4]), "is cut short or damaged: "),
    ("head.safetensors", raw(SAFE[:40]), "is cut short or damaged: "),
    ("more.safetensors", raw(SAFE + b"more"), "is cut short or damaged: "),
    ("json.safetensors", header("{nope"), "is cut short or damaged: "),
    ("dtype.safetensors", header(f'{{"a":{tensor("0,4", "F33")}}}', 4), "is cut short or damaged: "),
    ("twice.safetensors", header(f'{{"a":{tensor("0,4")},"a":{tensor("0,4")}}}', 4), "holds `a` twice"),
    ("overlap.safetensors", header(f'{{"a":{tensor("0,4")},"b":{tensor("0,4")}}}', 4), "is cut short or damaged: "),
    ("pickle.safetensors", saved(STATE), "is not safetensors: its content is that of a PyTorch file, `.pth`"),
    ("list.safetensors", header("[]"), "is not safetensors"),
    ("empty.safetensors", raw(b""), "is empty"),
    ("empty.pth", raw(b""), "is empty: safetensors or a state dict saved by torch.save is needed"),
    ("text.pth", raw(b"weights"), "is no weight file: safetensors or a state dict"),
    ("array.npy", lambda path: np.save(path, np.zeros(2)), "is no weight file: "),
    ("array.npz", lambda path: np.savez(path, a=np.zeros(2)), "is cut short, damaged or no PyTorch file: file in"),
    ("cut.pth", cut(STATE, 700), "is cut short, damaged or no PyTorch file: PytorchStreamReader failed"),
    ("pickle.pth", raw(pickle.dumps({"a": 1})), "is cut short, damaged or no PyTorch file: "),
    ("evil.pth", saved(Evil()), "names posix.system, which is no tensor: opening it could run code."),
    ("wrapped.pth", saved({"state_dict": Evil()}), "names posix.system, which is no tensor"),
    ("old.pth", saved(Evil(), legacy=True), "names posix.system, which is no tensor"),
    ("module.pth", saved(nn.Linear(2, 3)), "names torch.nn.modules.linear.Linear, which is no tensor"),
    ("script.pt", lambda path: torch.jit.save(torch.jit.script(nn.Linear(2, 3)), path), "is a TorchScript archive"),
    ("list.pth", saved([1, 2]), "holds no state dict, but a list"),
    ("tensor.pth", saved(torch.zeros(2)), "holds no state dict, but a Tensor"),
    ("number.pth", saved({**STATE, "epoch": 3}), "is no state dict: `epoch` is of type int, no tensor"),
    ("none.pth", saved({**STATE, "bias": None}), "is no state dict: `bias` is of type NoneType, no tensor"),
    ("keys.pth", saved({1: torch.zeros(2)}), "is no state dict: a key is of type int, no text"),
    ("two.pth", saved({"model": STATE, "state_dict": STATE}), "has several state dicts: `state_dict`, `model`"),
    ("ema.pth", saved({"ema": STATE, "epoch": 3}), "is no state dict: `ema` is of type dict, no tensor; if `ema` is"),
    ("sparse.pth", saved({"a": torch.zeros(2, 2).to_sparse()}), ": `a` is sparse or quantized, not a plain tensor"),
    ("meta.pth", saved({"a": torch.zeros(2, device="meta")}), ": `a` is on the meta device and has no values"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch.jit
@pytest.mark.parametrize(("name", "write", "message"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_refused_files(name: str, write: Callable[[Path], None], message: str, tmp_path: Path,
                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    write(Path(name))
    model = nn.Linear(2, 3)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(netspec.WeightsError) as error:
        netspec.load_weights(model, name, strict=False)
    found = str(error.value)
    assert found.removeprefix(name).lstrip().startswith(message)
    assert "\n" not in found
    assert len(found) < 400
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    assert not Path("opened").exists()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        netspec.load_weights(nn.Linear(2, 3), tmp_path / "absent.pth")
    with pytest.raises(OSError, match="is not a regular file"):
        netspec.load_weights(nn.Linear(2, 3), tmp_path)
    os.mkfifo(tmp_path / "pipe.pth")
    with pytest.raises(OSError, match="is not a regular file"):  # and does not wait for a writer
        netspec.load_weights(nn.Linear(2, 3), tmp_path / "pipe.pth")


def test_a_dtype_that_torch_has_not_is_skipped(tmp_path: Path) -> None:
    text = json.dumps({"a": {"dtype": "F4", "shape": [2], "data_offsets": [0, 1]}})
    header(text, 1)(tmp_path / "four.safetensors")
    model = nn.Module()
    model.a = nn.Parameter(torch.zeros(2))
    with pytest.raises(netspec.WeightsError, match="f4 does not go into float32"):
        netspec.load_weights(model, tmp_path / "four.safetensors")
