"""What a file tells of the model that it was saved from, and how another one differs."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
import warnings
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

import netspec
from netspec.pytorch.weights.origin import differences, origin_of

PARTS = "netspec 1\nblock Unit(planes: int) { input x; output x -> conv: Conv2d(planes, 1) }\n"
SPEC = """netspec 1
use "./parts/unit.netspec" { Unit }
use "std/conv" { ConvModule }

network Net(width: int = 4, act: block = ReLU(inplace=True)) {
    input x: [B, 3, H, W]
    output x -> unit: Unit(width) -> module: ConvModule(width, 1) -> act: act()
}
network Wide = Net(width=8)
network Other() { input x: [B, 3, H, W]; output x -> conv: Conv2d(4, 1) }
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "unit.netspec").write_text(PARTS)
    (tmp_path / "net.netspec").write_text(SPEC)
    return tmp_path / "net.netspec"


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        return dict(file.metadata())


def test_the_metadata_hold_the_spec(spec: Path, tmp_path: Path) -> None:
    model = netspec.build(spec, "Net", width=6)
    netspec.save_weights(model, tmp_path / "net.safetensors")
    found = metadata(tmp_path / "net.safetensors")
    standard = (Path(netspec.__file__).parent / "std" / "conv.netspec").read_text()
    arguments = {"width": "6", "act": "ReLU(inplace=True)"}
    assert found == {
        "format": "pt",
        "netspec.network": "Net",
        "netspec.arguments": json.dumps(arguments),
        "netspec.hash": hashlib.sha256(json.dumps(["Net", arguments, [SPEC, PARTS, standard]]).encode()).hexdigest(),
        "netspec.file": "net.netspec",
        "netspec.spec": SPEC,
        "netspec.import.parts/unit.netspec": PARTS,
        "netspec.import.std/conv": standard,
    }
    assert str(tmp_path) not in json.dumps(found)  # nothing of the machine that it was saved on


def test_the_spec_stays_with_copies_and_pickles(spec: Path, tmp_path: Path) -> None:
    model = netspec.build(spec, "Net")
    for number, twin in enumerate((copy.deepcopy(model), pickle.loads(pickle.dumps(model)))):
        path = tmp_path / f"{number}.safetensors"
        netspec.save_weights(twin, path)
        assert metadata(path)["netspec.spec"] == SPEC
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        scripted = torch.jit.script(model.eval())
    assert scripted(torch.zeros(1, 3, 4, 4)).shape == (1, 4, 4, 4)


def origins(spec: Path, text: str, network: str = "Net", parts: str = PARTS, **arguments: object) -> list[str]:
    """How a network of another text differs from `Net` as it stands in ``spec``."""
    saved = origin_of(netspec.load(spec).elaborate("Net"))
    spec.write_text(text)
    (spec.parent / "parts" / "unit.netspec").write_text(parts)
    return list(differences(origin_of(netspec.load(spec).elaborate(network, **arguments)), saved))


def test_comments_and_spaces_make_no_difference(spec: Path) -> None:
    assert origins(spec, SPEC.replace("network Net", "\n# wider\n## A net.\nnetwork   Net")) == []


def test_what_differs(spec: Path) -> None:
    assert origins(spec, SPEC, width=8) == ["the argument width is 8, and 4 in the file"]
    assert origins(spec, SPEC, act="Identity") == ["the argument act is Identity, and ReLU(inplace=True) in the file"]
    assert origins(spec, SPEC, "Wide") == [
        "the network is Wide, and Net in the file",
        "the argument width is 8, and 4 in the file",
    ]
    assert origins(spec, SPEC, "Other") == ["the network is Other, and Net in the file"]


def test_where_texts_differ(spec: Path) -> None:
    assert origins(spec, SPEC.replace("ConvModule(width, 1)", "ConvModule(width, 3)")) == [
        "net.netspec differs at `…-> module: ConvModule(width, 3) -> act: act()`, which is "
        "`…-> module: ConvModule(width, 1) -> act: act()` in the file"
    ]
    spec.write_text(SPEC)
    assert origins(spec, SPEC, parts=PARTS.replace("Conv2d(planes, 1)", "Conv2d(planes, 1, bias=False)")) == [
        "parts/unit.netspec differs at `…ut x -> conv: Conv2d(planes, 1, bias=False) }`, which is "
        "`…ut x -> conv: Conv2d(planes, 1) }` in the file"
    ]


def test_an_import_more(spec: Path) -> None:
    text = SPEC.replace('use "std/conv" { ConvModule }\n', "").replace("ConvModule(width, 1)", "Conv2d(width, 1)")
    assert origins(spec, text)[1:] == ["std/conv is used in the file only"]


def test_another_architecture_that_fits_is_loaded_with_a_warning(spec: Path, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    netspec.save_weights(netspec.build(spec, "Net"), path)
    model = netspec.build(spec, "Net", act="Identity")
    with pytest.warns(netspec.WeightsWarning) as told:
        plan = netspec.load_weights(model, path)
    assert plan.complete
    assert plan.differences == ("the argument act is Identity, and ReLU(inplace=True) in the file",)
    assert [str(w.message) for w in told] == [
        f"{path}: saved from another architecture than Net:\n  {plan.differences[0]}"
    ]
    assert "the file was saved from another architecture:\n  the argument act" in str(plan)
    with warnings.catch_warnings():  # who renames knows
        warnings.simplefilter("error")
        netspec.load_weights(model, path, rename={"x": "y"})


def test_another_architecture_that_does_not_fit_says_what_differs(spec: Path, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    netspec.save_weights(netspec.build(spec, "Net"), path)
    with pytest.raises(netspec.WeightsError) as error:
        netspec.load_weights(netspec.build(spec, "Net", width=5), path)
    assert "unit.conv.weight [5, 3, 1, 1], and unit.conv.weight [4, 3, 1, 1] in the file" in str(error.value)
    assert "  the file was saved from another architecture:\n    the argument width is 5, and 4" in str(error.value)


@pytest.mark.parametrize(
    "told",
    [
        {"netspec.hash": "0" * 64},
        {"netspec.hash": "", "netspec.arguments": "[1"},
        {"netspec.hash": "", "netspec.arguments": "[" * 100_000},
        {"netspec.hash": "", "netspec.arguments": '{"width": 3}', "netspec.network": "\x1b[31m"},
        {"netspec.hash": "", "netspec.spec": '"' * 1000, "netspec.import.\x07": "x"},
        {"netspec.hash": "", "netspec.spec": "x" * 2_000_000},
    ],
)
def test_metadata_that_nobody_wrote_do_no_harm(spec: Path, told: dict[str, str], tmp_path: Path) -> None:
    model = netspec.build(spec, "Net")
    path = tmp_path / "net.safetensors"
    save_file(model.state_dict(), path, told)
    with pytest.warns(netspec.WeightsWarning) as found:
        plan = netspec.load_weights(model, path)
    assert plan.complete
    assert all(c.isprintable() or c == "\n" for w in found for c in str(w.message))
    assert all(len(d) < 500 for d in plan.differences)
