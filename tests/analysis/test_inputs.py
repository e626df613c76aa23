"""Sizes given for inputs: what they say of the open sizes, and what is told when they do not fit."""

from __future__ import annotations

import pytest

from netspec.analysis import bind_inputs
from netspec.diagnostics import Diagnostic, SpecError
from tests.texts import graph_of

CLIP = "network N() {\n    input clip: [B, 3, T, H, W]\n    output clip -> Conv3d(8, 3, bias=False) @hide\n}"
CLIP = CLIP.replace("Conv3d", "conv: Conv3d").replace(" @hide", "")
SQUARE = "network N() {\n    input image: [B, 3, S, S]\n    output image\n}"
TWO = """
network N() {
    input a: [B, C, N]
    input b: [B, C, 2 * N + 1]
    output concat(a, b, axis=2)
}
""".replace("[B, C, N]", "[B, 4, N]").replace("[B, C, 2", "[B, 4, 2")
CONTRACT = "network N() {\n    input image: [B, 3, H, W] where H % 32 == 0, W >= H\n    output image\n}"


def mistakes(text: str, **sizes: tuple[int, ...]) -> list[Diagnostic]:
    with pytest.raises(SpecError) as error:
        bind_inputs(graph_of(text), sizes)
    assert {d.code for d in error.value.diagnostics} == {"NS801"}
    return list(error.value.diagnostics)


def messages(text: str, **sizes: tuple[int, ...]) -> list[str]:
    return [d.message for d in mistakes(text, **sizes)]


def test_open_sizes_get_their_numbers() -> None:
    assert bind_inputs(graph_of(CLIP), {"clip": (1, 3, 8, 64, 32)}) == {"B": 1, "T": 8, "H": 64, "W": 32}


def test_a_size_inside_an_expression_is_found() -> None:
    assert bind_inputs(graph_of(TWO), {"b": (1, 4, 7)}) == {"B": 1, "N": 3}


def test_an_input_may_be_left_out_if_its_sizes_are_known() -> None:
    assert bind_inputs(graph_of(TWO), {"a": (1, 4, 3)}) == {"B": 1, "N": 3}


@pytest.mark.parametrize(
    ("text", "sizes", "message"),
    [
        (CLIP, {"clip": (1, 4, 8, 64, 64)}, "clip is (1, 4, 8, 64, 64): channels must be 3"),
        (CLIP, {"clip": (1, 3, 64, 64)}, "clip is (1, 3, 64, 64): it must have 5 axes, [B, 3, T, H, W]"),
        (CLIP, {"clip": (1, 3, 8, 0, 64)}, "clip is (1, 3, 8, 0, 64): H must be a whole number of at least 1"),
        (CLIP, {"clip": (True, 3, 8, 4, 64)}, "clip is (True, 3, 8, 4, 64): B must be a whole number of at least 1"),
        (CLIP, {"clip": (1, 3, 8, 2, 64)}, "clip is (1, 3, 8, 2, 64): H must be at least 3, and is 2"),
        (CLIP, {"image": (1, 3, 8, 4, 64)}, "N has no input `image`"),
        (CLIP, {}, "no sizes are given for the input `clip`"),
        (SQUARE, {"image": (1, 3, 8, 9)}, "image is (1, 3, 8, 9): S is 9 on axis 3 but 8 on axis 2"),
        (TWO, {"a": (1, 4, 3), "b": (2, 4, 7)}, "b is (2, 4, 7): B is 2 on axis 0 but 1 on axis 0 of a"),
        (TWO, {"a": (1, 4, 3), "b": (1, 4, 8)}, "b is (1, 4, 8): axis 2 must be 2*N + 1 = 7"),
        (TWO, {"b": (1, 4, 8)}, "b is (1, 4, 8): no size fits 2*N + 1 on axis 2"),
        (CONTRACT, {"image": (1, 3, 50, 64)}, "image is (1, 3, 50, 64): H % 32 == 0 does not hold for H = 50"),
        (CONTRACT, {"image": (1, 3, 64, 32)}, "image is (1, 3, 64, 32): W >= H does not hold for H = 64, W = 32"),
    ],
)
def test_what_does_not_fit_is_told(text: str, sizes: dict[str, tuple[int, ...]], message: str) -> None:
    assert message in messages(text, **sizes)


def test_several_mistakes_come_out_at_once() -> None:
    assert len(messages(CLIP, clip=(1, 4, 8, 64, 64), chip=(1,))) == 2


def test_mistakes_have_their_places() -> None:
    (channels,) = mistakes(CLIP, clip=(1, 4, 8, 64, 64))
    assert "clip" in channels.primary.span.text
    minimum = next(d for d in mistakes(CLIP, clip=(1, 3, 8, 2, 64)))
    assert "Conv3d" in minimum.primary.span.source.line(minimum.primary.span.line)
    (contract,) = mistakes(CONTRACT, image=(1, 3, 50, 64))
    assert "H % 32 == 0" in contract.primary.span.text


def test_a_wrong_name_is_guessed() -> None:
    diagnostic = next(d for d in mistakes(CLIP, clipp=(1, 3, 8, 64, 64)) if "no input" in d.message)
    assert diagnostic.help == "did you mean `clip`?"


def test_sizes_that_follow_from_other_inputs_are_told() -> None:
    diagnostic = next(d for d in mistakes("network N() {\n    input a: [B, L]\n    input b: [B, L, K]\n"
                                          "    output concat(a[:, :, None], b, axis=2)\n}", a=(2, 3)))  # fmt: skip
    assert diagnostic.help == "give them: b=2,3,64"
