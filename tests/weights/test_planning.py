"""Plans, from keys, shapes and dtypes alone."""

from __future__ import annotations

import pytest

from netspec.pytorch.weights.plan import Plan, Tensor
from netspec.pytorch.weights.planning import make_plan
from netspec.pytorch.weights.renaming import Rename
from netspec.pytorch.weights.state import Checkpoint, ModelState, Slot
from netspec.pytorch.weights.text import refusal

Shapes = dict[str, tuple[int, ...]]
CONV, NORM = (8, 3, 5, 3, 3), (8,)


def model(shapes: Shapes, dtype: str = "float32", volumes: tuple[str, ...] = ()) -> ModelState:
    return ModelState("Net", tuple(Slot(Tensor(k, s, dtype), k in volumes) for k, s in shapes.items()))


def checkpoint(shapes: Shapes, dtype: str = "float32") -> Checkpoint:
    def unread(key: str) -> None:
        raise AssertionError("a plan reads no values")

    return Checkpoint("net.pth", {k: Tensor(k, s, dtype) for k, s in shapes.items()}, unread)  # type: ignore[arg-type]


def fates(plan: Plan) -> dict[str, str]:
    return {entry.key: entry.fate for entry in plan.entries}


def test_every_fate() -> None:
    bn = {"bn.weight": NORM, "bn.running_mean": NORM}
    ours = {"conv.weight": CONV, **bn, "bn.num_batches_tracked": (), "fc.weight": (2, 8), "fc.bias": (2,)}
    theirs = {"conv.weight": (8, 3, 3, 3), **bn, "fc.weight": (9, 8), "old": (1,), "aux": (1,)}
    plan = make_plan(model(ours, volumes=("conv.weight",)), checkpoint(theirs), {"old": None}, "2d")
    assert fates(plan) == {
        "conv.weight": "inflated", "bn.weight": "loads", "bn.running_mean": "loads", "bn.num_batches_tracked": "kept",
        "fc.weight": "skipped", "fc.bias": "missing", "old": "left out", "aux": "unused",
    }  # fmt: skip
    assert plan.loaded == ("conv.weight", "bn.weight", "bn.running_mean")
    assert (plan.inflated, plan.skipped) == (("conv.weight",), ("fc.weight",))
    assert (plan.missing, plan.unused) == (("fc.bias",), ("aux",))
    assert not plan.complete
    assert repr(plan) == "Plan(3 of 6 keys load, 1 inflated, 1 kept, 1 missing, 1 skipped, 1 unused, 1 left out)"


RULE = "-" * 80


def test_a_plan_prints_as_a_table() -> None:
    ours = {"conv.conv.weight": CONV, "fc.bias": (2,)}
    theirs = {"conv.weight": (8, 3, 3, 3), "fc.bias": (3,), "aux": (1,)}
    plan = make_plan(model(ours, volumes=("conv.conv.weight",)), checkpoint(theirs), {"conv.*": "conv.conv.*"}, "2d")
    assert str(plan).splitlines() == [
        "net.pth into Net",
        RULE,
        "key               shape            how            in the file",
        RULE,
        "conv.conv.weight  [8, 3, 5, 3, 3]  inflated by 5  conv.weight [8, 3, 3, 3]",
        "fc.bias           [2]              skipped        fc.bias [3], the shapes differ",
        "                                   unused         aux [1]",
        RULE,
        "Loads: 1 of 2 keys, 1,080 of 1,082 numbers",
        "Inflated: 1, repeated over time and divided by its length",
        "Skipped: 1",
        "Unused: 1",
        "note: keys renamed by 1 rule",
        'help: `rename=[…, {"aux": None}]` leaves them out',
        "help: `strict=False` loads what fits",
        RULE,
    ]


def test_only_3d_convolutions_inflate_and_not_where_forbidden() -> None:
    theirs = checkpoint({"a.weight": (8, 3, 3, 3)})
    assert fates(make_plan(model({"a.weight": CONV}), theirs, None, "2d")) == {"a.weight": "skipped"}
    plan = make_plan(model({"a.weight": CONV}, volumes=("a.weight",)), theirs, None, None)
    assert fates(plan) == {"a.weight": "skipped"}
    assert plan.help[0].startswith('`inflate="2d"`')
    with pytest.raises(ValueError, match='inflate is None or "2d", not True'):
        make_plan(model({}), theirs, None, True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "wanted", "fate"),
    [
        ("float64", "float32", "loads"),
        ("float32", "bfloat16", "loads"),
        ("float8_e4m3fn", "float32", "loads"),
        ("int32", "int64", "loads"),
        ("uint8", "int64", "loads"),
        ("complex128", "complex64", "loads"),
        ("int64", "float32", "skipped"),
        ("float32", "int64", "skipped"),
        ("bool", "float32", "skipped"),
        ("complex64", "float32", "skipped"),
        ("f4", "float32", "skipped"),
    ],
)
def test_dtypes(given: str, wanted: str, fate: str) -> None:
    plan = make_plan(model({"a": (2,)}, wanted), checkpoint({"a": (2,)}, given))
    assert fates(plan) == {"a": fate}
    assert plan.converted == (("a",) if fate == "loads" else ())
    told = f"{given} to {wanted}" if fate == "loads" else f"{given} does not go into {wanted}"
    assert told in str(plan)


