"""What changed between two networks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

import netspec
from netspec.analysis.diff import Change, Difference, Fact
from netspec.cli.main import main

ROOT = Path(__file__).parents[2]
RESNET = ROOT / "specs" / "resnet3d50.netspec"
PYSKL = ROOT / "specs" / "pyskl" / "resnet3d.netspec"
SMALL = """netspec 1
block Unit(planes: int, drop: bool = False) {
    input x
    output x -> conv: Conv2d(planes, 3, padding=1) -> norm: BatchNorm2d() -> act: ReLU() -> drop: Identity() if drop
}
network Net(wide: int = 4, drop: bool = False) {
    input x: [B, 3, H, W]
    a = x -> stem: Unit(wide, drop)
    b = a -> body: [Unit(wide, drop), Unit(wide, drop)]
    output (a + b) -> head: Conv2d(2, 1)
}
"""


def edited(folder: Path, *edits: tuple[str, str], text: str = SMALL) -> Difference:
    """The difference that edits of a text make."""
    old, new = folder / "old.netspec", folder / "new.netspec"
    old.write_text(text)
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    new.write_text(text)
    return netspec.diff(old, new)


def changes(found: Difference) -> list[tuple[str, str, tuple[str, ...], str, tuple[str, ...]]]:
    return [(c.kind, c.block, c.labels, c.what, c.paths) for c in found.changes]


def test_a_text_that_is_written_otherwise_is_no_difference(tmp_path: Path) -> None:
    found = edited(tmp_path, ("    output x -> conv", "    y = x\n    # as before\n    output y -> conv"))
    assert found.same
    assert found.keys.load
    assert str(found).splitlines()[1] == "no difference"


def test_an_edit_of_a_block_is_told_once_with_all_places(tmp_path: Path) -> None:
    found = edited(tmp_path, ("Conv2d(planes, 3, padding=1)", "Conv2d(planes, 5, padding=2)"))
    (change,) = found.changes
    facts = (Fact("kernel_size", (("3", "5"),)), Fact("padding", (("1", "2"),)))
    # 25 - 9 = 16 weights more per pair of channels: 3 to 4, and twice 4 to 4
    assert change == Change("changed", "Unit", ("conv",), "Conv2d", ("stem.conv", "body.0.conv", "body.1.conv"), facts,
                            parameters=16 * (12 + 16 + 16))  # fmt: skip
    assert [key for key, _, _ in found.keys.reshaped] == [f"{path}.weight" for path in change.paths]
    assert found.shapes == ()


def test_other_arguments_of_a_block_explain_what_follows_in_it(tmp_path: Path) -> None:
    found = edited(tmp_path, ("wide: int = 4", "wide: int = 8"))
    planes = (Fact("planes", (("4", "8"),)),)
    assert [(c.labels, c.facts) for c in found.changes] == [(("stem",), planes), (("body.0", "body.1"), planes)]
    assert found.arguments == (("wide", "4", "8"),)
    # norm and activation of three units, the sum and the head are as before, and take other shapes
    assert found.other_shapes == 3 * 2 + 2
    # 3 to 4 channels: 4 * (27 + 1) and a norm of 8; 4 to 4: 4 * 37 + 8; head 4 to 2: 2 * 5
    # 3 to 8 channels: 8 * 28 + 16; 8 to 8: 8 * 73 + 16; head 8 to 2: 2 * 9
    assert (found.totals[0].parameters, found.totals[1].parameters) == (120 + 2 * 156 + 10, 240 + 2 * 600 + 18)
    # float32: 4 bytes; each norm has two buffers as large as its weights, and a counter of 8 bytes
    assert found.totals[0].bytes == 4 * (442 + 3 * 8) + 3 * 8


def test_a_step_that_comes_with_an_argument_is_told_beside_it(tmp_path: Path) -> None:
    found = edited(tmp_path, ("wide: int = 4, drop: bool = False", "wide: int = 4, drop: bool = True"))
    assert ("added", "Unit", ("drop",), "Identity", ("stem.drop", "body.0.drop", "body.1.drop")) in changes(found)
    assert found.keys.load


def test_a_member_put_into_a_list_renumbers_the_others(tmp_path: Path) -> None:
    found = edited(tmp_path, ("[Unit(wide, drop), Unit", "[Dropout(0.5), Unit(wide, drop), Unit"))
    assert changes(found) == [
        ("added", "Net", ("body.0",), "Dropout", ("body.0",)),
        ("renamed", "Net", ("body.1", "body.2"), "Unit", ("body.1", "body.2")),
    ]
    assert found.keys.renames == (("body.0", "body.1"), ("body.1", "body.2"))
    assert not found.keys.load


def test_a_renamed_label_is_no_removal(tmp_path: Path) -> None:
    found = edited(tmp_path, ("-> head:", "-> classifier:"))
    (change,) = found.changes
    assert (change.kind, change.before, change.paths) == ("renamed", ("head",), ("classifier",))
    assert found.keys.renames == (("head", "classifier"),)


def test_other_wiring_of_the_same_steps_is_a_change(tmp_path: Path) -> None:
    found = edited(tmp_path, ("(a + b)", "(a + a)"))
    (change,) = found.changes
    assert (change.labels, change.facts) == (("add",), (Fact("reads", (("stem, body", "stem, stem"),)),))
    assert found.keys.load


def test_another_op_and_policies(tmp_path: Path) -> None:
    frozen = "-> head: Conv2d(2, 1)\n", '-> head: Conv2d(2, 1)\n    freeze "stem"\n'
    found = edited(tmp_path, ("act: ReLU()", "act: SiLU()"), frozen)
    assert changes(found)[0][:4] == ("added", "Net", (), '`freeze "stem"`')
    (replaced,) = (c for c in found.changes if c.kind == "replaced")
    assert replaced.facts == (Fact("op", (("ReLU", "SiLU"),)),)
    assert found.totals[0].trainable - found.totals[1].trainable == 120
    assert found.keys.load


EDITS = {
    "wider": ("wide: int = 4", "wide: int = 8"),
    "kernel": ("Conv2d(planes, 3, padding=1)", "Conv2d(planes, 5, padding=2)"),
    "act": ("act: ReLU()", "act: SiLU()"),
    "inserted": ("[Unit(wide, drop), Unit", "[Dropout(0.5), Unit(wide, drop), Unit"),
    "renamed": ("norm: BatchNorm2d()", "bn: BatchNorm2d()"),
    "removed": ("[Unit(wide, drop), Unit(wide, drop)]", "[Unit(wide, drop)]"),
    "stateless": ("-> head: Conv2d(2, 1)", "-> head: Conv2d(2, 1) -> pool: MaxPool2d(2)"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_whether_checkpoints_load_is_what_torch_says(tmp_path: Path, edit: str) -> None:
    found = edited(tmp_path, EDITS[edit])
    before, after = netspec.build(found.before), netspec.build(found.after)
    try:
        after.load_state_dict(before.state_dict())
    except RuntimeError:
        assert not found.keys.load
    else:
        assert found.keys.load
    renames = {f"{was}.**": f"{now}.**" for was, now in found.keys.renames}
    if renames:
        plan = netspec.load_weights(after, before.state_dict(), rename=renames)
        assert plan.complete
        assert all(map(torch.equal, after.state_dict().values(), before.state_dict().values()))
    assert bool(renames) == (edit in ("inserted", "renamed"))


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["diff", *args], catch_exceptions=False)
    return done.exit_code, done.output


def test_published_networks_against_each_other() -> None:
    """Parameters and keys as recorded of the originals: 318 entries of depth 50, 624 of depth 101."""
    status, text = run(str(PYSKL), "--after", "depth=101", "--exit-code")
    assert status == 1
    assert "  + in ResNet3d: layer3.6 to layer3.22 (17 x Bottleneck3d); +27,905,024 parameters\n" in text
    assert "  do not load: 306 keys added\n" in text
    assert "  depth: 50 -> 101\n" in text
    status, text = run(str(PYSKL), "--after", "base_channels=32", "--input", "clip=1,3,8,64,64")
    assert status == 0
    assert "planes 64 -> 32, 128 -> 64, 256 -> 128, 512 -> 256" in text
    assert "  output  [B, 2048, T, ceil(H/32), ceil(W/32)] -> [B, 1024, T, ceil(H/32), ceil(W/32)]\n" in text
    status, text = run(str(PYSKL), "--after", "advanced=True")
    assert "~ in Bottleneck3d: downsample: ConvModule -> Pooled; at 4 places" in text


def test_as_data_and_wrong_uses(tmp_path: Path) -> None:
    edited(tmp_path, EDITS["wider"])
    files = str(tmp_path / "old.netspec"), str(tmp_path / "new.netspec")
    data = json.loads(run(*files, "--format", "json")[1])
    assert (data["version"], data["loads"], data["same"]) == (1, False, False)
    assert data["changes"][0]["facts"] == [{"name": "planes", "values": [{"before": "4", "after": "8"}]}]
    assert data["cost"]["after"]["parameters"] == 1458
    assert run(files[0])[0] == 2
    assert run(*files)[0] == 0
    assert run(*files, "--exit-code")[0] == 1
    assert run(files[0], files[0], "--exit-code")[0] == 0


def test_inputs_outputs_and_contracts(tmp_path: Path) -> None:
    found = edited(tmp_path, ("[B, 3, H, W]", "[B, 3, H, W] where H >= 8"), ("Conv2d(2, 1)", "Conv2d(5, 1)"))
    assert found.arguments == (("where", "", "H >= 8"),)
    assert found.shapes == (("output", "[B, 2, H, W]", "[B, 5, H, W]"),)


def test_a_label_is_found_again_though_its_tensors_have_other_shapes(tmp_path: Path) -> None:
    found = edited(tmp_path, ("-> head:", "-> classifier:"), ("Unit(wide, drop)", "Unit(2 * wide, drop)"))
    assert ("renamed", "Net", ("classifier",), "Conv2d", ("classifier",)) in changes(found)
    assert "  > in Net: head -> classifier (Conv2d)\n" in str(found)


def test_functions_are_found_again_by_the_steps_around_them(tmp_path: Path) -> None:
    """Their names count: `add` and `add_2` before are `add_2` and `add_3` after."""
    two = "output (a + b)", "x = a + b\n    y = x -> again: Unit(wide, drop)\n    output (y + x)"
    found = edited(tmp_path, ("x = a + b", "first = a + a\n    x = first + b"), text=SMALL.replace(*two))
    assert changes(found) == [("added", "Net", ("add",), "add", ("add",))]


def test_a_new_block_says_what_it_is_made_of(tmp_path: Path) -> None:
    other = "block Other() {\n    input x\n    output x -> self: [2 * Conv2d(4, 1), ReLU()]\n}\nnetwork Net"
    found = edited(tmp_path, ("network Net", other), ("stem: Unit(wide, drop)", "stem: Other()"))
    assert "changes (+ added, ~ changed)\n" in str(found)
    assert "  ~ in Net: stem: Unit -> Other" in str(found)
    assert "  + block Other: 2 x Conv2d, ReLU\n" in str(found)


def test_lines_are_short_enough_to_read(tmp_path: Path) -> None:
    many = ", ".join(["Unit(wide, drop), ReLU()"] * 20)
    found = edited(tmp_path, ("[Unit(wide, drop), Unit(wide, drop)]", f"[{many}]"),
                   ("planes, 3, padding=1", "planes, 5, padding=2"))  # fmt: skip
    assert max(map(len, str(found).splitlines()[1:])) <= 112


TWO = """netspec 1
network Two() {
    input x: [B, 3, H, W]
    a = x -> a: Conv2d(8, 1)
    b = a -> b: Conv2d(8, 1)
    output a
}
"""


def test_what_is_put_out_and_in_which_order_is_told(tmp_path: Path) -> None:
    other = edited(tmp_path, ("output a", "output b"), text=TWO)
    assert [c.facts for c in other.changes] == [(Fact("outputs", (("a", "b"),)),)]
    both = TWO.replace("output a", "output a, b")
    swapped = edited(tmp_path, ("output a, b", "output b, a"), text=both)
    assert [c.facts for c in swapped.changes] == [(Fact("outputs", (("a, b", "b, a"),)),)]
    inputs = TWO.replace("    a = x", "    input y: [B, 3, H, W]\n    a = (x + y)")
    taken = edited(tmp_path, ("input x:", "input z:"), ("input y:", "input x:"), ("input z:", "input y:"), text=inputs)
    assert taken.changes[0].facts == (Fact("inputs", (("x, y", "y, x"),)),)
    assert [found.same for found in (other, swapped, taken)] == [False, False, False]


def test_another_order_of_registration_is_told_for_the_states_of_optimisers(tmp_path: Path) -> None:
    found = edited(tmp_path, ("    input x", "    order b, a\n    input x"), text=TWO)
    assert (found.keys.load, found.keys.reordered, found.same) == (True, True, False)
    assert "states of optimisers do not" in str(found)


def test_a_contract_alone_is_a_difference(tmp_path: Path) -> None:
    found = edited(tmp_path, ("W]", "W] where H >= 32"), text=TWO)
    assert not found.same
    assert "no difference" not in str(found)


def test_other_names_of_open_sizes_are_none(tmp_path: Path) -> None:
    found = edited(tmp_path, ("[B, 3, H, W]", "[N, 3, Y, X]"), text=TWO)
    assert found.same
    assert found.totals[0] == found.totals[1]


def test_another_dtype_does_not_load(tmp_path: Path) -> None:
    text = TWO.replace("    a = x", "    buffer steps: int[2] = 1\n    a = x")
    found = edited(tmp_path, ("int[2]", "[2]"), text=text)
    assert found.keys.retyped == (("steps", "int64", "float32"),)
    assert not found.keys.load


def test_a_module_called_twice_is_told_once_and_numbers_in_functions_as_written(tmp_path: Path) -> None:
    text = TWO.replace("b: Conv2d(8, 1)", "act: ReLU() -> b: Conv2d(8, 1) -> act()").replace("output a", "output 2 * b")
    found = edited(tmp_path, ("ReLU", "SiLU"), ("2 * b", "3 * b"), text=text)
    assert [c.paths for c in found.changes if c.kind == "replaced"] == [("act",)]
    assert [c.facts for c in found.changes if c.labels == ("mul",)] == [(Fact("written", (("2 * b", "3 * b"),)),)]


def test_a_module_used_again_that_becomes_two_is_added_not_renamed(tmp_path: Path) -> None:
    text = TWO.replace("b: Conv2d(8, 1)", "c: Conv2d(8, 1) -> c")
    found = edited(tmp_path, ("-> c\n", "-> d: Conv2d(8, 1)\n"), text=text)
    assert [(c.kind, c.labels) for c in found.changes] == [("removed", ("c",)), ("added", ("d",))]
    assert found.changes[1].parameters == 8 * 9
