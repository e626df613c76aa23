"""One tensor where several are bound: how it is taken apart."""

from __future__ import annotations

from netspec.diagnostics import Edit, Help
from netspec.elaborate.values.kinds import Tensor
from netspec.source import Span


def taken_apart(tensor: Tensor, count: int, written: Span) -> Help:
    """``q, k, v = y``: the members along axis 0, or the parts of another axis that come out even."""
    dims = tensor.type.dims
    if dims and dims[0] == count:
        end = Span(written.source, written.end, written.end)
        return Help("a tensor is taken apart by `unbind`, along axis 0: `… -> unbind()`", Edit(end, " -> unbind()"))
    even = [axis for axis, size in enumerate(dims) if axis and isinstance(size, int) and size % count == 0]
    if even:
        return Help(f"`chunk(x, {count}, axis={even[-1]})` cuts a tensor into equal parts")
    return Help(f"`chunk(x, {count}, axis=1)` cuts a tensor into equal parts, `unbind(x)` gives its members")
