"""The way to the ops: everything here needs pydantic, which is imported when the first op is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netspec.ops.base import Op
    from netspec.ops.contract import Inferred, Refused
    from netspec.ops.registry import OpName
    from netspec.types import TensorType


def positional_names(op: type[Op]) -> tuple[str, ...]:
    """The attributes that may be given by position, in order."""
    from netspec.ops import binding

    return binding.positional_names(op)


def attribute_names(op: type[Op]) -> tuple[str, ...]:
    """All attributes that a spec may give, in order."""
    from netspec.ops import binding

    return binding.attribute_names(op)


def check_arguments(op: OpName, given: Collection[str]) -> Refused | None:
    """What is wrong with the attributes that are given, whatever their values."""
    from netspec.ops import binding

    return binding.check_arguments(op, 0, given)


def make(op: OpName, attributes: Mapping[str, object]) -> Op:
    """The op with these attributes. Raises `Refused`."""
    from netspec.ops import binding

    return binding.bind(op, (), attributes)


def accepts(op: OpName, attributes: Mapping[str, object]) -> bool:
    """Whether the op takes these attributes."""
    from netspec.ops.contract import Refused

    try:
        make(op, attributes)
    except Refused:
        return False
    return True


def choices(op: OpName, attribute: str) -> tuple[str, ...]:
    """The strings that an attribute may be."""
    from netspec.ops import binding

    return binding.choices(op.op, attribute)


def takes_list(op: OpName, attribute: str) -> bool:
    """Whether an attribute may be a list of numbers."""
    from netspec.ops import binding

    return binding.takes_list(op.op, attribute)


def infer(op: OpName, made: Op, inputs: Sequence[TensorType]) -> Inferred:
    """The shape rule. Raises `Refused`, and SizeTooLarge."""
    from netspec.ops import binding

    return binding.infer(op, made, inputs)
