"""A plan as a table, as an error and as warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netspec.analysis import grid as grids
from netspec.analysis.grid import Grid
from netspec.pytorch.names import plain
from netspec.pytorch.weights.plan import PROBLEMS, WRITTEN, Entry, Fate, Plan, Tensor

HEAD = ("key", "shape", "how", "in the file")
#: How many keys of one problem are named outside the table.
NAMED = 12
#: Longest key that is shown in full.
_LONGEST = 160

_TITLES: dict[Fate, str] = {
    "kept": "Keep their values",
    "tied": "Tied to others",
    "missing": "Missing",
    "skipped": "Skipped",
    "unused": "Unused",
    "left out": "Left out",
}


def grid(plan: Plan, help: Sequence[str] | None = None) -> Grid:
    """One row per key, then totals, notes, what differs and what would help (the plan's own words without others).

    What comes from a file could steer a terminal: characters that cannot be shown become ``?``.
    """
    rows = tuple(tuple(map(plain, _cells(entry))) for entry in plan.entries)
    below = [*_totals(plan), *_remarks(plan, plan.help if help is None else help)]
    title = plain(f"{plan.checkpoint} into {plan.model}")
    return Grid(title, HEAD, rows, (False,) * len(HEAD), tuple(map(plain, below)))


def table(plan: Plan) -> str:
    """The plan as a plain table."""
    return grids.plain(grid(plan))


def counts(plan: Plan) -> str:
    """``265 of 318 keys load, 53 inflated, 2 unused``."""
    model = sum(e.target is not None for e in plan.entries)
    parts = [f"{len(plan.loaded)} of {model} keys load"]
    named = {"inflated": len(plan.inflated), "converted": len(plan.converted)}
    named |= {fate: len(plan.having(fate)) for fate in _TITLES}
    return ", ".join(parts + [f"{count} {name}" for name, count in named.items() if count])


def refusal(plan: Plan) -> str:
    """Why a strict loading was refused: all problems with their keys, as far as `NAMED`."""
    lines = [f"{plan.checkpoint} does not fit {plan.model}: nothing was loaded"]
    for fate in PROBLEMS:
        lines += _listed(plan, fate, "  ")
    lines += [f"  {n}" for n in _differing(plan)]
    lines += [f"  note: {n}" for n in plan.notes]
    return _joined(lines + [f"  help: {h}" for h in plan.help])


def warnings_of(plan: Plan, *, elsewhere: bool) -> Iterator[str]:
    """One text per class of problem of a loading that was not strict, and one for another architecture, unless the
    loading was asked for as one from ``elsewhere``.
    """
    for fate in PROBLEMS:
        if plan.having(fate):
            head, *rest = _listed(plan, fate, "")
            yield _joined([f"{plan.checkpoint}: {head}", *rest])
    if plan.differences and not elsewhere:
        head = f"{plan.checkpoint}: saved from another architecture than {plan.model}:"
        yield _joined([head, *_differing(plan)[1:]])


# ----------------------------------------------------------------------------------------------------- pieces


def _joined(lines: Sequence[str]) -> str:
    """Lines as a text. What comes from a file could steer a terminal: characters that cannot be shown become ``?``."""
    return "\n".join(map(plain, lines))


def key_text(key: str) -> str:
    """A key as messages show it."""
    text = plain(key)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _tensor(tensor: Tensor) -> str:
    return f"{key_text(tensor.key)} {list(tensor.shape)}"


def _cells(entry: Entry) -> tuple[str, ...]:
    target, source = entry.target, entry.source
    inside = ", ".join(text for text in (_inside(entry), entry.why) if text)
    if target is None:
        return "", "", entry.fate, inside
    how: str = entry.fate
    if entry.fate == "inflated":
        how += f" by {target.shape[2]}"
    if entry.converted and source:
        how += f", {source.dtype} to {target.dtype}"
    return key_text(target.key), str(list(target.shape)), how, inside


def _inside(entry: Entry) -> str:
    """The checkpoint's tensor, where it is not called and shaped as the model's."""
    target, source = entry.target, entry.source
    if source is None or (target and (source.key, source.shape) == (target.key, target.shape)):
        return ""
    return _tensor(source)


def _totals(plan: Plan) -> Iterator[str]:
    model = [e.target for e in plan.entries if e.target]
    written = [e.target for e in plan.having(*WRITTEN) if e.target]
    numbers, total = (sum(t.count for t in tensors) for tensors in (written, model))
    yield f"Loads: {len(written):,} of {len(model):,} keys, {numbers:,} of {total:,} numbers"
    if plan.inflated:
        yield f"Inflated: {len(plan.inflated):,}, repeated over time and divided by its length"
    if plan.converted:
        yield f"Converted: {len(plan.converted):,} to the model's dtype"
    for fate, title in _TITLES.items():
        if found := plan.having(fate):
            yield f"{title}: {len(found):,}"


def _remarks(plan: Plan, help: Sequence[str]) -> Iterator[str]:
    yield from (f"note: {note}" for note in plan.notes)
    yield from _differing(plan)
    yield from (f"help: {help_}" for help_ in help)


def _differing(plan: Plan) -> list[str]:
    """What differs from the architecture that the file was saved from, as far as `NAMED`."""
    if not plan.differences:
        return []
    return ["the file was saved from another architecture:", *_some([f"  {d}" for d in plan.differences], "  ")]


def _listed(plan: Plan, fate: Fate, indent: str) -> list[str]:
    """``3 keys of the model are missing in it:`` with the keys."""
    found = plan.having(fate)
    if not found:
        return []
    one = len(found) == 1
    heads: dict[Fate, str] = {
        "missing": f"{len(found)} key{'' if one else 's'} of the model {'is' if one else 'are'} missing in it",
        "skipped": f"{len(found)} tensor{'' if one else 's'} do{'es' if one else ''} not fit",
        "unused": f"{len(found)} of its keys {'is' if one else 'are'} not used",
    }
    return [f"{indent}{heads[fate]}:", *_some([f"{indent}  {_line(e)}" for e in found], f"{indent}  ")]


def _line(entry: Entry) -> str:
    target, source = entry.target, entry.source
    if target and source:
        why = "" if entry.why == "the shapes differ" else f": {entry.why}"
        return f"{_tensor(target)}, and {_tensor(source)} in the file{why}"
    tensor = target or source
    return f"{_tensor(tensor)}{f', {entry.why}' if entry.why else ''}" if tensor else ""


def _some(lines: Sequence[str], indent: str) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(lines) - NAMED
    return [*lines[:NAMED], f"{indent}… and {more} more"] if more > 1 else list(lines)
