"""Sequences ``[batch, length, features]``: what attention and recurrent layers take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from netspec.dims import Size
from netspec.ops.base import Op, float_input, known
from netspec.ops.contract import Change, Need, Refused, shown
from netspec.types import TensorType

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="a number from 0 to 1")]


class Masked(Op):
    """What takes masks after its sequences."""

    internal: ClassVar[tuple[str, ...]] = ("named",)

    #: the operands that the tensors after the first ones are, where it is not just the first of them
    named: tuple[str, ...] = ()

    def masks(self, inputs: Sequence[Any]) -> dict[str, int]:
        """The numbers of the masks among the inputs, by operand."""
        return dict(zip(self.named or self.operands, range(self.arity or 0, len(inputs)), strict=False))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        settings = super().settings(*inputs)
        return {name: value for name, value in settings.items() if name != "named"}

    def given(self) -> tuple[dict[str, Any], dict[str, Any]]:
        required, others = super().given()
        return required, {name: value for name, value in others.items() if name != "named"}


def sequence_input(op: Op, x: TensorType, operand: int = 0, what: str = "a sequence") -> None:
    """Refuse all but float tensors ``[batch, length, features]``."""
    name = type(op).__name__
    if x.rank != 3:
        listed = "unbatched" if x.rank == 2 else None
        message = f"{name} takes {what} [batch, length, features], got {shown(x)} of rank {x.rank}"
        raise Refused(message, help=_other_rank(x), operand=operand, listed=listed)
    float_input(op, x, operand)


def _other_rank(x: TensorType) -> str:
    if x.rank == 2 and x.dtype == "int":
        return "numbers become vectors by an `Embedding`"
    return '`rearrange("b c h w -> b (h w) c")` makes a sequence of an image' if x.rank == 4 else ""


def features(op: Op, x: TensorType) -> int:
    """The size of the last axis, which decides about weights."""
    return known(x.dims[-1], op, "features (the last axis)", *_channels_first(x))


def _channels_first(x: TensorType) -> tuple[str, Change | None]:
    """Features on axis 1, as a convolution and ``flatten(2)`` leave them."""
    if x.rank != 3 or not isinstance(x.dims[1], int):
        return "", None
    step = 'rearrange("b c l -> b l c")'
    return f"put the features on the last axis: `{step}`", Change(before=step)


def check_heads(x: TensorType, width: int, heads: int, attribute: str) -> None:
    """Refuse features that do not part into the heads; those of a grid stand on axis 1 perhaps."""
    if width % heads:
        message = f"{width} features do not part into {heads} heads"
        if x.rank == 3 and isinstance(x.dims[1], int) and x.dims[1] % heads == 0:
            help_ = f'`rearrange("b c l -> b l c")` before it makes the {x.dims[1]} of axis 1 the features'
            raise Refused(message, help=help_, operand=0)
        near = min((n for n in range(1, width + 1) if width % n == 0), key=lambda n: (abs(n - heads), n))
        raise Refused(message, help=f"{attribute} divides the features: {near} does", attribute=attribute)


def mask_needs(
    name: str, mask: TensorType, operand: int, shapes: Sequence[tuple[Size, ...]], help: str = ""
) -> list[Need]:
    """A mask is bool or float and has one of these shapes, of unlike ranks."""
    if mask.dtype == "int":
        raise Refused(f"{name} is a bool or float tensor, got {shown(mask)}", operand=operand)
    shape = next((s for s in shapes if len(s) == mask.rank), None)
    if shape is None:
        texts = " or ".join(_text(s) for s in shapes)
        raise Refused(f"{name} has the shape {texts}, got {shown(mask)}", operand=operand)
    message = f"{name} has the shape {_text(shape)}, got {shown(mask)}"
    return [Need(size, "==", wanted, message, help=help) for size, wanted in zip(mask.dims, shape, strict=True)]


def _text(shape: tuple[Size, ...]) -> str:
    return shown(TensorType("float", shape))


def same_sizes(what: str, left: Size, right: Size, listed: str | None = None) -> Need:
    """``batch sizes of query and key differ: 2 and 3``."""
    return Need(left, "==", right, f"{what} differ: {shown(left)} and {shown(right)}", listed)
