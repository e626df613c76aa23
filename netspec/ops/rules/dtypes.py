"""Numbers: those of attributes, and which kinds of them go into an op and come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from netspec.ops.contract import Refused, shown
from netspec.types import DType, TensorType

#: The largest number of torch.float32; torch refuses attributes beyond it.
LARGEST = 3.4028234663852886e38
#: A float, also where an int is written: ``nn.Hardtanh(0, 6)`` could not be scripted.
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False, description="a number")]
#: An int or a float: an int keeps an int tensor what it is.
Scalar = Annotated[int | Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)],
                   Field(description="a number")]  # fmt: skip

Kinds = Mapping[DType, DType]
"""The dtypes that an op takes, each with the one that it gives."""

#: float alone
FLOAT: Kinds = {"float": "float"}
#: float and int, which stay
NUMBER: Kinds = {"float": "float", "int": "int"}
#: float and int, which becomes float
INT_TO_FLOAT: Kinds = {"float": "float", "int": "float"}
#: all; what is no float becomes one
TO_FLOAT: Kinds = {"float": "float", "int": "float", "bool": "float"}


def kind_of(name: str, x: TensorType, kinds: Kinds, listed: str | None = None) -> DType:
    """The dtype that an op gives; refuse those that it does not take."""
    if x.dtype in kinds:
        return kinds[x.dtype]
    message = f"{name} takes a {' or '.join(kinds)} tensor, got {shown(x)}"
    help_ = f"declare its input as {' or '.join(kinds)}, without `{x.dtype}`, and convert before it"
    raise Refused(message, help=help_, operand=0, listed=listed)
