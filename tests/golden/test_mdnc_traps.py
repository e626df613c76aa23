"""Where MDNC fails or surprises: what its specs say before anything runs, or that they do what is right."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import netspec
from netspec.analysis.rows import attribute_rows
from netspec.diagnostics import Diagnostic
from netspec.graph import Graph
from netspec.graph.walk import state
from tests.golden.projects.located import SPECS

_BLOCKS = ("ConvModern", "BlockPlain", "BlockBottleneck")


def graph(network: str, **arguments: Any) -> Graph:
    """A network or block; small unless its arguments say otherwise."""
    small = {"in_planes": 2, "out_planes": 3} if network in _BLOCKS else {"channel": 4}
    path = SPECS / "mdnc" / ("blocks.netspec" if network in _BLOCKS else "networks.netspec")
    return netspec.load(path).elaborate(network, **{**small, **arguments})


def mistake(network: str, **arguments: Any) -> Diagnostic:
    """The one thing that is wrong."""
    with pytest.raises(netspec.SpecError) as error:
        graph(network, **arguments)
    (diagnostic,) = error.value.diagnostics
    return diagnostic


def output(network: str, **arguments: Any) -> str:
    return str(graph(network, **arguments).definition.outputs[0].type)


def keys(network: str, **arguments: Any) -> list[str]:
    return [key for key, _ in state(graph(network, **arguments).definition)]


# -------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("argument", "value", "choices"),
    [
        ("normalizer", "batchnorm", '"batch" or "inst" or "pinst" or "null"'),
        ("activator", "Prelu", '"prelu" or "relu" or "null"'),
        ("layer_order", "newer", '"new" or "old"'),
        ("scaler", "same", '"down" or "up"'),
    ],
)
@pytest.mark.parametrize("network", _BLOCKS)
def test_unknown_names_are_refused_whether_they_would_be_used_or_not(
    network: str, argument: str, value: str, choices: str
) -> None:
    found = mistake(network, **{argument: value, "normalizer": "null"} | {argument: value})
    assert (found.code, found.message) == ("NS203", f"`{argument}` of `{network}` must be {choices}")
    assert found.primary.span.text == value


@pytest.mark.parametrize("layers", [(2,), (), (2, 0, 1)])
@pytest.mark.parametrize("network", ["UNet", "AE", "EncoderNet", "DecoderNet"])
def test_layers_that_are_too_few(network: str, layers: tuple[int, ...]) -> None:
    found = mistake(network, layers=layers)
    assert (found.code, found.primary.span.text) == ("NS208", "m >= 2 and min(layers) >= 1")
    assert found.message.startswith("layers has two entries or more, each at least 1, not (")


@pytest.mark.parametrize("block", ["conv", "plain", "bottleneck"])
def test_a_u_net_with_a_1_in_the_middle_has_a_skip_of_half_the_width(block: str) -> None:
    """The original is constructed, and its forward pass fails: of ``unet16`` too, whose layers are these."""
    found = mistake("UNet", block=block, layers=(2, 1, 1))
    assert (found.code, found.primary.span.text) == ("NS208", "not skips or 1 not in layers[1:-1]")
    assert found.message.startswith("layers (2, 1, 1): ")
    assert "half as wide" in found.message
    assert output("UNet", block=block, layers=(1, 2, 1)) == output("AE", block=block, layers=(1, 1, 1))


@pytest.mark.parametrize("block", ["plain", "bottleneck"])
@pytest.mark.parametrize("network", ["UNet", "AE", "EncoderNet"])
def test_even_kernels_grow_the_branch_of_a_residual_block_and_not_its_skip(network: str, block: str) -> None:
    found = mistake(network, block=block, kernel_size=4, layers=(2, 2))
    growth = 2 if block == "plain" else 1
    assert (found.code, found.primary.span.text) == ("NS301", "main + skip")
    assert found.primary.text == f"sizes L1 + {growth + 1} and L1 + 1 of axis 2 differ, and 1 more size"
    assert "for an odd kernel" in found.help


def test_padding_that_does_not_keep_the_size_of_a_residual_branch() -> None:
    found = mistake("BlockPlain", n=1, kernel_size=5, padding=1)
    assert (found.code, found.primary.text) == ("NS301", "sizes L1 - 4 and L1 of axis 2 differ")


@pytest.mark.parametrize(("kernel_size", "out_size"), [(3, (9, 3)), ((3, 1), (3, 1)), (5, (16, 1))])
def test_an_output_too_small_for_the_stages_of_a_decoder(kernel_size: Any, out_size: tuple[int, int]) -> None:
    found = mistake("DecoderNet", layers=(1, 1, 1), kernel_size=kernel_size, out_size=out_size)
    assert (found.code, found.primary.span.text) == ("NS208", "all([s >= t for s, t in zip(levels[m - 1], scale)])")
    assert found.message.startswith(f"out_size {out_size} cannot be halved 3 times")


@pytest.mark.parametrize("block", ["conv", "plain", "bottleneck"])
def test_a_decoder_whose_smallest_level_is_one_element(block: str) -> None:
    """Sizes of the original's documentation, whose tables are of a PyTorch that took this."""
    found = mistake("DecoderNet", n=3, block=block, layers=(2, 2, 2, 2, 2), out_size=(31, 32, 30))
    assert (found.code, found.primary.span.text) == ("NS208", "prod(least) > 1")
    assert found.message.startswith("out_size (31, 32, 30), halved 5 times, is (1, 1, 1): ")
    # an even kernel grows the smallest level before the first norm
    assert output("DecoderNet", block="conv", kernel_size=2, layers=(1, 1), out_size=4) == "[B, 1, 5, 5]"


