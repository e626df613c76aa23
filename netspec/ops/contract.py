"""The data that ops answer with: refusals, needs, inferred types, weights, and calls of torch. Needs no pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from netspec.dims import Size
from netspec.types import DType, TensorType

#: What netspec refuses although torch takes it in eval mode, and why. Nothing else may be refused beyond torch.
LISTED_REFUSALS: Mapping[str, str] = {
    "unbatched": "torch also takes input without a batch axis; here axis 0 is the batch, so that axes have one meaning",
    "other_rank": "AdaptiveAvgPool(1), ZeroPad and dropout in eval mode take any rank in torch; here it is the name's",
    "broadcast": "torch spreads axes and ranks silently; here sizes are equal, but for an axis that is literally 1",
    "empty": "torch allows tensors and weights without elements; here every size is at least 1",
    "one_entry": "torch spreads a tuple of one entry over the axes in some places; here a tuple has one entry per axis",
    "dtype": "torch pools or joins some int and bool tensors; here ops of images take float, and bool is no number",
    "attribute_type": "torch takes what Python can convert (1 for True, 3.0 for 3); here an attribute has its type",
    "required": "torch's Softmax guesses its dim where it has none, and reductions take all axes; here they are named",
    "left_out": "torch has arguments that netspec leaves out: what is inferred, device, dtype, return_indices",
    "negative_eps": "torch's norms take a negative eps, but for BatchNorm; it can give NaN",
    "dropout": "torch's attention takes any dropout, and fails in training unless it is from 0 to 1",
    "no_variance": "torch's var of no more numbers than its correction is NaN or infinite; here it needs more",
    "negative_padding": "with a padding_mode torch takes negative padding, which crops; here `crop` does that",
    "uneven": "torch's chunk gives fewer or unequal parts where they do not come out even; here they are equal",
    "squeeze": "torch's squeeze keeps an axis that is not 1; here the axis is left out, so it is 1",
    "sides": "torch's padding modules take a tuple for fewer or more axes; here it has two entries per axis",
}


def shown(value: object, most: int = 80) -> str:
    """A size or type as messages show it, of bounded length."""
    text = str(value)
    return text if len(text) <= most else text[: most - 1] + "…"


class Change(NamedTuple):
    """What puts a refused step right: an ``argument`` with another ``value``, as a spec writes it (None takes it out),
    another ``name`` of the op, another ``call`` in its place, or steps ``before`` it (``ahead``: before the step that
    makes its input). ``also`` is done with it.
    """

    argument: str = ""
    value: str | None = None
    name: str = ""
    call: str = ""
    before: str = ""
    ahead: bool = False
    also: Change | None = None


class Refused(Exception):
    """The op does not take these attributes or this input. ``message`` is one line in the user's terms.

    ``attribute`` names the attribute at fault, ``operand`` the index of the input at fault, where one is. ``listed`` is
    the key in `LISTED_REFUSALS` where torch would not refuse. ``change`` does what ``help`` says.
    """

    def __init__(self, message: str, *, help: str = "", attribute: str | None = None, operand: int | None = None,
                 listed: str | None = None, change: Change | None = None) -> None:  # fmt: skip
        super().__init__(message)
        self.message = message
        self.help = help
        self.attribute = attribute
        self.operand = operand
        self.listed = listed
        self.change = change


@dataclass(frozen=True, slots=True)
class Need:
    """``left relation right`` must hold for the op to work; sizes may be open, so elaboration decides.

    A need that never holds, or an equality that does not hold for all sizes, is an error with ``message``;
    an order (``>=``) that holds from some size on is a minimum size of the network. ``listed`` is as in `Refused`.
    ``any_of`` are sizes of which one is enough, where that says the same as ``left``. ``help`` and ``change`` are as in
    `Refused`.
    """

    left: Size
    relation: Literal["==", ">="]
    right: Size
    message: str
    listed: str | None = None
    any_of: tuple[Size, ...] = ()
    help: str = ""
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Inferred:
    """The result of a shape rule: one type per output, and what must hold."""

    outputs: tuple[TensorType, ...]
    needs: tuple[Need, ...] = ()


class Doubt(NamedTuple):
    """What an op does with its input works, and is probably not meant: a warning's code, message and help."""

    code: str
    message: str
    help: str


