"""The canonical form and its text, case by case, each with its calculation."""

from __future__ import annotations

import pytest

from netspec.dims import (
    Dim,
    Size,
    ceil_div,
    evaluate,
    floor_div,
    maximum,
    minimum,
    mod,
    opaque,
    product,
    substitute,
    symbol,
    symbols_of,
)

B, H, T, W = (symbol(name) for name in "BHTW")


def conv(size: Size, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Size:
    """torch.nn.Conv: floor((size + 2p - d(k-1) - 1) / s) + 1."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


# Every row: a size, and the text that users read.
TEXTS = [
    # conv 7, stride 2, padding 3: floor((H + 6 - 6 - 1)/2) + 1 = floor((H - 1)/2) + 1 = ceil(H/2)
    (conv(H, 7, 2, 3), "ceil(H/2)"),
    # then pool 3, stride 2, padding 1: ceil(ceil(H/2)/2) = ceil(H/4)
    (conv(conv(H, 7, 2, 3), 3, 2, 1), "ceil(H/4)"),
    # five halvings, as in a ResNet
    (conv(conv(conv(conv(conv(H, 7, 2, 3), 3, 2, 1), 3, 2, 1), 3, 2, 1), 3, 2, 1), "ceil(H/32)"),
    # floor((H - 2)/2) + 1 = floor(H/2)
    (conv(H, 2, 2), "floor(H/2)"),
    # valid 3x3, stride 2: floor((H - 3)/2) + 1 = floor((H - 1)/2) = ceil(H/2) - 1
    (conv(H, 3, 2), "ceil(H/2) - 1"),
    (conv(H, 3, 1, 4), "H + 6"),
    (2 * H, "2*H"),
    (H * W, "H*W"),
    (W * H * 4, "4*H*W"),
    (2 * ceil_div(H, 2), "2*ceil(H/2)"),
    (H // 2 * W, "W*floor(H/2)"),
    (3 - H, "3 - H"),
    (W - H, "W - H"),
    (-H - W, "-H - W"),
    (H % 8, "H % 8"),
    ((H + 3) % 8, "(H + 3) % 8"),
    (8 - H % 8, "8 - (H % 8)"),
    # a minus binds tighter than %
    (-(H % 8), "-(H % 8)"),
    (3 * (H % 8) - 2, "3*(H % 8) - 2"),
    (H % 2 + W % 2, "H % 2 + W % 2"),
    # the padding to a multiple of 8: -H mod 8 = -H - 8*floor(-H/8) = 8*ceil(H/8) - H
    (-H % 8, "8*ceil(H/8) - H"),
    (H + -H % 8, "8*ceil(H/8)"),
    # floor((H + 1)/4) is as long as ceil((H - 2)/4): floor
    ((H + 1) // 4, "floor((H + 1)/4)"),
    (3 * H // 4, "floor(3*H/4)"),
    (minimum(H, 32), "min(H, 32)"),
    (minimum(H + 5, 32), "min(H, 27) + 5"),
    (maximum(W, 2 * H), "max(W, 2*H)"),
    (2 * minimum(H, W) + 1, "2*min(H, W) + 1"),
    (H // W, "floor(H/W)"),
    ((H + 1) // (2 * W), "floor((H + 1)/(2*W))"),
    (product([B, H // 2, W // 2]), "B*floor(H/2)*floor(W/2)"),
    (opaque("scaled", lambda n: int(n * 1.3), H + 1) - 2, "scaled(H + 1) - 2"),
    ((H // 2 * W) // 3, "floor(W*floor(H/2)/3)"),
    # several floors: each in its shorter form
    ((H + 1) // 2 + (W + 3) // 4, "ceil(H/2) + ceil(W/4)"),
]


@pytest.mark.parametrize(("size", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_text(size: Size, text: str) -> None:
    assert str(size) == text


# Every row: two ways to write one size, and why they are one.
SAME = [
    # nested floors: floor((floor((H+a)/b) + c)/d) = floor((H + a + b*c)/(b*d))
    (((H + 3) // 2 + 5) // 4, (H + 13) // 8),
    # a common factor leaves: floor((6H + 7)/4) = floor((3H + floor(7/2))/2)
    ((6 * H + 7) // 4, (3 * H + 3) // 2),
    # what is whole leaves: floor((5H + 9)/4) = H + 2 + floor((H + 1)/4)
    ((5 * H + 9) // 4, H + 2 + (H + 1) // 4),
    # a floor beside its symbol: floor((floor(H/2) + H)/2) = floor((H + 2H)/4)
    ((H // 2 + H) // 2, 3 * H // 4),
    # a negative floor: 3F = 4F - F under a 4; -floor(H/2) = floor((1 - H)/2) = -ceil(H/2)
    ((3 * (H // 2)) // 4, H // 2 - ceil_div(H // 2, 4)),
    # rounding up is rounding down of the negative
    (-(-H // 2), ceil_div(H, 2)),
    (ceil_div(H, 3), (H + 2) // 3),
    (floor_div(H, -2), -ceil_div(H, 2)),
    (ceil_div(ceil_div(H, 2), 2), ceil_div(H, 4)),
    (mod(H, 4), H - 4 * (H // 4)),
    (mod(H + 8, 4), mod(H, 4)),
    # products multiply out
    ((H + 1) * (W - 1), H * W - H + W - 1),
    ((H + W) * (H - W), H * H - W * W),
    # a monomial divides the terms that it is in
    ((H * W + 2 * W) // W, H + 2),
    ((H * W * 6 + W) // (3 * W), 2 * H + W // (3 * W)),
    ((H * W + W) // (H * W + W), 1),
    # rounding keeps the order, so a minimum leaves a floor
    (minimum(H, W) // 2, minimum(H // 2, W // 2)),
    (minimum(minimum(H, W), T), minimum(T, minimum(W, H))),
    (minimum(2 * H + 2, 2 * W + 4), 2 * minimum(H, W + 1) + 2),
    (minimum(H + W, H + T), minimum(T, W) + H),
    # proven for every size >= 1, and left out
    (minimum(H, 2 * ceil_div(H, 2)), H),
    (maximum(H, 2 * ceil_div(H, 2)), 2 * ceil_div(H, 2)),
    (minimum(H, 1), 1),
    (maximum(H // 2, -3), H // 2),
    (minimum(H, H + W), H),
]


@pytest.mark.parametrize(("left", "right"), SAME, ids=[f"{a} is {b}" for a, b in SAME])
def test_one_form(left: Size, right: Size) -> None:
    assert left is right or left == right


def test_constants_are_ints() -> None:
    assert type(H - H) is int
    assert type(0 * H) is int
    assert type((2 * H + 1) // 2 - H) is int
    assert (H + 4) % 1 == 0
    assert (floor_div(7, 2), ceil_div(7, 2), mod(-7, 4), minimum(3, 2), maximum(3, 2)) == (3, 4, 1, 2, 3)
    assert product([]) == 1


def test_a_dim_has_no_truth_value_and_no_order() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(H)
    for compare in (lambda: H < 3, lambda: H >= 3, lambda: H > W, lambda: H >= W):  # type: ignore[operator]
        with pytest.raises(TypeError, match="no order"):
            compare()


def test_equality_is_identity_of_forms() -> None:
    assert symbol("H") == H
    assert H != W
    assert H != 3
    assert len({H + 1, 1 + H, symbol("H") + 1}) == 1
    # equal for all sizes, but not of one form: only `decide` knows
    assert H // 2 + ceil_div(H, 2) != H


def test_a_dim_does_not_change() -> None:
    size = H + 1
    with pytest.raises(AttributeError):
        size.constant = 2  # type: ignore[misc, union-attr]
    with pytest.raises(AttributeError):
        del size.constant  # type: ignore[union-attr]


def test_other_operands_are_refused() -> None:
    for operation in (lambda: H + 1.5, lambda: "2" * H, lambda: H // 2.0, lambda: H % "a"):  # type: ignore[operator]
        with pytest.raises(TypeError):
            operation()
    with pytest.raises(ZeroDivisionError):
        H // 0


def test_symbols_and_values() -> None:
    size = H * W // 2 + T
    assert isinstance(size, Dim)
    assert size.symbols == symbols_of(size) == {"H", "W", "T"}
    assert evaluate(size, {"H": 3, "W": 5, "T": 2}) == 9
    with pytest.raises(KeyError):
        evaluate(size, {"H": 3})
    assert substitute(size, {"H": 3, "W": 5, "T": 2}) == 9
    assert substitute(size, {"W": 2}) is H + T


def test_opaque_sizes_are_equal_by_name_and_size() -> None:
    def up(n: int) -> int:
        return int(n * 1.7)

    assert opaque("up", up, H) is opaque("up", lambda n: -1, H)
    assert opaque("up", up, H) is not opaque("up", up, H + 1)
    assert opaque("up", up, H) is not opaque("down", up, H)
    assert opaque("up", up, 10) == 17
    assert substitute(opaque("up", up, H) + 1, {"H": 10}) == 18