def test_an_input_that_leaves_an_encoder_one_element() -> None:
    """The residual encoder norms after its last stage, the convolutional one before it."""
    documented = {"n": 3, "in_planes": 3, "layers": (2, 2, 2, 2, 2), "out_length": None}
    residual, convolutional = (graph("EncoderNet", block=block, **documented) for block in ("plain", "conv"))
    assert [c.text for c in residual.definition.contracts] == ["L1 >= 33 or L2 >= 33 or L3 >= 33"]
    assert [c.text for c in convolutional.definition.contracts] == ["L1 >= 17 or L2 >= 17 or L3 >= 17"]
    with pytest.raises(netspec.SpecError) as error:
        netspec.summary(residual, x=(1, 3, 31, 32, 30))
    (found,) = error.value.diagnostics
    assert found.code == "NS801"
    assert found.primary.text.endswith("needs L1 >= 33 or L2 >= 33 or L3 >= 33")
    netspec.summary(convolutional, x=(1, 3, 31, 32, 30))


def test_an_input_that_is_not_the_smallest_level_of_a_decoder() -> None:
    decoder = graph("DecoderNet", layers=(1, 1), out_size=(9, 12), in_length=None)
    with pytest.raises(netspec.SpecError, match="axis 2 must be 3"):
        netspec.summary(decoder, x=(1, 8, 2, 3))
    with pytest.raises(ValueError, match="axis 2 must be 3"):
        netspec.build(decoder)(torch.zeros(1, 8, 2, 3))


# ---------------------------------------------------------------------------------------------------- what is right


def test_without_a_norm_the_order_means_nothing() -> None:
    for network in _BLOCKS:
        new, old = (graph(network, normalizer="null", layer_order=order) for order in ("new", "old"))
        assert attribute_rows(new) == attribute_rows(old)
        assert attribute_rows(graph(network, layer_order="new")) != attribute_rows(graph(network, layer_order="old"))


def test_an_output_size_is_for_scaling_up() -> None:
    given = {"output_size": (5, 7), "stride": 2}
    for network in _BLOCKS:
        assert output(network, **given, scaler="up") == "[B, 3, 5, 7]"
        assert output(network, **given, scaler="down") == "[B, 3, ceil(L1/2), ceil(L2/2)]"


def test_a_skip_that_scales_up_interpolates_by_a_factor_of_1_too() -> None:
    """Where only the width changes, the branch has no interpolation and the skip has one, as the original."""
    assert "in_node.1.weight" in keys("BlockPlain", scaler="up")
    assert "in_node.0.weight" in keys("BlockPlain", scaler="down")
    assert not any(key.startswith("in_node") for key in keys("BlockPlain", scaler="up", out_planes=2))
    assert output("BlockPlain", scaler="up") == "[B, 3, L1, L2]"


def test_an_axis_with_kernel_1_is_neither_convolved_nor_scaled() -> None:
    given = {"kernel_size": (1, 3), "layers": (1, 1), "out_length": None}
    shapes = {key: weight.shape for key, weight in state(graph("EncoderNet", **given).definition)}
    assert shapes["netbody.0.weight"] == (4, 1, 1, 5)
    assert output("EncoderNet", **given) == "[B, 8, L1, ceil(L2/4)]"


def test_even_kernels_grow_the_output_of_convolutional_networks() -> None:
    """As in the original; the proven type says so. L + 1, then ceil(L/2) + 1, ceil(L/4) + 1, and + 1 again; in the
    U-Net L + 1, cropped to that on the way up, then two more convolutions."""
    given = {"kernel_size": 2, "layers": (1, 1), "out_length": None}
    assert output("EncoderNet", **given) == "[B, 8, ceil(L1/4) + 2, ceil(L2/4) + 2]"
    assert output("UNet", kernel_size=(4, 3), layers=(1, 1)) == "[B, 1, L1 + 3, L2]"


def test_sizes_that_do_not_halve_are_cropped() -> None:
    for network in ("UNet", "AE"):
        assert output(network, layers=(1, 2, 2, 1)) == "[B, 1, L1, L2]"
    assert output("DecoderNet", layers=(1, 1, 1), out_size=(19, 22)) == "[B, 1, 19, 22]"


def test_no_vector_is_asked_for_by_none_and_by_0() -> None:
    for nothing in (None, 0):
        assert output("EncoderNet", out_length=nothing, layers=(1, 1)) == "[B, 8, ceil(L1/4), ceil(L2/4)]"
        assert str(graph("DecoderNet", in_length=nothing, layers=(1, 1), out_size=8).inputs["x"]) == "[B, 8, 2, 2]"
