"""What an op is: attributes, shape rule, weights, cost, and how torch is called, in one class.

An op class is one definition. Its fields are the attributes, named and ordered as torch.nn's, less what is inferred
from the input; pydantic checks their types (strictly: ``True`` is no int). Its methods are pure functions of the
attributes and of the types of its inputs, and need no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from netspec.dims import Size, product
from netspec.ops import contract
from netspec.ops.contract import (
    LISTED_REFUSALS,
    PLAIN_CALL,
    Doubt,
    Inferred,
    Made,
    ModuleCall,
    Need,
    Operand,
    Refused,
    Saved,
    TorchCall,
    Weight,
    shown,
)
from netspec.ops.reads import Reads, everything, pointwise
from netspec.types import TensorType

__all__ = [
    "LISTED_REFUSALS", "Child", "Doubt", "Inferred", "ModuleCall", "NaturalPerAxis", "Need", "Op", "Operand", "PerAxis",
    "PositiveInt", "PositivePerAxis", "Refused", "Saves", "TorchCall", "Weight", "float_input", "known", "per_axis",
    "spatial_input",
]  # fmt: skip


def as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


PositiveInt = Annotated[int, Field(ge=1, description="a positive int")]
_Natural = Annotated[int, Field(ge=0)]

#: One int for all spatial axes, or one per axis; kept as written, because torch's ``repr`` shows it as written.
PerAxis = Annotated[int | tuple[int, ...], BeforeValidator(as_tuple), Field(description="an int or one per axis")]
PositivePerAxis = Annotated[PositiveInt | tuple[PositiveInt, ...], BeforeValidator(as_tuple),
                            Field(description="a positive int or one per axis")]  # fmt: skip
NaturalPerAxis = Annotated[_Natural | tuple[_Natural, ...], BeforeValidator(as_tuple),
                           Field(description="an int of at least 0 or one per axis")]  # fmt: skip

#: What autograd keeps of a call.
Saves = tuple[Literal["inputs", "outputs"], ...]


class Op(BaseModel):
    """Base of all ops. Attributes are checked strictly; unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True, arbitrary_types_allowed=True)

    #: exists as ``…1d``, ``…2d``, ``…3d`` beside the rank-free name
    spatial: ClassVar[bool] = False
    #: an nn.Module (needs a label if it has weights), or a function of tensors
    is_module: ClassVar[bool] = True
    #: how many tensors it takes; None is any number
    arity: ClassVar[int | None] = 1
    #: names by which further tensors may be given: ``crop(x, like=y)``; they follow the others, in this order. With
    #: ``arity`` they are optional, and may come by place too
    operands: ClassVar[tuple[str, ...]] = ()
    #: how it is given its tensors, for who gives it too few or too many
    tensors_help: ClassVar[str] = ""
    #: the colour family of diagrams: conv, norm, pool, activation, linear, sequence, …
    family: ClassVar[str] = "shape"
    #: the fields that may be given by position, in order; all of them where not said
    positional: ClassVar[tuple[str, ...] | None] = None
    #: the field that takes all arguments that no other field names, as pairs: ``rearrange(x, "…", h=7)``
    rest: ClassVar[str | None] = None
    #: fields that elaboration fills; a spec cannot name them
    internal: ClassVar[tuple[str, ...]] = ()
    #: arguments of the torch class that are inferred here: ``in_channels``
    inferred_names: ClassVar[tuple[str, ...]] = ()
    #: each number of the result is computed from the numbers at its place in the inputs
    elementwise: ClassVar[bool] = False
    #: what autograd keeps for the gradients: its inputs, or its outputs
    saves: ClassVar[Saves] = ("inputs", "outputs")
    #: torch.export goes through a sequence step by step, so that what it makes takes sequences of one length
    unrolled: ClassVar[bool] = False
    #: subtracts the mean of each channel, so that a bias before it has no effect
    removes_shift: ClassVar[bool] = False

    @classmethod
    def ranks(cls, axes: int | None) -> tuple[int, ...] | None:
        """The ranks that it takes as ``…{axes}d``, or rank-free (``axes`` is None); None is any rank."""
        if not cls.spatial:
            return None
        return (3, 4, 5) if axes is None else (axes + 2,)

    def infer(self, *inputs: TensorType) -> Inferred:
        """The shape rule. Raises `Refused`."""
        raise NotImplementedError

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        """What works, and is probably not meant."""
        return ()

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        """Constructor arguments that come from the input, first in torch's order: ``{"in_channels": 64}``."""
        return {}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        """The entries of its state dict, in torch's order."""
        return ()

    def children(self, *inputs: TensorType) -> tuple[Child, ...]:
        """The modules that it is made of, in order of registration, where torch makes it of several.

        Their weights are among its own, and policies can name them; nothing else calls them.
        """
        return ()

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        """Multiplications with additions of one forward pass of the whole batch.

        Counted as torch.utils.flop_counter does, whose number is twice ours: convolutions and matrix products count,
        biases, norms, pools, activations and joins are 0.
        """
        return 0

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """For each input and each of its axes the cells that a cell of an output is computed from: its receptive field.

        In evaluation mode, of an inner cell. None for an input of which only the sizes are taken. By default every
        cell, but for what is ``elementwise``.
        """
        return tuple(pointwise(x, output) if self.elementwise else everything(x) for x in inputs)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """What autograd keeps for the gradients: by default what ``saves`` says; an input that the op writes into is
        copied before."""
        if self.mutates and self.saves == ("inputs",):
            return Saved(made=(Made(product(inputs[0].dims), inputs[0].dtype, training=True),))
        own = range(len(inputs)) if "inputs" in self.saves else ()
        return Saved(tuple(own), tuple(range(len(outputs))) if "outputs" in self.saves else ())

    def shares(self, inputs: tuple[TensorType, ...], training: bool) -> bool:
        """Whether its output has the memory of its first input, and takes none of its own."""
        return self.mutates or self.aliases

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        """Every constructor argument with its value, as attributes of the torch module show it."""
        return {**self.inferred(*inputs), **self.model_dump()}

    @property
    def mutates(self) -> bool:
        """Writes its result into its first input."""
        return bool(self.__dict__.get("inplace"))  # pydantic keeps fields there; its own getattr is slow

    @property
    def aliases(self) -> bool:
        """Its output may share memory with its first input (views, identity)."""
        return self.mutates

    def torch_name(self, *inputs: TensorType) -> str:
        """The name of the torch class, as diagrams and tables show it: ``Conv3d``; of a function its own."""
        rank = f"{inputs[0].rank - 2}d" if self.spatial else ""
        return type(self).__name__ + rank

    def lower(self, *inputs: TensorType) -> TorchCall:
        """How torch is called: by default the constructor with what is inferred, required, or not the default."""
        given, others = self.given()
        return TorchCall(f"nn.{self.torch_name(*inputs)}", (*self.inferred(*inputs).values(), *given.values()), others)

    def invoke(self, *inputs: TensorType) -> ModuleCall:
        """How the module is called on its tensors, and what comes back: by default ``module(x, y)``."""
        return PLAIN_CALL

    def given(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The required attributes, and those that differ from their default."""
        required, defaults = fields_of(type(self))
        values = self.__dict__
        return {n: values[n] for n in required}, {n: values[n] for n, d in defaults.items() if values[n] != d}


class Child(NamedTuple):
    """A module that a composite op holds, by its label, with the types of what goes into it.

    ``name`` is that of the op in a spec, by which policies select it.
    """

    label: str
    name: str
    op: Op
    inputs: tuple[TensorType, ...]


def weights_beneath(children: Iterable[Child]) -> tuple[Weight, ...]:
    """The weights of a composite op's modules, under their labels: ``out_proj.weight``."""
    found = ((child.label, weight) for child in children for weight in child.op.weights(*child.inputs))
    return tuple(Weight(f"{label}.{w.name}", w.shape, w.kind, w.dtype) for label, w in found)


@lru_cache(512)
def fields_of(op: type[Op]) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """The required attributes of an op, and the others with their defaults."""
    fields = op.model_fields
    required = tuple(n for n, f in fields.items() if f.is_required())
    return required, {n: f.get_default() for n, f in fields.items() if n not in required}


def per_axis(value: int | tuple[int, ...], axes: int, attribute: str) -> tuple[int, ...]:
    """Spread an int over the axes; refuse a tuple of another length."""
    if isinstance(value, int):
        return (value,) * axes
    check_axes(value, axes, attribute)
    return value


def check_axes(value: tuple[object, ...], axes: int, attribute: str) -> None:
    if len(value) != axes:
        entries = "1 entry" if len(value) == 1 else f"{len(value)} entries"
        spatial = "1 spatial axis" if axes == 1 else f"{axes} spatial axes"
        listed = "one_entry" if len(value) == 1 else None
        message = f"{attribute} has {entries}, but the input has {spatial}"
        meant = _for_axes(value, axes)
        help_ = "one entry per axis from axis 2" + (f", or one number for all: `{attribute}={meant}`" if meant else "")
        change = contract.Change(argument=attribute, value=meant) if meant else None
        raise Refused(message, help=help_, attribute=attribute, listed=listed, change=change)


def _for_axes(value: tuple[Any, ...], axes: int) -> str:
    """A tuple of another length as it may be meant: one number for all, or without the time that stays as it is."""
    left = value[1:] if len(value) == axes + 1 and value[0] == 1 else value
    if len(set(left)) == 1 and isinstance(left[0], (int, float)):
        return f"{left[0]:g}" if isinstance(left[0], float) else str(left[0])
    return str(left) if len(left) == axes else ""


def float_input(op: Op, x: TensorType, operand: int = 0) -> None:
    """Refuse int and bool tensors."""
    if x.dtype != "float":
        name = op.torch_name(x) if op.is_module and x.rank > 1 else type(op).__name__
        help_ = f"declare its input as float, without `{x.dtype}`, and convert before it"
        raise Refused(f"{name} takes a float tensor, got {shown(x)}", help=help_, operand=operand, listed="dtype")


def spatial_input(op: Op, x: TensorType) -> int:
    """The number of spatial axes of an input ``[batch, channels, *spatial]``; refuse other ranks and dtypes."""
    check_rank(type(op), type(op).__name__, None, x)
    float_input(op, x)
    return x.rank - 2


def check_rank(op: type[Op], name: str, axes: int | None, x: TensorType) -> None:
    """Refuse an input whose rank ``name`` (``Conv3d``, or ``Conv`` with ``axes`` None) does not take."""
    ranks = op.ranks(axes)
    if ranks is None or x.rank in ranks:
        return
    spatial = {None: "1 to 3 spatial axes", 1: "1 spatial axis"}.get(axes, f"{axes} spatial axes")
    listed = "unbatched" if x.rank + 1 in ranks else "other_rank"
    message = f"{name} takes [batch, channels, {spatial}], got {shown(x)} of rank {x.rank}"
    help_, change = _of_other_rank(op, name, axes, x)
    raise Refused(message, help=help_, operand=0, listed=listed, change=change)


def _of_other_rank(op: type[Op], name: str, axes: int | None, x: TensorType) -> tuple[str, contract.Change | None]:
    """What may be meant where an input has another rank: the op for that rank, a channel axis, or no flattening."""
    any_rank = op.ranks(None) or ()
    if axes is not None and x.rank + 1 == axes + 2 and x.rank > 2 and isinstance(x.dims[0], int):
        return f"axis 0 is the batch: if it is missing, declare the input as `[B, {', '.join(map(str, x.dims))}]`", None
    if axes is not None and x.rank in any_rank and (x.rank != 3 or isinstance(x.channels, int)):
        other = f"{name[:-2]}{max(x.rank - 2, 1)}d"
        return f"`{other}` takes this input, `{name[:-2]}` any number of axes", contract.Change(name=other)
    if x.rank + 1 in (op.ranks(axes) or ()) and x.rank > 2:
        axis = "b h w" if x.rank == 3 else "b t h w"
        if isinstance(x.dims[0], int):
            return "its axis 0 is the batch: declare the input with one, `[B, …]`", None
        pattern = f'rearrange("{axis} -> {axis.replace("b", "b 1", 1)}")'
        help_ = f"axis 1 holds the channels: `{pattern}` adds it, or declare the input so"
        return help_, contract.Change(before=pattern)
    return ("put it before `flatten()`, which leaves [batch, features]" if x.rank == 2 else ""), None


def known(size: Size, op: Op, what: str = "channels", help: str = "", change: contract.Change | None = None) -> int:
    """A size that decides about weights: an int, or refused."""
    if isinstance(size, int):
        return size
    message = f"{type(op).__name__} needs to know the {what} of its input, but they are open: {shown(size)}"
    raise Refused(message, help=help, operand=0, change=change)
