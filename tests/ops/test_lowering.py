"""Weights, settings and calls against the real torch modules."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from netspec.ops.base import Op
from netspec.ops.registry import find, is_function
from netspec.types import TensorType
from tests.ops import sequences
from tests.ops.case import Case
from tests.ops.execute import apply, build, invoke
from tests.ops.generator import NAMES, cases
from tests.ops.oracle import Refusal, called, make, module, netspec_says, results, run, tensors, types

pytestmark = pytest.mark.filterwarnings("ignore")

MODULES = [n for n in NAMES if not is_function(n)]
FUNCTIONS = [n for n in NAMES if is_function(n)]


def accepted(name: str, count: int) -> list[tuple[Case, Op, list[TensorType]]]:
    """Tuples that netspec takes, with their ops."""
    good = (c for c in cases(name, count, seed=3) if not isinstance(netspec_says(c), Refusal))
    return [(c, make(c), types(c)) for c in good]


@pytest.mark.parametrize("name", MODULES)
def test_the_module_is_what_the_op_says(name: str) -> None:
    for case, op, inputs in accepted(name, 80):
        built = build(op.lower(*inputs))
        by_hand = module(case)
        assert op.torch_name(*inputs) == built._get_name() == by_hand._get_name()
        assert repr(built) == repr(by_hand), case
        assert weights(built) == [(w.name, w.shape, w.kind, w.dtype) for w in op.weights(*inputs)], case
        check_settings(built, op, inputs)
        built.load_state_dict(by_hand.state_dict())
        ours = invoke(built.eval(), op.invoke(*inputs), tensors(case, "cpu"))
        theirs = results(called(case, by_hand.eval(), tensors(case, "cpu")))
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            torch.testing.assert_close(mine, other, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", ["MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer"])
def test_the_modules_of_a_composite_are_what_it_says(name: str) -> None:
    for _, op, inputs in accepted(name, 40):
        built = build(op.lower(*inputs))
        children = op.children(*inputs)
        assert [(c.label, c.op.torch_name(*c.inputs)) for c in children] == [
            (label, type(child).__name__) for label, child in built.named_children()
        ]
        for child in children:
            part = built.get_submodule(child.label)
            assert repr(build(child.op.lower(*child.inputs))).split("(", 1)[1] == repr(part).split("(", 1)[1]
            check_settings(part, child.op, list(child.inputs))
            child.op.infer(*child.inputs)


def weights(net: nn.Module) -> list[tuple[str, tuple[int, ...], str, str]]:
    params = dict(net.named_parameters())
    return [
        (name, tuple(value.shape), "param" if name in params else "buffer", str(value.dtype).removeprefix("torch."))
        for name, value in net.state_dict().items()
    ]


def check_settings(net: nn.Module, op: Op, inputs: list[TensorType]) -> None:
    for name, value in op.settings(*inputs).items():
        shown = sequences.setting(net, name)
        assert (type(shown), shown) == (type(value), value), (name, op)


def test_settings_tell_all_constructor_arguments_that_are_not_default() -> None:
    conv = make(Case("Conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1, "padding_mode": "reflect"}, []))
    assert conv.settings(TensorType("float", (1, 2, 5, 5)))["padding_mode"] == "reflect"
    pool = make(Case("AvgPool2d", {"kernel_size": 3, "divisor_override": 2}, []))
    assert pool.settings(TensorType("float", (1, 2, 5, 5)))["divisor_override"] == 2
    assert make(Case("Flatten", {"start_dim": 2}, [])).settings() == {"start_dim": 2}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_function_gives_what_torch_gives(name: str) -> None:
    for case, op, inputs in accepted(name, 150):
        values = [torch.arange(1, x.numel() + 1).reshape(x.shape).to(x.dtype) for x in tensors(case, "cpu")]
        ours = results(apply(op.lower(*inputs), [v.clone() for v in values]))
        theirs = results(run(case, values))
        assert len(ours) == len(theirs)
        assert all(map(torch.equal, ours, theirs)), case


def test_mutation_and_aliases() -> None:
    def op(name: str, **kwargs: object) -> Op:
        return make(Case(name, kwargs, []))

    assert op("ReLU", inplace=True).mutates
    assert op("ReLU", inplace=True).aliases
    assert not op("ReLU").mutates
    assert not op("ReLU").aliases
    assert all(op(n).aliases and not op(n).mutates for n in ("Flatten", "Identity", "flatten"))
    assert op("index", indices=(0,)).aliases
    assert op("expand", size=(2,)).aliases
    assert op("rearrange", pattern="a b -> b a").aliases
    assert not any(op(n).aliases for n in ("concat", "add", "crop", "PReLU", "BatchNorm", "softmax", "matmul"))


@pytest.mark.parametrize("name", NAMES)
def test_what_shares_memory_says_so(name: str) -> None:
    for case, op, inputs in accepted(name, 30):
        x = tensors(case, "cpu")
        if not x[0].numel():
            continue
        call = op.lower(*inputs)
        y = apply(call, x) if is_function(name) else invoke(build(call).eval(), op.invoke(*inputs), x)
        shares = any(r.untyped_storage().data_ptr() == x[0].untyped_storage().data_ptr() for r in results(y))
        assert not shares or op.aliases, case


def test_a_dimension_can_be_an_argument_of_a_call() -> None:
    from netspec.dims import symbol

    height = symbol("H")
    op = make(Case("crop", {"size": (height, 3)}, []))
    call = op.lower(TensorType("float", (1, 2, height + 2, 9)))
    assert call.target == "_center_crop"
    assert call.args[1] == (height, 3)


def test_every_name_is_found() -> None:
    assert all(find(n) for n in NAMES)
