"""Inputs of blocks and networks: their shapes and open sizes."""

from __future__ import annotations

from typing import Any, NoReturn, get_args

from netspec.diagnostics import Diagnostic, Edit, Help, Label, Mistake, appended, did_you_mean, mistake
from netspec.dims import Condition, Dim, symbol
from netspec.elaborate.advice.changes import before_step
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.blocks.drawings import drawings
from netspec.elaborate.proofs.contracts import run_contracts
from netspec.elaborate.proofs.deciding import decided
from netspec.elaborate.proofs.obligations import defer, may_hold, note
from netspec.elaborate.scopes import dim_name
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int
from netspec.elaborate.values.evaluation import evaluate, spread
from netspec.elaborate.values.kinds import UNKNOWN, Family, Tensor
from netspec.elaborate.values.words import bounded, kind
from netspec.graph import InputPort
from netspec.source import Span
from netspec.syntax import ast
from netspec.types import DType, TensorType

DTYPES: tuple[str, ...] = get_args(DType)


def input_(statement: ast.Input, frame: Frame) -> bool:
    """Bind an input: declared for a network, matched against what the caller gives for a block."""
    draft = frame.draft
    assert draft is not None
    if statement.dtype is not None and statement.dtype not in DTYPES:
        help_ = did_you_mean(statement.dtype, DTYPES) or "the dtypes are float, int and bool"
        mistake("NS211", f"unknown dtype `{statement.dtype}`", statement.span, help=help_)
    _check_first(statement, draft)
    if draft.given is None:
        type_ = _declare(statement, frame)
        if type_ is None:
            frame.names[statement.name] = UNKNOWN
            return False
        frame.names[statement.name] = _port(statement, statement.name, type_, draft, frame)
    else:
        _receive(statement, draft, frame)
    run_contracts(statement, draft, frame)
    return True


def _check_first(statement: ast.Input, draft: Draft) -> None:
    """Each input has a name of its own."""
    place = statement.name_span
    first = draft.inputs.get(statement.name)
    draft.inputs[statement.name] = place
    if first is not None:
        related = [Label(first, "first here")] if first != place else []
        again = "" if related else "again, in a later turn of the loop"
        mistake("NS205", f"two inputs are named `{statement.name}`", place, again, related=related)


def _port(statement: ast.Input, name: str, type_: TensorType, draft: Draft, frame: Frame) -> Tensor:
    port = InputPort(name, "" if statement.family else _written(statement))
    drawn = drawings(statement.annotations, frame)
    (tensor,) = draft.add(name, port, (), (type_,), statement.name_span, drawings=drawn)
    draft.note_sizes(tensor)
    return tensor


def _written(statement: ast.Input) -> str:
    """The declared shape as it is written: ``int[B, L]``."""
    if statement.dims is None:
        return ""
    return f"{statement.dtype or ''}[{', '.join(d.span.text for d in statement.dims)}]"


def _dtype(statement: ast.Input) -> DType:
    return statement.dtype or "float"  # type: ignore[return-value]


# --------------------------------------------------------------------------------------------------- networks


def _declare(statement: ast.Input, frame: Frame) -> TensorType | None:
    """The type that a network declares; None where a size is unknown."""
    if statement.family:
        mistake("NS302", "a network's input cannot be a family", statement.span, help="declare one input per tensor")
    if statement.dims is None:
        name = statement.name
        mistake("NS302", f"the network's input `{name}` needs its shape", statement.name_span,
                help=Help(f"`input {name}: [B, 3, H, W]`: numbers are fixed sizes, capital names open ones",
                          appended(statement.name_span, ": [B, 3, H, W]")))  # fmt: skip
    dims: list[Any] = []
    for dim in statement.dims:
        dims += _open_star(dim, frame, None) if isinstance(dim, ast.Star) else [_declared_size(dim, frame)]
    return None if any(d is UNKNOWN for d in dims) else TensorType(_dtype(statement), tuple(dims))


