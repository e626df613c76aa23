"""Torch code that crops in the middle.

Written as padding by negative amounts: of all ways (narrow, slices, index_select) it alone needs one call, and leaves
torch.export no guard that it could not prove for open sizes. The same text runs in eager mode, torch.jit.script,
torch.compile(fullgraph=True) and torch.export. Where the graph's sizes prove which tensor is the smallest, its shape is
taken, so that what follows has that size without a minimum in it; else the minimum is taken when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence

from netspec.dims import Condition, Size, decide
from netspec.ops.contract import Operand, TorchCall

CENTER_CROP = '''
def _center_crop(x: torch.Tensor, sizes: list[int]) -> torch.Tensor:
    """Crop the axes from 2 on in the middle to these sizes, the offset rounded down."""
    pads: list[int] = []
    for axis in range(x.dim() - 1, 1, -1):
        extra = x.shape[axis] - sizes[axis - 2]
        pads += [-(extra // 2), extra // 2 - extra]
    return torch.nn.functional.pad(x, pads)
'''

SMALLER = """
def _smaller(a: int, b: int) -> int:
    if torch.jit.is_scripting():
        return min(a, b)
    return torch.sym_min(a, b)
"""

CROP_LIKE = '''
def _crop_like(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Crop in the middle to the axes from 2 on of another tensor."""
    return _center_crop(x, like.shape[2:])
'''

CROP_TO_SMALLER = '''
def _crop_to_smaller(x: torch.Tensor, sizes: list[int]) -> torch.Tensor:
    """Crop in the middle to these sizes; an axis that is smaller stays."""
    least: list[int] = []
    for i in range(len(sizes)):
        least.append(_smaller(x.shape[i + 2], sizes[i]))
    return _center_crop(x, least)
'''

CROP_TO_SMALLER_LIKE = '''
def _crop_to_smaller_like(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Crop in the middle to the axes from 2 on of another tensor; an axis that is smaller stays."""
    return _crop_to_smaller(x, like.shape[2:])
'''

CONCAT_CENTER = '''
def _concat_center(tensors: list[torch.Tensor], axis: int) -> torch.Tensor:
    """Concatenate after cropping the other axes from 2 on in the middle to the smallest tensor."""
    least = list(tensors[0].shape[2:])
    for x in tensors[1:]:
        for i in range(len(least)):
            least[i] = _smaller(least[i], x.shape[i + 2])
    cropped: list[torch.Tensor] = []
    for x in tensors:
        sizes = [x.shape[i + 2] if i + 2 == axis else least[i] for i in range(len(least))]
        cropped.append(_center_crop(x, sizes))
    return torch.cat(cropped, axis)
'''

CONCAT_LIKE = '''
def _concat_like(tensors: list[torch.Tensor], axis: int, like: int) -> torch.Tensor:
    """Concatenate after cropping the other axes from 2 on in the middle to the tensor with the number ``like``."""
    cropped: list[torch.Tensor] = []
    for i in range(len(tensors)):
        x = tensors[i]
        if i != like:
            sizes = list(tensors[like].shape[2:])
            if axis > 1:
                sizes[axis - 2] = x.shape[axis]
            x = _center_crop(x, sizes)
        cropped.append(x)
    return torch.cat(cropped, axis)
'''


def proven(left: Sequence[Size], right: Sequence[Size]) -> bool:
    """Whether the sizes are equal whatever the open ones are."""
    return all(a == b or decide(Condition(a, "==", b)).truth == "always" for a, b in zip(left, right, strict=True))


def crop_call(out: Sequence[Size], target: Sequence[Size], sizes: tuple[Size, ...] | None) -> TorchCall:
    """Crop to ``sizes``, or to the second operand; ``out`` and ``target`` are the sizes got and asked for."""
    exact = proven(out, target)
    if sizes is not None and exact:
        return TorchCall("_center_crop", (Operand(0), sizes), helpers=(CENTER_CROP,))
    if sizes is not None:
        return TorchCall("_crop_to_smaller", (Operand(0), sizes), helpers=(CENTER_CROP, SMALLER, CROP_TO_SMALLER))
    if exact:
        return TorchCall("_crop_like", (Operand(0), Operand(1)), helpers=(CENTER_CROP, CROP_LIKE))
    helpers = (CENTER_CROP, SMALLER, CROP_TO_SMALLER, CROP_TO_SMALLER_LIKE)
    return TorchCall("_crop_to_smaller_like", (Operand(0), Operand(1)), helpers=helpers)


def concat_call(inputs: Sequence[tuple[Size, ...]], out: tuple[Size, ...], axis: int) -> TorchCall:
    """Concatenate along ``axis``, cropping the others from 2 on to ``out``."""
    others = [i for i in range(2, len(out)) if i != axis]
    smallest = [proven([dims[i] for i in others], [out[i] for i in others]) for dims in inputs]
    if all(smallest):
        return TorchCall("torch.cat", (Operand(-1), axis))
    if any(smallest):
        arguments = (Operand(-1), axis, smallest.index(True))
        return TorchCall("_concat_like", arguments, helpers=(CENTER_CROP, CONCAT_LIKE))
    return TorchCall("_concat_center", (Operand(-1), axis), helpers=(CENTER_CROP, SMALLER, CONCAT_CENTER))
