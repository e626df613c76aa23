"""Regularisation: what training zeroes at random. In evaluation mode the tensor stays as it is."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NoReturn

from pydantic import Field

from netspec.dims import Size, product
from netspec.ops.base import Op
from netspec.ops.contract import Change, Inferred, Made, Refused, Saved, TorchCall, shown
from netspec.ops.rules.dtypes import FLOAT, kind_of
from netspec.types import TensorType

Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="a number from 0 to 1")]


class _Dropout(Op):
    """The shape stays."""

    family: ClassVar[str] = "regularisation"
    elementwise: ClassVar[bool] = True

    p: Probability = 0.5
    inplace: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        kind_of(type(self).__name__, x, FLOAT, listed="dtype")
        return Inferred((x,))

    @property
    def aliases(self) -> bool:
        return True  # in evaluation mode

    def shares(self, inputs: tuple[TensorType, ...], training: bool) -> bool:
        return self.inplace or not training or self.p == 0

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """The factors by which it multiplies."""
        return Saved(made=(Made(product(self._factors(inputs[0])), training=True),) if self.p else ())

    def _factors(self, x: TensorType) -> tuple[Size, ...]:
        return x.dims


class Dropout(_Dropout):
    """In training each number is 0 with probability p, and the others are divided by ``1 - p``: the shape stays
    (torch.nn.Dropout; arXiv 1207.0580).

        x -> fc1: Linear(4096) -> ReLU() -> drop: Dropout(0.5)
    """


class _ChannelDropout(_Dropout):
    """Whole channels of ``[B, C, *spatial]`` with a given number of spatial axes."""

    axes: ClassVar[int]

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.rank != self.axes + 2:
            self._refuse_rank(x)
        return super().infer(*inputs)

    def _refuse_rank(self, x: TensorType) -> NoReturn:
        spatial = "1 spatial axis" if self.axes == 1 else f"{self.axes} spatial axes"
        message = f"{type(self).__name__} takes [batch, channels, {spatial}], got {shown(x)} of rank {x.rank}"
        listed = "unbatched" if x.rank == self.axes + 1 else "other_rank"
        if x.rank not in (3, 4, 5):
            raise Refused(message, help="`Dropout` zeroes single numbers, of any rank", operand=0, listed=listed,
                          change=Change(name="Dropout"))  # fmt: skip
        other = f"Dropout{x.rank - 2}d"
        raise Refused(message, help=f"`{other}` takes this input", operand=0, listed=listed, change=Change(name=other))

    def _factors(self, x: TensorType) -> tuple[Size, ...]:
        return x.dims[:2]


class Dropout1d(_ChannelDropout):
    """In training whole channels of ``[B, C, L]`` are 0 with probability p, and the others divided by ``1 - p``: the
    shape stays (torch.nn.Dropout1d; arXiv 1411.4280).

        x -> drop: Dropout1d(0.2)
    """

    axes: ClassVar[int] = 1


class Dropout2d(_ChannelDropout):
    """In training whole channels of ``[B, C, H, W]`` are 0 with probability p, and the others divided by ``1 - p``: the
    shape stays (torch.nn.Dropout2d; arXiv 1411.4280).

        x -> drop: Dropout2d(0.2)
    """

    axes: ClassVar[int] = 2


class Dropout3d(_ChannelDropout):
    """In training whole channels of ``[B, C, D, H, W]`` are 0 with probability p, and the others divided by ``1 - p``:
    the shape stays (torch.nn.Dropout3d; arXiv 1411.4280).

        x -> drop: Dropout3d(0.2)
    """

    axes: ClassVar[int] = 3


class AlphaDropout(_Dropout):
    """In training each number is with probability p the least value of `SELU`, and all are scaled and shifted so that
    mean and variance stay: the shape stays (torch.nn.AlphaDropout; arXiv 1706.02515).

        x -> SELU() -> drop: AlphaDropout(0.1)
    """


class FeatureAlphaDropout(_Dropout):
    """`AlphaDropout` of whole channels of ``[B, C, *]``: the shape stays (torch.nn.FeatureAlphaDropout; arXiv
    1706.02515).

        x -> SELU() -> drop: FeatureAlphaDropout(0.1)
    """

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.rank < 2:
            message = f"FeatureAlphaDropout takes [batch, channels, ...], got {shown(x)}"
            raise Refused(message, operand=0, listed="other_rank")
        return super().infer(*inputs)

    def _factors(self, x: TensorType) -> tuple[Size, ...]:
        return x.dims[:2]


STOCHASTIC_DEPTH = '''
class _StochasticDepth(nn.Module):
    """In training each sample, or the whole batch, is 0 with probability p, and else divided by 1 - p."""

    def __init__(self, p: float, mode: str) -> None:
        super().__init__()
        self.p = p
        self.mode = mode

    def _get_name(self) -> str:
        return "StochasticDepth"

    def extra_repr(self) -> str:
        return f"p={self.p}, mode={self.mode}"

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0.0:
            return x
        samples = x.shape[0] if self.mode == "row" else 1
        survival = 1.0 - self.p
        factors = torch.empty([samples] + [1] * (x.dim() - 1), dtype=x.dtype, device=x.device).bernoulli_(survival)
        if survival > 0.0:
            factors.div_(survival)
        return x * factors
'''


class StochasticDepth(Op):
    """Drop path: in training each sample (``mode="row"``) or the whole batch (``mode="batch"``) is 0 with probability
    p, and else divided by ``1 - p``: the shape stays (torchvision.ops.StochasticDepth; arXiv 1603.09382).

        x = x + (x -> block: Residual(64) -> drop: StochasticDepth(0.1))
    """

    family: ClassVar[str] = "regularisation"
    elementwise: ClassVar[bool] = True

    p: Probability
    mode: Literal["row", "batch"] = "row"

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        kind_of("StochasticDepth", x, FLOAT, listed="dtype")
        if not x.rank:
            raise Refused("StochasticDepth takes [batch, ...], got a scalar", operand=0, listed="other_rank")
        return Inferred((x,))

    @property
    def aliases(self) -> bool:
        return True  # in evaluation mode

    def shares(self, inputs: tuple[TensorType, ...], training: bool) -> bool:
        return not training or self.p == 0

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """The factors by which it multiplies."""
        samples = inputs[0].dims[0] if self.mode == "row" else 1
        return Saved(made=(Made(samples, training=True),) if self.p else ())

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("_StochasticDepth", (self.p, self.mode), helpers=(STOCHASTIC_DEPTH,))