def _declared_size(dim: ast.Expr, frame: Frame) -> Any:
    name = _open_name(dim, frame)
    if name is not None:
        _name_symbol(name, dim.span, frame)
        frame.names[name] = symbol(name)
    return _size(evaluate(dim, frame), dim.span)


def _open_name(dim: ast.Expr | ast.Star, frame: Frame) -> str | None:
    """The capital name of an open size that is not bound yet; a constant of the file is no open size."""
    name = dim_name(dim)
    if name is None or name in frame.names:
        return None
    declared = frame.file.names.get(name)
    return None if declared and isinstance(declared[1], ast.Const) else name


def _name_symbol(name: str, span: Span, frame: Frame) -> None:
    """Two open sizes cannot have one name: the ``L1`` of ``*L[2]`` and an ``L1`` written out."""
    first = frame.session.symbols.setdefault(name, span)
    if first != span:
        mistake("NS205", f"two open sizes are named `{name}`", span, related=[Label(first, "first here")])


def _open_star(star: ast.Star, frame: Frame, given: tuple[Any, ...] | None) -> list[Any]:
    """``*L[n]``: n open sizes, or as many as are given; ``*level`` of a known list splices it."""
    value = star.value
    name = _open_name(star, frame) if isinstance(value, ast.Index) else None
    if name is None or not isinstance(value, ast.Index):
        return [_size(v, star.span) for v in spread(star, frame)]
    count = _count(value, frame)
    frame.session.charge(star.span, count)
    if given is not None:
        sizes = given[:count]
    else:
        numbered = [f"{name}{i + 1}" for i in range(count)]
        for each in numbered:
            _name_symbol(each, star.span, frame)
        sizes = tuple(map(symbol, numbered))
    frame.names[name] = sizes
    return list(sizes) + [UNKNOWN] * (count - len(sizes))


def _count(value: ast.Index, frame: Frame) -> int:
    first = value.indices[0]
    count: Any = None if isinstance(first, (ast.Slice, ast.Star, ast.Dots)) else evaluate(first, frame)
    if not is_int(count) or count < 0 or len(value.indices) != 1:
        mistake("NS207", f"the number of sizes is an int, not {kind(count)}", value.span, help="`*L[2]` is two sizes")
    return int(count)


#: What stands for any size elsewhere: None and -1.
_OPEN = "an open size has a name with a capital: `[B, 3, H, W]`"


def _size(value: Any, span: Span) -> Any:
    if isinstance(value, Dim) or value is UNKNOWN:
        return value
    if not is_int(value):
        help_ = _OPEN if value is None else ""
        mistake("NS207", f"a size is an int or an open size, not {kind(value)}", span, help=help_)
    if value < 1:
        mistake("NS304", f"a size of {value}", span, "every size is at least 1", help=_OPEN if value == -1 else "")
    return value


# --------------------------------------------------------------------------------------------------- blocks


def _receive(statement: ast.Input, draft: Draft, frame: Frame) -> None:
    given = draft.given
    assert given is not None
    if statement.family:
        _receive_family(statement, draft, frame)
        return
    if given and isinstance(given[0], tuple):
        given[:1] = list(given[0])
    if not given:
        mistake(
            "NS305",
            f"`{draft.name}` takes more tensors: `{statement.name}` is not given",
            draft.call or statement.span,
            related=[Label(statement.name_span, "declared here")],
            help="give several tensors in a list: `(a, b) -> …`",
        )
    type_ = given.pop(0)
    assert isinstance(type_, TensorType)
    tensor = _port(statement, statement.name, type_, draft, frame)
    frame.names[statement.name] = tensor
    if statement.dims is not None:
        _match(statement, statement.dims, type_, frame)


def _receive_family(statement: ast.Input, draft: Draft, frame: Frame) -> None:
    """A family takes a family as it is, else all tensors that are left."""
    given = draft.given
    assert given is not None
    first = given[0] if given else ()
    types = first if isinstance(first, tuple) else tuple(t for t in given if isinstance(t, TensorType))
    given[: 1 if isinstance(first, tuple) else len(types)] = []
    ports = [_port(statement, f"{statement.name}_{i}", t, draft, frame) for i, t in enumerate(types)]
    frame.names[statement.name] = Family(dict(enumerate(ports)), statement.name_span)


