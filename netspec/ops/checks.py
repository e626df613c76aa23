"""What a class must be to become an op."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from keyword import iskeyword

from netspec.ops.base import Op


def check_op(op: type[Op], names: Iterable[str], taken: Collection[str]) -> None:
    """Raise TypeError or ValueError with what is wrong with a class that shall be registered."""
    if not (isinstance(op, type) and issubclass(op, Op)):
        raise TypeError(f"an op is a class derived from netspec.ops.Op, got {op!r}")
    name = op.__name__
    if not (name.isascii() and name.isidentifier()) or iskeyword(name) or name.startswith("_"):
        raise ValueError(f"{name!r} cannot be the name of an op: take an ASCII identifier without a leading underscore")
    for each in names:
        if each in taken:
            raise ValueError(f"there is an op {each!r} already")
    if not (op.__doc__ or "").strip() or op.__doc__ == Op.__doc__:
        raise TypeError(f"{name} needs a docstring: shapes, formula, an example")
    if op.infer is Op.infer:
        raise TypeError(f"{name} needs a method `infer(self, *inputs) -> Inferred`: its shape rule")
    if op.lower is Op.lower:
        raise TypeError(f"{name} needs a method `lower(self, *inputs) -> TorchCall`: how torch is called")
