"""The hand-written references against the recorded cases: that they are right before a spec is held against them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from tests.golden import fill, recorded
from tests.golden.reference import construct, observed

NAMES = tuple(n for n in recorded.names("") if not n.startswith("tv_"))
#: Numbers of larger networks take seconds each; they were compared once.
LARGEST = 1_000_000
_TABLES = recorded.CASES.parent / "doc_tables.json"
TABLES = json.loads(_TABLES.read_text())["tables"] if _TABLES.is_file() else []


@pytest.mark.parametrize("name", NAMES)
def test_a_reference_is_built_and_runs_as_recorded(name: str) -> None:
    """On the meta device: names, shapes, settings and the order of execution without arithmetic."""
    case = recorded.load(name)
    with torch.device("meta"):
        model = construct(case["system"], case["arguments"])
        model.eval()
        outputs, rows = observed.run(model, *(torch.empty(s) for s in case["input_shape"]))
    assert observed.state_rows(model) == case["state_dict"]
    assert observed.attribute_rows(model) == case["attributes"]
    assert rows == case["layers"]
    assert [list(o.shape) for o in outputs] == case["output_shapes"]
    assert sum(p.numel() for p in model.parameters()) == case["parameters"]["total"]
    for key in ("nlayers", "input_size", "level_shapes"):
        if key in case:
            assert json.loads(json.dumps(getattr(model, key))) == case[key]


@pytest.mark.parametrize("name", [n for n in NAMES if "frozen" in recorded.load(n)])
def test_a_reference_freezes_as_recorded(name: str) -> None:
    case = recorded.load(name)
    with torch.device("meta"):
        model = construct(case["system"], case["arguments"])
    if "frozen_before_train_call" in case:
        assert observed.frozen(model) == case["frozen_before_train_call"]
    model.train()
    assert observed.frozen(model) == case["frozen"]
    assert observed.in_eval(model) == case["all_modules_eval_after_train"]
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    assert trainable == case["parameters"]["trainable"]


@pytest.mark.parametrize("name", [n for n in NAMES if "zero_init" in recorded.load(n)])
def test_a_reference_starts_as_recorded(name: str) -> None:
    case = recorded.load(name)
    model = construct(case["system"], case["arguments"])
    model.init_weights()
    zero = [k for k, v in model.state_dict().items() if k.endswith(".weight") and v.dim() == 1 and not v.any()]
    assert zero == case["zero_init"]


def _small(name: str) -> bool:
    case = recorded.load(name)
    return bool(case["numerics"]) and "checkpoint_2d" not in case and case["parameters"]["total"] < LARGEST


@pytest.mark.parametrize("name", [n for n in NAMES if _small(n)])
def test_a_reference_computes_what_is_recorded(name: str) -> None:
    check_numbers(name)


def check_numbers(name: str) -> None:
    case = recorded.load(name)
    model = construct(case["system"], case["arguments"])
    model.eval()
    fill.fill_module(model)
    outputs, _ = observed.run(model, *fill.inputs_for(case["input_shape"]))
    for output, wanted in zip(outputs, case["numerics"]["outputs"], strict=True):
        found = fill.describe(output.numpy())
        for key in ("first16", "spread16", "mean", "std", "abs_max"):
            assert found[key] == pytest.approx(wanted[key], rel=0, abs=1e-5 * wanted["abs_max"])


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t['page']}-{t['example']}")
def test_a_reference_has_the_layers_of_the_printed_table(table: dict[str, Any]) -> None:
    """Rows of layers, without those of composite classes (``_…``), their further outputs and the network itself."""
    printed = list(table["summary_rows"])
    for difference in table["differences"]:
        if "row" in difference:
            printed[difference["row"]] = difference["program"]
    with torch.device("meta"):
        model = construct(table["system"], table["arguments"])
        _, rows = observed.run(model, torch.empty(1, *table["input_shape_without_batch"]))
    found = [[shape[1:], count] for _, _, _, shape, count in rows]
    assert found == [[shape[1:], count] for name, shape, count in printed[:-1] if name[:1] not in ("", "_")]
    assert getattr(model, "nlayers", None) == table["nlayers_program"]