def _match(statement: ast.Input, dims: tuple[ast.Expr | ast.Star, ...], type_: TensorType, frame: Frame) -> None:
    """Bind the names of a block's input to the caller's sizes, and check what is fixed."""
    if type_.dtype != _dtype(statement):
        _refuse(statement, type_, frame, f"takes {_dtype(statement)} tensors")
    sizes = list(type_.dims)
    for position, dim in enumerate(dims):
        if isinstance(dim, ast.Star):
            rest = len(dims) - position - 1
            expected = _open_star(dim, frame, tuple(sizes[: max(0, len(sizes) - rest)]))
            _check_rank(len(expected) <= len(sizes), statement, type_, frame)
            for want in expected:
                _match_size(want, sizes.pop(0), statement, type_, frame)
            continue
        _check_rank(bool(sizes), statement, type_, frame)
        size = sizes.pop(0)
        name = _open_name(dim, frame)
        if name is not None:
            frame.names[name] = size
        else:
            _match_size(_size(evaluate(dim, frame), dim.span), size, statement, type_, frame, dim)
    _check_rank(not sizes, statement, type_, frame)


def _check_rank(holds: bool, statement: ast.Input, type_: TensorType, frame: Frame) -> None:
    if not holds:
        assert frame.draft is not None
        help_ = _flattened(statement, type_, frame.draft)
        raise Mistake(_refusal(statement, type_, frame, f"takes {_written(statement)}", help_))


def _match_size(want: Any, size: Any, statement: ast.Input, type_: TensorType, frame: Frame,
                dim: ast.Expr | None = None) -> None:  # fmt: skip
    if want is UNKNOWN or want is size:
        return
    session, condition = frame.session, Condition(want, "==", size)
    verdict = decided(condition, statement.span, session, session.domain)
    assert frame.draft is not None
    note(condition, verdict, frame.draft.name, frame.draft.call or statement.span, session, "demand")
    if verdict.truth != "always":
        found = f"size {bounded(str(want))} where it is given {bounded(str(size))}"
        refusal = _refusal(statement, type_, frame, f"takes {found}", _opened(dim, statement, frame))
        if not may_hold(condition, verdict):
            raise Mistake(refusal)
        defer([(condition, found)], refusal, session)


def _refuse(statement: ast.Input, type_: TensorType, frame: Frame, what: str) -> NoReturn:
    """The caller gives what the block does not take."""
    raise Mistake(_refusal(statement, type_, frame, what))


def _refusal(statement: ast.Input, type_: TensorType, frame: Frame, what: str, help: str = "") -> Diagnostic:
    draft = frame.draft
    assert draft is not None
    related = (Label(statement.span, f"`{statement.name}` is declared here"),)
    primary = Label(draft.call or statement.span, f"this is {type_}")
    return Diagnostic("NS302", f"`{draft.name}` {what}", primary, related, help=help)


def _opened(dim: ast.Expr | None, statement: ast.Input, frame: Frame) -> str:
    """A number in a block's input, in whose place an open name takes any size."""
    used = {name for d in statement.dims or () if (name := dim_name(d))} | frame.names.keys()
    free = next((n for n in ("C", "D", "E", "F") if n not in used), None)
    if not isinstance(dim, ast.Constant) or free is None:
        return ""
    return Help(f"an open name takes any size there: `{free}`", Edit(dim.span, free))


def _flattened(statement: ast.Input, type_: TensorType, draft: Draft) -> str:
    """A tensor of one cell per channel where a vector is taken."""
    takes_vectors = statement.dims is not None and len(statement.dims) == 2
    if not takes_vectors or type_.rank < 3 or any(size != 1 for size in type_.spatial):
        return ""
    edits = before_step("flatten()", draft.call) if draft.call else ()
    return Help("`flatten()` before it gives it [batch, channels]", *edits)
