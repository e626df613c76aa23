"""Every op against torch, on tuples of a committed generator."""

from __future__ import annotations

import random

import pytest
import torch
from torch import nn

from netspec.ops.base import LISTED_REFUSALS
from netspec.types import TensorType
from tests.ops.case import Case
from tests.ops.execute import build
from tests.ops.generator import NAMES, NEVER_REFUSED, cases
from tests.ops.oracle import Refusal, compare, make, netspec_says, types

TUPLES = 300

#: where netspec is stricter than torch, by op family; anything else is a disagreement
STRICTER = {
    "Conv": {"unbatched", "one_entry", "negative_padding"},
    "ConvTranspose": {"unbatched", "one_entry", "empty"},
    "BatchNorm": {"attribute_type"},
    "InstanceNorm": {"attribute_type", "unbatched", "negative_eps"},
    "MaxPool": {"unbatched", "one_entry", "dtype", "left_out"},
    "AvgPool": {"unbatched", "one_entry", "dtype"},
    "AdaptiveAvgPool": {"unbatched", "empty", "other_rank"},
    "AdaptiveMaxPool": {"unbatched", "empty"},
    "LPPool": {"unbatched", "one_entry", "dtype"},
    **{f"{n}Pad": {"unbatched", "other_rank", "dtype", "empty", "sides"} for n in ("Zero", "Constant")},
    **{f"{n}Pad": {"unbatched", "dtype", "empty", "sides", "negative_padding"}
       for n in ("Reflection", "Replication", "Circular")},
    "pad": {"dtype", "empty", "negative_padding"},
    "Linear": {"empty"},
    "Upsample": {"empty"},
    "interpolate": {"empty"},
    "roll": {"attribute_type"},
    "squeeze": {"squeeze"},
    "chunk": {"uneven"},
    "split": {"attribute_type", "empty"},
    "masked_fill": {"broadcast", "dtype"},
    "add": {"broadcast", "dtype"},
    "sub": {"broadcast"},
    "mul": {"broadcast", "dtype"},
    "div": {"broadcast", "dtype"},
    "concat": {"dtype"},
    "index": {"empty"},
    "matmul": {"broadcast", "dtype"},
    "ReLU6": {"attribute_type"},
    "Hardtanh": {"attribute_type"},
    "Threshold": {"attribute_type"},
    **{n: {"required"} for n in ("Softmax", "LogSoftmax", "Softmin")},
    "normalize": {"attribute_type"},
    "clamp": {"dtype"},
    "pow": {"dtype"},
    **{n: {"broadcast", "dtype"} for n in ("maximum", "minimum")},
    "mean": {"attribute_type", "required"},
    "var": {"attribute_type", "no_variance", "required"},
    **{n: {"attribute_type", "dtype", "required"} for n in ("sum", "amax", "amin")},
    "LayerNorm": {"attribute_type", "negative_eps"},
    "RMSNorm": {"negative_eps"},
    "GroupNorm": {"negative_eps"},
    "LocalResponseNorm": {"dtype"},
    "Dropout": {"dtype", "other_rank", "unbatched"},
    "AlphaDropout": {"dtype"},
    "FeatureAlphaDropout": {"dtype", "other_rank"},
    "StochasticDepth": {"dtype"},
    "expand": {"empty"},
    "Embedding": {"empty"},
    **{n: {"unbatched"} for n in ("RNN", "GRU")},
    "LSTM": {"unbatched", "dtype"},
    "MultiheadAttention": {"attribute_type", "dropout"},
    "TransformerEncoderLayer": {"unbatched", "empty", "negative_eps"},
    "TransformerDecoderLayer": {"empty", "negative_eps"},
    "scaled_dot_product_attention": {"broadcast"},
}


pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("name", NAMES)
def test_no_disagreement(name: str) -> None:
    report = compare(name, TUPLES)
    assert report.disagreements == []
    assert report.tuples >= 300
    assert name in NEVER_REFUSED or report.refused / report.tuples >= 0.25
    assert sum(report.listed.values()) / report.tuples <= (0.25 if name == "index" else 0.15)
    assert set(report.listed) <= STRICTER.get(name[:-2] if name[-2:] in ("1d", "2d", "3d") else name, set())


def test_each_listed_refusal_is_used() -> None:
    assert set().union(*STRICTER.values()) == set(LISTED_REFUSALS)


WINDOWED = ("Conv", "ConvTranspose", "MaxPool", "AvgPool", "LPPool", "Upsample")


@pytest.mark.parametrize("name", WINDOWED)
def test_large_sizes(name: str) -> None:
    """Sizes like those of real networks, where only the meta device is quick."""
    rng = random.Random(name)
    for case in cases(name, 300, seed=11):
        if isinstance(netspec_says(case), Refusal):
            continue
        shape = (*case.shapes[0][:2], *(rng.randint(100, 5000) for _ in case.shapes[0][2:]))
        large = Case(name, case.kwargs, [shape])
        net = build(make(large).lower(*types(large))).to("meta").eval()
        (ours,) = netspec_says(large)
        assert ours == TensorType("float", tuple(net(torch.ones(shape, device="meta")).shape)), large


def test_scale_factors_round_as_torch_does() -> None:
    rng = random.Random(1)
    for _ in range(2000):
        factor = rng.choice(
            (rng.uniform(0.01, 4), rng.randint(1, 99) / rng.randint(1, 99), round(rng.uniform(0.1, 4), 2))
        )
        size = rng.randint(100, 100_000)
        (ours,) = netspec_says(Case("Upsample", {"scale_factor": factor}, [(1, 1, size)]))
        theirs = nn.Upsample(scale_factor=factor)(torch.ones(1, 1, size, device="meta")).shape
        assert ours == TensorType("float", tuple(theirs)), (factor, size)
