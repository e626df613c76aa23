"""Ops that move elements: axes in another order, and elements in another order along an axis."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from netspec.dims import Dim
from netspec.ops.base import Op, Saves, as_tuple
from netspec.ops.contract import Inferred, Operand, Refused, TorchCall, shown
from netspec.ops.reads import Reads, mixed, same, window
from netspec.ops.rules.axes import axes_indices, axis_index
from netspec.types import TensorType

Axes = Annotated[tuple[int, ...], BeforeValidator(as_tuple), Field(description="one int per axis: (0, 2, 1)")]
SomeAxes = Annotated[int | tuple[int, ...], BeforeValidator(as_tuple), Field(description="an axis, or several")]
Shifts = Annotated[int | Dim | tuple[int | Dim, ...], BeforeValidator(as_tuple),
                   Field(description="an int or a size, or one per axis")]  # fmt: skip

_PERMUTE = '''
class _Permute(nn.Module):
    """The axes in another order, as torchvision.ops.Permute."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = dims

    def _get_name(self) -> str:
        return "Permute"

    def forward(self, x: Tensor) -> Tensor:
        return torch.permute(x, self.dims)
'''


class _Order(Op):
    """The same elements in another order."""

    saves: ClassVar[Saves] = ()


def _moved(order: tuple[int, ...]) -> tuple[tuple[Reads, ...]]:
    """Each axis where it goes."""
    axes = [axis % len(order) for axis in order]
    return (tuple(same(axes.index(axis)) for axis in range(len(order))),)


def _permuted(x: TensorType, axes: tuple[int, ...], attribute: str) -> TensorType:
    """The type with axes in another order, each of which stands once."""
    if len(axes) != x.rank:
        axes_ = "1 axis" if len(axes) == 1 else f"{len(axes)} axes"
        help_ = f"all axes are listed in their new order: `({', '.join(map(str, range(x.rank)))})` changes nothing"
        raise Refused(f"{attribute} lists {axes_}, but the tensor is {shown(x)}", help=help_, attribute=attribute)
    return TensorType(x.dtype, tuple(x.dims[i] for i in axes_indices(axes, x.rank, attribute)))


class Permute(_Order):
    """The axes in another order, as a module: ``[B, C, H, W] -> [B, H, W, C]`` with ``Permute((0, 2, 3, 1))``
    (torchvision.ops.Permute, which torch.nn has not). Outside of lists `permute` and `rearrange` do it.

        x -> block: [Permute((0, 2, 3, 1)), Linear(64), Permute((0, 3, 1, 2))]
    """

    dims: Axes

    def infer(self, *inputs: TensorType) -> Inferred:
        return Inferred((_permuted(inputs[0], self.dims, "dims"),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return _moved(self.dims)

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("_Permute", (self.dims,), helpers=(_PERMUTE,))


class permute(_Order):
    """The axes in another order: ``[B, C, H, W] -> [B, H, W, C]`` with ``axes=(0, 2, 3, 1)`` (torch.permute).

    y = permute(x, (0, 2, 3, 1))
    """

    is_module: ClassVar[bool] = False

    axes: Axes

    def infer(self, *inputs: TensorType) -> Inferred:
        return Inferred((_permuted(inputs[0], self.axes, "axes"),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return _moved(self.axes)

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".permute", (Operand(0), *(self.axes or ((),))))


class transpose(_Order):
    """Two axes change places: ``[B, N, C] -> [B, C, N]`` with ``transpose(x, 1, 2)`` (torch.transpose).

    scores = matmul(queries, transpose(keys, -2, -1))
    """

    is_module: ClassVar[bool] = False

    dim0: Annotated[int, Field(description="an int")]
    dim1: Annotated[int, Field(description="an int")]

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        rank = max(x.rank, 1)  # a scalar stays one
        i, j = axis_index(self.dim0, rank, "dim0"), axis_index(self.dim1, rank, "dim1")
        dims = list(x.dims)
        if dims:
            dims[i], dims[j] = dims[j], dims[i]
        return Inferred((TensorType(x.dtype, tuple(dims)),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        order = list(range(output.rank))
        if order:
            order[self.dim0], order[self.dim1] = order[self.dim1], order[self.dim0]
        return _moved(tuple(order))

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".transpose", (Operand(0), self.dim0, self.dim1))


class flip(_Order):
    """The elements in reverse along some axes; the shape stays (torch.flip).

    y = flip(x, -1)
    """

    is_module: ClassVar[bool] = False

    axes: SomeAxes

    def infer(self, *inputs: TensorType) -> Inferred:
        axes_indices(listed(self.axes), max(inputs[0].rank, 1), "axes")
        return Inferred((inputs[0],))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (mixed(output, listed(self.axes) if output.rank else ()),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.flip", (Operand(0), listed(self.axes)))


class roll(_Order):
    """The elements moved along axes, those that leave at one end coming in at the other: the element at ``i`` goes to
    ``(i + shift) % size``; the shape stays (torch.roll). Shifts may be open sizes.

        y = roll(x, (-3, -3), axes=(1, 2))
    """

    is_module: ClassVar[bool] = False

    shifts: Shifts
    axes: SomeAxes

    def infer(self, *inputs: TensorType) -> Inferred:
        shifts, axes = listed(self.shifts), listed(self.axes)
        if len(shifts) != len(axes) or not axes:
            numbers = [f"{len(values)} {noun}{'s' * (len(values) != 1)}"
                       for values, noun in ((shifts, "shift"), (axes, "axe"))]  # fmt: skip
            message = f"roll takes one shift per axis, got {numbers[0]} for {numbers[1].replace('1 axe', '1 axis')}"
            help_ = "`roll(x, (-3, -3), axes=(1, 2))`"
            raise Refused(message, help=help_, attribute="shifts")
        rank = max(inputs[0].rank, 1)
        for axis in axes:
            axis_index(axis, rank, "axes")
        return Inferred((inputs[0],))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """Of a cell that does not come in at the other end."""
        moved: dict[int, Any] = {}
        for axis, shift in zip(listed(self.axes), listed(self.shifts), strict=True):
            moved[axis % max(output.rank, 1)] = moved.get(axis % max(output.rank, 1), 0) + shift
        found = [(axis, moved.get(axis, 0)) for axis in range(output.rank)]
        return (tuple(window(a, 1, -n, -n) if isinstance(n, int) else "open" for a, n in found),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.roll", (Operand(0), listed(self.shifts), listed(self.axes)))


def listed(value: Any) -> tuple[Any, ...]:
    """One value, or several, as several."""
    return value if isinstance(value, tuple) else (value,)
