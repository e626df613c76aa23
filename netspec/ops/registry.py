"""Which ops there are, by name. Importing this is cheap: a family is imported when one of its ops is looked up."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from netspec.ops.base import Op

_Class = TypeVar("_Class", bound="type[Op]")


class Family(NamedTuple):
    """A module with the ops it holds: ``spatial`` ones exist as ``…1d``, ``…2d``, ``…3d`` too."""

    module: str
    spatial: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


#: All built-in families, in the order of the documentation.
FAMILIES = (
    Family("conv", spatial=("Conv", "ConvTranspose")),
    Family("norm", spatial=("BatchNorm", "InstanceNorm")),
    Family("layer_norm", plain=("LayerNorm", "RMSNorm", "GroupNorm", "LocalResponseNorm")),
    Family("pool", spatial=("MaxPool", "AvgPool", "LPPool", "AdaptiveAvgPool", "AdaptiveMaxPool")),
    Family("activation", plain=(
        "ReLU", "ReLU6", "LeakyReLU", "PReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Softplus", "Softsign",
        "Sigmoid", "LogSigmoid", "Hardsigmoid", "Hardswish", "Tanh", "Tanhshrink", "Hardtanh", "Hardshrink",
        "Softshrink", "Threshold",
    )),
    Family("axiswise", plain=("Softmax", "LogSoftmax", "Softmin", "GLU"),
           functions=("softmax", "log_softmax", "normalize")),
    Family("elementwise", functions=(
        "relu", "leaky_relu", "gelu", "silu", "softplus", "sigmoid", "tanh", "exp", "log", "sqrt", "abs", "neg", "pow",
        "clamp", "maximum", "minimum",
    )),
    Family("reduce", functions=("mean", "sum", "amax", "amin", "var")),
    Family("dropout", plain=("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout",
                             "StochasticDepth")),
    Family("linear", plain=("Linear",)),
    Family("padding", ("ZeroPad", "ConstantPad", "ReflectionPad", "ReplicationPad", "CircularPad"), functions=("pad",)),
    Family("resample", plain=("Upsample",), functions=("interpolate",)),
    Family("reshape", (), ("Flatten", "Unflatten", "Identity"), ("flatten", "squeeze", "unsqueeze", "expand")),
    Family("shuffle", plain=("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")),
    Family("order", plain=("Permute",), functions=("permute", "transpose", "flip", "roll")),
    Family("rearrange", functions=("rearrange",)),
    Family("join", functions=("add", "sub", "mul", "div", "concat", "matmul")),
    Family("embedding", plain=("Embedding",)),
    Family("recurrent", plain=("RNN", "GRU", "LSTM")),
    Family("attention", plain=("MultiheadAttention",), functions=("scaled_dot_product_attention",)),
    Family("transformer", plain=("TransformerEncoderLayer", "TransformerDecoderLayer")),
    Family("parts", functions=("chunk", "split", "unbind", "stack")),
    Family("crop", functions=("crop",)),
    Family("index", functions=("index",)),
    Family("select", functions=("take", "masked_fill")),
    Family("windows", functions=("shift_mask",)),
)


class OpName(NamedTuple):
    """A name with the op behind it; ``axes`` is 3 for ``Conv3d``, None where the name says no rank."""

    name: str
    op: type[Op]
    axes: int | None = None


class _Entry(NamedTuple):
    module: str
    class_name: str
    axes: int | None
    function: bool


def _entries() -> dict[str, _Entry]:
    table: dict[str, _Entry] = {}
    for family in FAMILIES:
        module = f"netspec.ops.families.{family.module}"
        for name in family.spatial:
            table[name] = _Entry(module, name, None, False)
            table |= {f"{name}{axes}d": _Entry(module, name, axes, False) for axes in (1, 2, 3)}
        for name in (*family.plain, *family.functions):
            table[name] = _Entry(module, name, None, name in family.functions)
    return table


_BUILT_IN = _entries()
_registered: dict[str, OpName] = {}


def names() -> tuple[str, ...]:
    """All names, built-in ones first."""
    return (*_BUILT_IN, *_registered)


def find(name: str) -> OpName | None:
    """The op with this name: ``Conv3d``, ``Conv``, ``concat``."""
    if name in _registered:
        return _registered[name]
    return _built_in(name) if name in _BUILT_IN else None


@lru_cache(512)
def _built_in(name: str) -> OpName:
    entry = _BUILT_IN[name]
    op: type[Op] = getattr(import_module(entry.module), entry.class_name)
    return OpName(name, op, entry.axes)


def registered() -> tuple[OpName, ...]:
    """The ops of the user's."""
    return tuple(_registered.values())


def is_function(name: str) -> bool:
    """Whether the name is that of a function of tensors."""
    if name in _registered:
        return not _registered[name].op.is_module
    return name in _BUILT_IN and _BUILT_IN[name].function


def register(op: _Class) -> _Class:
    """Make an op of your own known to specs, under its class name. Use as a decorator; it is public as ``netspec.op``.

    Raises TypeError for what is not a complete op, ValueError for a name that is taken.

        @netspec.op
        class Swish(netspec.ops.Op):
            '''``x * sigmoid(beta * x)``; the shape stays.'''

            beta: float = 1.0

            def infer(self, x):
                return Inferred((x,))

            def lower(self, x):
                return TorchCall("my_package.layers.Swish", (self.beta,))
    """
    from netspec.ops.checks import check_op

    taken = [op.__name__, *(f"{op.__name__}{axes}d" for axes in (1, 2, 3) if getattr(op, "spatial", False))]
    check_op(op, taken, names())
    _registered[op.__name__] = OpName(op.__name__, op)
    _registered.update({name: OpName(name, op, axes) for axes, name in enumerate(taken[1:], start=1)})
    return op


def unregister(op: type[Op]) -> None:
    """Forget an op of the user's."""
    for name in [n for n, found in _registered.items() if found.op is op]:
        del _registered[name]
