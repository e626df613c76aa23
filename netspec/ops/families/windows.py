"""Windows of images that attend to themselves."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from netspec.dims import Dim, Size, floor_div, mod
from netspec.ops.base import Op, PositivePerAxis, Saves, as_tuple, per_axis
from netspec.ops.contract import Inferred, Need, Operand, Refused, TorchCall, shown
from netspec.ops.reads import Reads
from netspec.types import TensorType

Shift = Annotated[int | Dim | tuple[int | Dim, ...], BeforeValidator(as_tuple),
                  Field(description="an int or a size, or one per axis")]  # fmt: skip

_SHIFT_MASK = '''
def _shift_mask(x: torch.Tensor, window: tuple[int, int], shift: tuple[int, int]) -> torch.Tensor:
    """What is added to the scores of shifted windows, [windows, n, n]: -100 where two cells were no neighbours."""
    height, width = x.shape[1], x.shape[2]
    row, column = torch.arange(height, device=x.device), torch.arange(width, device=x.device)
    rows = (row >= height - window[0]).long() + (row >= height - shift[0]).long()
    columns = (column >= width - window[1]).long() + (column >= width - shift[1]).long()
    parts = (3 * rows[:, None] + columns).unflatten(0, (-1, window[0])).unflatten(2, (-1, window[1]))
    parts = parts.permute(0, 2, 1, 3).flatten(0, 1).flatten(1, 2)
    return (parts[:, None, :] != parts[:, :, None]).to(x.dtype) * -100.0
'''


class shift_mask(Op):
    """The mask of shifted windows: of an image ``[B, H, W, C]`` that was rolled by ``-shift``, cut into windows of
    ``n = window * window`` cells, ``[H/window * W/window, n, n]`` with 0 where two cells of a window are neighbours in
    the image and -100 where the roll brought them together (Swin Transformer, arXiv 2103.14030, figure 4; as
    torchvision's shifted_window_attention). It is added to the scores before `softmax`. Sizes, and shifts, may be open;
    a shift of 0 parts nothing.

        scores = scores + rearrange(shift_mask(x, 7, 3), "w n m -> w 1 n m")
    """

    is_module: ClassVar[bool] = False
    saves: ClassVar[Saves] = ()

    window: PositivePerAxis
    shift: Shift

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.rank != 4 or x.dtype != "float":
            raise Refused(f"shift_mask takes an image [batch, height, width, channels], got {shown(x)}", operand=0)
        windows: list[Size] = []
        needs: list[Need] = []
        for axis, window, shift in zip((1, 2), self._windows, self._shifts, strict=True):
            size = x.dims[axis]
            windows.append(floor_div(size, window))
            message = f"axis {axis} of size {shown(size)} is no multiple of the window ({window})"
            needs.append(Need(mod(size, window), "==", 0, message))
            if isinstance(shift, int) and not 0 <= shift < window:
                message = f"shift ({shift}) must be at least 0 and smaller than the window ({window})"
                raise Refused(message, help=f"half of it is usual: `shift={window // 2}`", attribute="shift")
            if isinstance(shift, Dim):
                outside = f"shift ({shown(shift)}) must be at least 0 and smaller than the window ({window})"
                needs += [Need(shift, ">=", 0, outside), Need(window - 1 - shift, ">=", 0, outside)]
        n = self._windows[0] * self._windows[1]
        return Inferred((TensorType("float", (windows[0] * windows[1], n, n)),), tuple(needs))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """Sizes alone."""
        return (None,)

    @property
    def _windows(self) -> tuple[int, ...]:
        return per_axis(self.window, 2, "window")

    @property
    def _shifts(self) -> tuple[int | Dim, ...]:
        shifts = self.shift if isinstance(self.shift, tuple) else (self.shift,) * 2
        if len(shifts) != 2:
            raise Refused(f"shift has {len(shifts)} entries for 2 axes", attribute="shift")
        return shifts

    def lower(self, *inputs: TensorType) -> TorchCall:
        arguments = (Operand(0), self._windows, self._shifts)
        return TorchCall("_shift_mask", arguments, helpers=(_SHIFT_MASK,))