#: The codes of all doubts.
DOUBTS = ("NS502", "NS503", "NS511", "NS513", "NS514")


@dataclass(frozen=True, slots=True)
class Weight:
    """An entry of the state dict: ``weight [64, 3, 3, 7, 7]``."""

    name: str
    shape: tuple[int, ...]
    kind: Literal["param", "buffer"] = "param"
    dtype: str = "float32"


@dataclass(frozen=True, slots=True)
class Made:
    """A tensor that torch makes beside the outputs, such as the indices of a max pool.

    In evaluation it is gone after the step; ``training``: only training makes it.
    """

    elements: Size
    dtype: DType = "float"
    training: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What autograd keeps of one call until the gradients are computed: inputs and outputs by number, others made.

    Parameters do not count. ``for_weights``: the inputs are kept for the gradients of the op's own weights only.
    """

    inputs: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()
    made: tuple[Made, ...] = ()
    for_weights: bool = False


@dataclass(frozen=True, slots=True)
class Operand:
    """In a `TorchCall` of a function: the input with this number; ``-1`` stands for all inputs as a list."""

    index: int = 0


@dataclass(frozen=True, slots=True)
class SizesOf:
    """In a `TorchCall` of a function: the sizes of the input with this number, from an axis on: ``y.shape[2:]``."""

    index: int
    start: int


@dataclass(frozen=True, slots=True)
class TorchCall:
    """How torch is asked for an op, as data.

    For a module its constructor: ``TorchCall("nn.Conv3d", (3, 64, 7), {"bias": False})``. For a function the call
    itself, with `Operand` where a tensor goes: ``TorchCall("torch.cat", (Operand(-1), 1))``. A name with a dot in front
    is a method of the first argument, which may be the call of another method:
    ``TorchCall(".flatten", (TorchCall(".permute", (Operand(0), 0, 2, 1)), 1))``. The name of an operator
    (``"+" "-" "*" "/"``) joins its arguments, tensors and numbers, from left to right; ``"[]"`` indexes the first
    with the others (ints, None, ``"..."``, slices as ``(start, stop, step)``).

    All other targets start with ``torch.``, ``nn.``, ``nn.functional.``, a helper's name, or the user's own module
    path. ``helpers`` are texts of functions that the generated source needs, in order. Arguments are ints, floats,
    bools, strings, None, `Operand`, `SizesOf`, an open size (a `Dim`, which source generation turns into an expression
    of the definition's input shapes), or tuples of these.
    """

    target: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    helpers: tuple[str, ...] = ()


Returned = int | tuple["Returned | None", ...]
"""What a module returns: the number of an output, or a tuple of these with None for what nobody takes."""


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """How a module is called, as data, and what comes back.

    ``args`` and ``kwargs`` are as in a `TorchCall`, with `Operand` where a tensor goes; without ``args`` all tensors
    come one by one. Without ``returns`` the module gives its outputs as they are, several in a tuple.

        ModuleCall(kwargs={"need_weights": False}, returns=(0, None))       # attn(q, k, v, need_weights=False)[0]
        ModuleCall((Operand(0), (Operand(1), Operand(2))), returns=(0, (1, 2)))         # y, (h, c) = lstm(x, (h, c))
    """

    args: tuple[Any, ...] | None = None
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    returns: Returned | None = None

    @property
    def plain(self) -> bool:
        """Whether a list can hold the module, which calls its members one after the other with what came before."""
        return self.args is None and not self.kwargs


#: A module that takes its tensors one by one, and gives its outputs as they are.
PLAIN_CALL = ModuleCall()
