"""The ``where`` clauses that would settle a network's obligations, and where to write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from netspec.diagnostics import Edit
from netspec.dims import Condition, Domain, decide
from netspec.dims.code import UnreadableError, condition_text
from netspec.dims.together import Share
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.session import Session
from netspec.source import Span
from netspec.syntax import ast


class Clause(NamedTuple):
    """A clause as a spec writes it, with the open sizes that it names and the conditions that it stands for."""

    text: str
    names: tuple[str, ...]
    conditions: tuple[Condition, ...]


def clauses_of(shares: Sequence[Share], conditions: Sequence[Condition], session: Session) -> list[Clause]:
    """The weakest clauses under which all conditions of some shares hold; none where they cannot be written."""
    found: list[Clause] = []
    for share in shares:
        own = tuple(dict.fromkeys(conditions[member] for member in share.members))
        text = _text(share, own, session)
        if not text:
            return []
        found.append(Clause(text, share.names, own))
    return found


def pair_of(clause: Clause, draft: Draft, session: Session) -> tuple[str, str] | None:
    """The open sizes of two inputs that a clause says are equal, ``L == M``, or the batch and another size; else None.

    The two sizes of one image, ``H == W``, are no such pair.
    """
    if len(clause.conditions) != 1 or clause.conditions[0].relation != "==":
        return None
    left, right = map(str, (clause.conditions[0].left, clause.conditions[0].right))
    if set(clause.names) != {left, right} or not set(clause.names) <= session.symbols.keys():
        return None
    owners = [s for name in (left, right) for s in _inputs(draft) if _declares(s, name, session)]
    different = len(owners) == 2 and owners[0] is not owners[1]
    return (left, right) if different or mixes_batch((left, right), draft) else None


def mixes_batch(pair: tuple[str, str], draft: Draft) -> bool:
    """Whether one of two sizes is the batch and the other one is not, so that nobody means them to be equal."""
    batches = {s.dims[0].id for s in _inputs(draft) if s.dims and isinstance(s.dims[0], ast.Name)}
    return len(batches.intersection(pair)) == 1


def _declares(statement: ast.Input, name: str, session: Session) -> bool:
    return statement.span.start <= session.symbols[name].start < statement.span.end


def _text(share: Share, conditions: tuple[Condition, ...], session: Session) -> str:
    """What a contract can say: comparisons of sizes that all must hold."""
    written = {name: _written(name, session) for name in session.symbols}
    holds = share.verdict.holds
    if len(share.names) == 1 and not re.search(r"\b(in|or)\b|\b(floor|ceil)\(", holds):
        return re.sub(r"[A-Za-z_]\w*", lambda m: written.get(m[0], m[0]), holds)
    try:
        return " and ".join(condition_text(c, written) for c in conditions)
    except UnreadableError:
        return ""


def _written(name: str, session: Session) -> str:
    """An open size as a clause names it: ``L[0]`` for the first of ``*L[2]``."""
    several = re.match(r"\*\s*([A-Za-z_]\w*)\s*\[", session.symbols[name].text)
    return f"{several[1]}[{int(name.removeprefix(several[1])) - 1}]" if several else name


# --------------------------------------------------------------------------------------------------- the place


def edits_of(clauses: Sequence[Clause], draft: Draft, session: Session) -> tuple[Edit, ...]:
    """What writes clauses into the network; none where their place is not known.

    A clause takes the place of one that it makes superfluous; else it follows what its input states.
    """
    edits: dict[Span, str] = {}
    for clause in clauses:
        replaced = _superfluous(clause, draft)
        statement = _statement(clause, draft, session)
        if replaced is not None:
            edits[replaced] = clause.text
        elif statement is None:
            return ()
        else:
            end = _end(statement)
            joint = ", " if statement.where or end in edits else " where "
            edits[end] = edits.get(end, "") + joint + clause.text
    return tuple(Edit(span, text) for span, text in edits.items())


def _superfluous(clause: Clause, draft: Draft) -> Span | None:
    """A stated clause, about the same sizes, that follows from a new one."""
    for span in dict.fromkeys(c.span for c in draft.contracts if c.kind == "stated"):
        stated = [c.condition for c in draft.contracts if c.span == span]
        if all(decide(condition, Domain(clause.conditions)).truth == "always" for condition in stated):
            return span
    return None


def _statement(clause: Clause, draft: Draft, session: Session) -> ast.Input | None:
    """The input that declares the last of a clause's sizes."""
    last = max((session.symbols[name].start for name in clause.names if name in session.symbols), default=-1)
    return next((s for s in _inputs(draft) if s.span.start <= last < s.span.end), None)


def _inputs(draft: Draft) -> Iterator[ast.Input]:
    return (s for s in draft.statements if isinstance(s, ast.Input) and s.dims)


def _end(statement: ast.Input) -> Span:
    """The empty span behind what an input declares."""
    assert statement.dims
    source, last = statement.span.source, statement.where[-1] if statement.where else statement.dims[-1]
    end = last.span.end if statement.where else source.text.index("]", last.span.end) + 1
    return Span(source, end, end)
