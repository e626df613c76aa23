"""The checks at a network's door: plain ``if … raise ValueError``, which scripting, compiling and exporting keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from netspec.dims import Condition, Dim, Size, symbols_of
from netspec.dims.nearest import Progression, progression
from netspec.graph import Graph, Node
from netspec.pytorch.layout import INDENT, WIDTH
from netspec.pytorch.names import place, plain
from netspec.pytorch.sizes import UnreadableError, condition_text, negated, size_text
from netspec.source import Span
from netspec.types import TensorType

#: A piece of a message: a text, or ``(code,)`` whose value is put in.
Piece = str | tuple[str]


def door_lines(graph: Graph, variables: Sequence[str]) -> list[str]:
    """The statements that check the inputs, which stand in ``variables``, before anything runs."""
    types = [n.types[0] for n in graph.definition.inputs]
    symbols = open_sizes(types, variables)
    lines: list[str] = []
    for node, variable in zip(graph.definition.inputs, variables, strict=True):
        lines += _input_lines(graph.name, node, variable, symbols)
    for symbol, (least, span) in graph.minimums.items():
        lines += _need_lines(graph.name, Condition(_symbol(symbol), ">=", least), f"{symbol} >= {least}", symbols, span)
    for contract in graph.definition.contracts:
        lines += _need_lines(graph.name, contract.condition, contract.text, symbols, contract.span)
    return lines


def open_sizes(types: Sequence[TensorType], variables: Sequence[str]) -> dict[str, str]:
    """The code that reads each open size, from the first axis that is just that size."""
    found: dict[str, str] = {}
    for variable, type_ in zip(variables, types, strict=True):
        for axis, size in enumerate(type_.dims):
            if isinstance(size, Dim) and str(size) in size.symbols:
                found.setdefault(str(size), f"{variable}.shape[{axis}]")
    return found


def _input_lines(network: str, node: Node, variable: str, symbols: Mapping[str, str]) -> Iterator[str]:
    type_ = node.types[0]
    taken: tuple[Piece, ...] = (
        f"{node.name} is ",
        (f"list({variable}.shape)",),
        f"; {network} takes {_sizes(type_)}: ",
    )
    yield from _check(
        f"{variable}.dim() != {type_.rank}",
        (*taken, f"it must have {_count(type_.rank)}, got ", (f"{variable}.dim()",)),
        node.span,
    )
    for axis, size in enumerate(type_.dims):
        got = f"{variable}.shape[{axis}]"
        try:
            wanted = size_text(size, symbols)[0]
        except UnreadableError:
            continue  # a size in which an open one is computed, not read
        if wanted == got:
            continue
        value: tuple[Piece, ...] = (str(size),) if isinstance(size, int) else (f"{size} = ", (wanted,))
        yield from _check(
            f"{got} != {wanted}", (*taken, f"{axis_name(type_, axis)} must be ", *value, ", got ", (got,)), node.span
        )


def _need_lines(network: str, condition: Condition, text: str, symbols: Mapping[str, str], span: Span) -> Iterator[str]:
    """``H is 250; UNet needs H % 16 == 0``."""
    try:
        code = condition_text(negated(condition), symbols)
    except UnreadableError:
        return  # proven of the sizes that can be read, or of none
    names = sorted(symbols_of(condition.left) | symbols_of(condition.right))
    pieces: list[Piece] = []
    for name in names:
        pieces += [", " if pieces else "", f"{name} is ", (symbols[name],)]
    need = f"; {network} needs {text}"
    found = progression(condition)
    if found is None:
        yield from _check(code, (*pieces, need), span)
    else:
        yield from _check_nearest(code, (*pieces, f"{need}: "), found, symbols[names[0]], span)


def _check_nearest(code: str, said: tuple[Piece, ...], sizes: Progression, size: str, span: Span) -> Iterator[str]:
    """``…: pad to 256 or crop to 240``; below the least size that fits there is nothing to crop to."""
    above = f"{size} + ({sizes.least} - {size}) % {sizes.step}"
    below = f"{size} - ({size} - {sizes.least}) % {sizes.step}"
    lines = list(_check(code, (*said, "pad to ", (above,), " or crop to ", (below,)), span))
    yield lines[0]
    if sizes.least > 1:
        small = _check(f"{size} < {sizes.least}", (*said, f"pad to {sizes.least}"), span)
        yield from (INDENT + line for line in small)
    yield from lines[1:]


def _check(code: str, message: Sequence[Piece], span: Span) -> Iterator[str]:
    """One check; the line that a traceback shows names the spec's line."""
    yield f"if {code}:"
    whole = f"{INDENT}raise ValueError({_f_string(message)})"
    if len(whole) <= WIDTH - 2 * len(INDENT):
        yield f"{whole}  # {place(span)}"
        return
    cut = next((n for n, p in enumerate(message) if isinstance(p, str) and p.endswith(": ")), len(message) - 1) + 1
    yield f"{INDENT}raise ValueError(  # {place(span)}"
    for part in (message[:cut], *_short(message[cut:])):
        yield INDENT * 2 + _f_string(part)
    yield f"{INDENT})"


def _short(message: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """A message in parts that fit their lines, as far as its pieces allow; none of an empty one."""
    start = 0
    for end in range(1, len(message) + 1):
        if end == len(message) or len(_f_string(message[start : end + 1])) > WIDTH - 4 * len(INDENT):
            yield message[start:end]
            start = end


def _f_string(pieces: Sequence[Piece]) -> str:
    """An f-string of checked code and of texts without braces, quotes and backslashes."""
    parts = [f"{{{p[0]}}}" if isinstance(p, tuple) else _quoted(p) for p in pieces]
    return f'f"{"".join(parts)}"'


def _quoted(text: str) -> str:
    return plain(text).translate({ord("{"): "(", ord("}"): ")", ord('"'): "'", ord("\\"): "/"})


def axis_name(type_: TensorType, axis: int) -> str:
    """``channels`` for axis 1 of an image, clip or signal; else ``axis 2``."""
    return "channels" if axis == 1 and type_.rank >= 3 and type_.dtype == "float" else f"axis {axis}"


def _count(rank: int) -> str:
    return "1 axis" if rank == 1 else f"{rank} axes"


def _sizes(type_: TensorType) -> str:
    return f"[{', '.join(map(str, type_.dims))}]"


def _symbol(name: str) -> Size:
    from netspec.dims import symbol

    return symbol(name)