def test_a_counter_is_kept_only_beside_statistics_that_load() -> None:
    ours = {"bn.running_mean": NORM, "bn.num_batches_tracked": (), "num_batches_tracked": ()}
    assert fates(make_plan(model(ours), checkpoint({"bn.running_mean": NORM}))) == {
        "bn.running_mean": "loads", "bn.num_batches_tracked": "kept", "num_batches_tracked": "missing",
    }  # fmt: skip
    assert fates(make_plan(model(ours), checkpoint({})))["bn.num_batches_tracked"] == "missing"


def test_keys_of_one_memory_load_together() -> None:
    slots = (Slot(Tensor("a", (2,), "float32"), tied=("b",)), Slot(Tensor("b", (2,), "float32"), tied=("a",)))
    plan = make_plan(ModelState("Net", slots), checkpoint({"b": (2,)}))
    assert fates(plan) == {"a": "tied", "b": "loads"}
    assert plan.complete
    assert fates(make_plan(ModelState("Net", slots), checkpoint({}))) == {"a": "missing", "b": "missing"}


RESNET = {"conv1.conv.weight": (8, 3, 1, 7, 7), "conv1.bn.weight": NORM}
TWO_D = {"conv1.weight": (8, 3, 7, 7), "bn1.weight": NORM}


@pytest.mark.parametrize(
    ("ours", "theirs", "rename", "help_"),
    [
        (RESNET, TWO_D, None, '`rename="torchvision"` makes 2 of 2 keys meet'),
        ({"a.w": NORM, "b": NORM}, {"module.a.w": NORM, "module.b": NORM}, None, '`rename="data-parallel"`'),
        ({"a.w": NORM}, {"net.a.w": NORM, "x": NORM}, None, '`rename={"net.**": "**"}` takes `net.`'),
        ({"net.a.w": NORM, "fc": NORM}, {"a.w": NORM}, None, '`rename={"**": "net.**"}` puts `net.`'),
        (RESNET, {"m.conv1.weight": NORM, "m.bn1.weight": NORM}, None, '`rename={"m.**": "**"}`'),
        ({"a": NORM}, {"a": NORM, "fc.b": NORM, "x": NORM}, None, '`rename={"fc.**": None, "x": None}` leaves'),
        ({"a": NORM}, {"b": NORM, "x": NORM}, {"b": "a"}, '`rename=[…, {"x": None}]` leaves'),
    ],
)  # fmt: skip
def test_help_is_what_makes_more_keys_meet(ours: Shapes, theirs: Shapes, rename: Rename, help_: str) -> None:
    assert make_plan(model(ours), checkpoint(theirs), rename).help[0].startswith(help_)


def test_loading_in_part_is_no_advice_where_most_shapes_differ() -> None:
    ours, theirs = {"a": (2,), "b": (2,), "c": (2,)}, {"a": (2,), "b": (3,), "c": (2,)}
    assert make_plan(model(ours), checkpoint(theirs)).help == ("`strict=False` loads what fits",)
    assert make_plan(model(ours), checkpoint(theirs | {"c": (3,)})).help == ()


def test_a_refusal_lists_every_class_of_problem() -> None:
    ours = {f"layer{i}.weight": NORM for i in range(20)} | {"fc.weight": (2, 8)}
    plan = make_plan(model(ours), checkpoint({"fc.weight": (9, 8), "head.weight": (1,)}), {"x": "y"})
    assert refusal(plan).splitlines() == [
        "net.pth does not fit Net: nothing was loaded",
        "  20 keys of the model are missing in it:",
        *(f"    layer{i}.weight [8]" for i in range(12)),
        "    … and 8 more",
        "  1 tensor does not fit:",
        "    fc.weight [2, 8], and fc.weight [9, 8] in the file",
        "  1 of its keys is not used:",
        "    head.weight [1]",
        "  note: keys renamed by 1 rule",
        "  note: the rename rule 'x' fits no key",
    ]


def test_what_a_file_says_cannot_steer_a_terminal() -> None:
    key = "a\x1b[31m\nb\u202e"
    plan = make_plan(model({}), checkpoint({key: (1,), "x" * 300: (1,)}), {"a{i}": "b{i}\x07"})
    for text in (str(plan), refusal(plan)):
        assert "a?[31m?b?" in text
        assert not any(c in text for c in "\x1b\x07\u202e")
        assert "x" * 200 not in text
