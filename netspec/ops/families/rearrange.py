"""Reordering, splitting and merging axes by a pattern."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from netspec.diagnostics.suggest import did_you_mean
from netspec.dims import Dim, Size, floor_div, mod, product
from netspec.ops.base import Op, PositiveInt, Saves
from netspec.ops.contract import Inferred, Need, Operand, Refused, TorchCall, shown
from netspec.ops.reads import ONLY, Reads, merged, window
from netspec.ops.rules.pattern import Group, Pattern, parse
from netspec.types import TensorType


class rearrange(Op):
    """The same elements with other axes, by a pattern as einops writes it: axes keep their names, ``(h w)`` is one axis
    made of two, ``1`` an axis of size 1, ``...`` all axes that have no name.

    A size that the pattern does not settle is given by the axis' name, and may be an open size; of each axis that is
    split, one may be left out.

        y = rearrange(x, "b c h w -> b (h w) c")
        z = rearrange(y, "b (h w) c -> b c h w", h=H, w=W)
    """

    is_module: ClassVar[bool] = False
    saves: ClassVar[Saves] = ()
    positional: ClassVar[tuple[str, ...]] = ("pattern",)
    rest: ClassVar[str] = "sizes"

    pattern: Annotated[str, Field(description='a string such as "b c h w -> b (h w) c"')]
    sizes: Annotated[tuple[tuple[str, PositiveInt | Dim], ...], Field(description="a positive size")] = ()

    @model_validator(mode="after")
    def _consistent(self) -> rearrange:
        pattern = parse(self.pattern)
        for name in self._given:
            if name not in pattern.names:
                help_ = did_you_mean(name, pattern.names) or f"its axes are {', '.join(pattern.names)}"
                raise Refused(f'the pattern "{shown(self.pattern)}" has no axis {name}', help=help_, attribute=name)
        for group in pattern.groups:
            unknown = [name for name in group if name not in self._given]
            if len(unknown) > 1:
                message = f"the sizes of {' and '.join(unknown)} in ({' '.join(group)}) are not known"
                help_ = f"give all but one: `rearrange(…, {unknown[0]}=…)`"
                raise Refused(message, help=help_, attribute="pattern")
        return self

    @cached_property
    def _given(self) -> dict[str, int | Dim]:
        return dict(self.sizes)

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        pattern = self._pattern(x)
        sizes: dict[str, Size] = {}
        needs: list[Need] = []
        for axis, (group, size) in enumerate(zip(pattern.left, x.dims, strict=True)):
            known = {name: self._given[name] for name in group if name in self._given}
            together = product(known.values())
            sizes |= known | {name: floor_div(size, together) for name in group if name not in known}
            left, right = (size, together) if len(known) == len(group) else (mod(size, together), 0)
            help_ = "the size is one more: `x[:, 1:]` leaves out the first" if axis == 1 and left == right + 1 else ""
            needs.append(Need(left, "==", right, self._mismatch(group, size, axis), help=help_))
        dims = tuple(product(sizes[name] for name in group) for group in pattern.right)
        return Inferred((TensorType(x.dtype, dims),), tuple(needs))

    def _pattern(self, x: TensorType) -> Pattern:
        """The pattern for this input's rank."""
        written = parse(self.pattern)
        pattern = written.of_rank(x.rank)
        if pattern is None:
            message = f'the pattern "{shown(self.pattern)}" takes {written.axes}, got {shown(x)} of rank {x.rank}'
            raise Refused(message, attribute="pattern", operand=0)
        return pattern

    def _mismatch(self, group: Group, size: Size, axis: int) -> str:
        """``axis 1 of size 10 is not (h w) with h=3``."""
        given = ", ".join(f"{name}={shown(self._given[name])}" for name in group if name in self._given)
        made = f"({' '.join(group)}) with {given}" if len(group) > 1 else given or "1"
        return f"axis {axis} of size {shown(size)} is not {made}"

    @property
    def aliases(self) -> bool:
        return True

    def shares(self, inputs: tuple[TensorType, ...], training: bool) -> bool:
        """Axes become one without a copy where they lie behind each other."""
        pattern = self._pattern(inputs[0])
        before = [name for group in pattern.left for name in group]
        places = [[before.index(name) for name in group] for group in pattern.right]
        return all(group == list(range(group[0], group[0] + len(group))) for group in places if group)

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """Of an axis that is split its first part is followed, with all that the others take."""
        (x,) = inputs
        pattern = self._pattern(x)
        sizes = self._sizes(pattern, x, output)
        walks: dict[str, Reads] = {}
        for axis, group in enumerate(pattern.right):
            walks |= zip(group, merged([sizes[n] for n in group], axis), strict=True)
        return (tuple(_followed(group, sizes, walks) for group in pattern.left),)

    def _sizes(self, pattern: Pattern, x: TensorType, output: TensorType) -> dict[str, Size]:
        """The size of each axis, as a number where one is known."""
        groups = [*zip(pattern.left, x.dims, strict=True), *zip(pattern.right, output.dims, strict=True)]
        sizes: dict[str, Size] = dict(self._given) | {group[0]: size for group, size in groups if len(group) == 1}
        for group, size in groups:
            for name in group:
                if name not in sizes:
                    sizes[name] = floor_div(size, product(sizes[n] for n in group if n != name))
        return sizes

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {"pattern": self.pattern, **self._given}

    def lower(self, *inputs: TensorType) -> TorchCall:
        """``x.unflatten(1, (h, -1)).permute(0, 2, 3, 1).flatten(1, 2)``: each step only where it does something."""
        pattern = self._pattern(inputs[0])
        before = [name for group in pattern.left for name in group]
        after = [name for group in pattern.right for name in group]
        call = self._taken_apart(pattern)
        if before != after or pattern.left == pattern.right:
            call = TorchCall(".permute", (call, *(map(before.index, after) if after else ((),))))
        for axis, group in enumerate(pattern.right):
            if not group:
                call = TorchCall(".unsqueeze", (call, axis))
            elif len(group) > 1:
                call = TorchCall(".flatten", (call, axis, axis + len(group) - 1))
        assert isinstance(call, TorchCall)
        return call

    def _taken_apart(self, pattern: Pattern) -> TorchCall | Operand:
        """The input with every axis by itself, those of size 1 left out."""
        call: TorchCall | Operand = Operand(0)
        axis = 0
        for group in pattern.left:
            if not group:
                call = TorchCall(".squeeze", (call, axis))
            elif len(group) > 1:
                call = TorchCall(".unflatten", (call, axis, tuple(self._given.get(name, -1) for name in group)))
            axis += len(group)
        return call


def _followed(group: Group, sizes: dict[str, Size], walks: dict[str, Reads]) -> Reads:
    """The cells of an axis, from those of its parts: all parts in a row again, or its first part with the others."""
    group = tuple(name for name in group if sizes[name] != 1)
    if not group:
        return ONLY
    first, inner = walks[group[0]], product(sizes[name] for name in group[1:])
    if len(group) == 1 or isinstance(first, str):
        return first
    if first.axis is None or len(first.first) > 1 or not isinstance(inner, int):
        return "all" if isinstance(inner, int) else "open"
    return window(first.axis, inner, 0, inner - 1)
