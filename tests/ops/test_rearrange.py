"""Patterns over open sizes: products are split again exactly, and what does not divide is asked for."""

from __future__ import annotations

from netspec.dims import Size, ceil_div, symbol
from netspec.ops.base import Inferred, Op, TorchCall
from netspec.ops.binding import bind, infer
from netspec.ops.registry import find
from netspec.types import TensorType

B, C, T, H, W = map(symbol, "BCTHW")


def op(pattern: str, **sizes: Size) -> Op:
    name = find("rearrange")
    assert name is not None
    return bind(name, (pattern,), sizes)


def applied(pattern: str, *dims: Size, **sizes: Size) -> Inferred:
    name = find("rearrange")
    assert name is not None
    return infer(name, op(pattern, **sizes), [TensorType("float", dims)])


def test_merged_axes_are_split_again_exactly() -> None:
    small = ceil_div(H, 8), ceil_div(W, 8)
    (tokens,) = applied("b c t h w -> b (t h w) c", B, C, T, *small).outputs
    back = applied("b (t h w) c -> b c t h w", *tokens.dims, t=T, h=small[0], w=small[1])
    assert back.outputs[0].dims == (B, C, T, *small)
    assert all(need.left is need.right for need in back.needs)


def test_one_open_size_is_inferred() -> None:
    for given, inferred in (({"t": T, "h": H}, W), ({"t": T, "w": W}, H), ({"h": H, "w": W}, T)):
        split = applied("b (t h w) -> b t h w", B, T * H * W, **given)
        assert split.outputs[0].dims == (B, T, H, W)
        assert inferred in split.outputs[0].dims
        assert all(need.left == need.right for need in split.needs)


def test_an_open_size_must_be_divisible() -> None:
    split = applied("b (h p) -> b h p", B, H, p=4)
    assert [str(d) for d in split.outputs[0].dims] == ["B", "floor(H/4)", "4"]
    asked = [need for need in split.needs if need.left is not need.right]
    assert [(str(n.left), n.relation, n.right, n.message) for n in asked] == [
        ("H % 4", "==", 0, "axis 1 of size H is not (h p) with p=4")
    ]


def steps(pattern: str, rank: int, **sizes: Size) -> list[str]:
    """The methods that a pattern becomes, in order."""
    call: object = op(pattern, **sizes).lower(TensorType("float", (12,) * rank))
    found: list[str] = []
    while isinstance(call, TorchCall):
        found.insert(0, f"{call.target[1:]}{call.args[1:]}")
        call = call.args[0]
    return found


def test_only_what_does_something_is_called() -> None:
    assert steps("b c h w -> b h w c", 4) == ["permute(0, 2, 3, 1)"]
    assert steps("b c ... -> b c (...)", 5) == ["flatten(2, 4)"]
    assert steps("b (h w) c -> b h w c", 3, h=3) == ["unflatten(1, (3, -1))"]
    assert steps("b (h w) c -> b c h w", 3, h=3) == ["unflatten(1, (3, -1))", "permute(0, 3, 1, 2)"]
    assert steps("b 1 c -> b c 1", 3) == ["squeeze(1,)", "unsqueeze(2,)"]
    assert steps("b c -> b c", 2) == ["permute(0, 1)"]
