"""From the checkpoint's keys to the model's."""

from __future__ import annotations

import pytest

from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.renaming import Rename, Rule, renamed
from netspec.pytorch.weights.tables import TABLES


@pytest.mark.parametrize(
    ("pattern", "result", "key", "name"),
    [
        ("fc.*", "head.*", "fc.weight", "head.weight"),
        ("fc.*", "head.*", "fc.a.weight", None),  # `*` does not cross dots
        ("fc.*", "head.*", "fcx.weight", None),  # nor is a dot any character
        ("module.**", "**", "module.layer1.0.weight", "layer1.0.weight"),
        ("**", "backbone.**", "fc.bias", "backbone.fc.bias"),
        ("**.gamma", "**.weight", "a.b.gamma", "a.b.weight"),
        ("l{i}.{j}.c{k}.*", "s{j}.l{i}.*", "l1.0.c2.bias", "s0.l1.bias"),
        ("a{i}.b{i}.*", "{i}.*", "a1.b1.w", "1.w"),  # the same name stands for the same text
        ("a{i}.b{i}.*", "{i}.*", "a1.b2.w", None),
        ("{a}_{b}", "{b}_{a}", "x_y", "y_x"),
        ("plain", "other", "plain", "other"),
    ],
)
def test_a_rule(pattern: str, result: str, key: str, name: str | None) -> None:
    assert Rule(pattern, result)(key) == name
    assert Rule(pattern, result).fits(key) == (name is not None)


@pytest.mark.parametrize(
    ("pattern", "result"), [("a.*", "**"), ("a.{i}", "{j}"), ("a", "*"), ("a.*", "*.*"), ("*.**", "**.*")]
)
def test_a_result_takes_up_what_the_pattern_has(pattern: str, result: str) -> None:
    with pytest.raises(ValueError, match="to take up"):
        renamed(["a.b"], {pattern: result})


def test_the_first_rule_that_fits_decides_and_other_keys_keep_their_names() -> None:
    found = renamed(["fc.weight", "fc.bias", "conv.weight"], {"fc.bias": "bias", "fc.*": "head.*"})
    assert found.names == {"fc.weight": "head.weight", "fc.bias": "bias", "conv.weight": "conv.weight"}


def test_none_leaves_out() -> None:
    assert renamed(["fc.weight", "a"], {"fc.**": None}).names == {"fc.weight": None, "a": "a"}


def test_steps_follow_each_other() -> None:
    steps: Rename = [{"module.**": "**"}, str.lower, {"fc.*": None}]
    found = renamed(["module.FC.weight", "module.Conv.weight"], steps)
    assert found.names == {"module.FC.weight": None, "module.Conv.weight": "conv.weight"}
    assert found.titles == ("1 rule", "lower", "1 rule")


def test_rules_that_fit_nothing_are_told() -> None:
    assert renamed(["a.b"], [{"a.*": "c.*", "a.d": "e"}, {"c.*": "d.*"}]).idle == ("a.d",)


@pytest.mark.parametrize(
    ("keys", "rename", "pair"),
    [
        (["a.x", "b.x"], {"a.*": "b.*"}, "`a.x` and `b.x` become `b.x`"),
        (["a", "b"], lambda key: "c", "`a` and `b` become `c`"),
    ],
)
def test_two_keys_do_not_become_one(keys: list[str], rename: Rename, pair: str) -> None:
    with pytest.raises(WeightsError, match=pair):
        renamed(keys, rename)


def test_wrong_renamings() -> None:
    with pytest.raises(ValueError, match="did you mean `torchvision`"):
        renamed([], "torchvison")
    with pytest.raises(ValueError, match="there are `torchvision`, "):
        renamed([], "zzzzzzzzzzzz")
    with pytest.raises(TypeError, match="not a int"):
        renamed([], 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="rename gave a int for 'a'"):
        renamed(["a"], lambda key: 3)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("table", "key", "name"),
    [
        ("torchvision", "conv1.weight", "conv1.conv.weight"),
        ("torchvision", "bn1.running_var", "conv1.bn.running_var"),
        ("torchvision", "layer3.10.conv2.weight", "layer3.10.conv2.conv.weight"),
        ("torchvision", "layer3.10.bn2.num_batches_tracked", "layer3.10.conv2.bn.num_batches_tracked"),
        ("torchvision", "layer1.0.downsample.0.weight", "layer1.0.downsample.conv.weight"),
        ("torchvision", "layer1.0.downsample.1.bias", "layer1.0.downsample.bn.bias"),
        ("torchvision", "fc.weight", "fc.weight"),
        ("torchvision-advanced", "layer1.0.downsample.0.weight", "layer1.0.downsample.0.conv.weight"),
        ("torchvision-advanced", "layer1.0.downsample.1.weight", "layer1.0.downsample.0.bn.weight"),
        ("resnet-d-advanced", "layer1.0.downsample.1.weight", "layer1.0.downsample.0.conv.weight"),
        ("resnet-d-advanced", "layer1.0.downsample.2.weight", "layer1.0.downsample.0.bn.weight"),
        ("data-parallel", "module.conv1.weight", "conv1.weight"),
    ],
)
def test_shipped_tables(table: str, key: str, name: str) -> None:
    assert renamed([key], table).names == {key: name}


@pytest.mark.parametrize("table", [t for t in TABLES if t != "data-parallel"])
def test_shipped_tables_leave_what_they_made(table: str) -> None:
    keys = ["conv1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.bias", "layer1.0.downsample.1.weight"]
    once = [name for name in renamed(keys, table).names.values() if name]
    assert [name for name in renamed(once, table).names.values() if name] == once
