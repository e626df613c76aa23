"""What would make more of a checkpoint fit, found by trying."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.plan import Advice, Plan
from netspec.pytorch.weights.renaming import Rename, Renamed, renamed
from netspec.pytorch.weights.state import ModelState
from netspec.pytorch.weights.tables import TABLES

#: Longest key of which a rule is proposed.
LONGEST = 120


def advice(plan: Plan, model: ModelState, names: Renamed, rename: Rename) -> Iterator[Advice]:
    """What to try for a plan that is not complete."""
    slots = {slot.tensor.key: slot for slot in model.slots}
    pairs = ((slots[e.target.key], e.source) for e in plan.having("skipped") if e.target and e.source)
    if any(slot.inflates(source) for slot, source in pairs):
        does = "repeats 2-D weights over time and divides them by its length"
        yield Advice('inflate="2d"', "--inflate 2d", does)
    now = [name for name in names.names.values() if name]
    if plan.missing:
        yield from _table(names.names, now, set(slots)) or ([] if rename else _prefix(now, slots))
    else:
        yield from _leave_out([names.names[key] or key for key in plan.unused], rename)
    if plan.loaded and len(plan.loaded) >= len(plan.skipped):
        yield Advice("strict=False", "", "loads what fits")


def _table(keys: Collection[str], now: Collection[str], aims: set[str]) -> list[Advice]:
    """The table by which most keys meet, where they are more than now."""
    met = {name: _met(keys, name, aims) for name in TABLES}
    best = max(met, key=lambda name: met[name])
    if met[best] <= len(aims.intersection(now)):
        return []
    return [Advice(f'rename="{best}"', f"--rename {best}", f"makes {met[best]} of {len(aims)} keys meet")]


def _met(keys: Collection[str], table: str, aims: set[str]) -> int:
    """How many keys meet after a renaming."""
    try:
        return len(aims.intersection(name for name in renamed(keys, table).names.values() if name))
    except WeightsError:
        return 0


def _prefix(keys: Collection[str], aims: Collection[str]) -> list[Advice]:
    """What to do about a first part that the keys on one side have, and those on the other have not."""
    if first := _first_part(keys, aims):
        return [_rules({f"{first}.**": "**"}, f"takes `{first}.` from the keys of the file")]
    if first := _first_part(aims, keys):
        return [_rules({"**": f"{first}.**"}, f"puts `{first}.` before the keys of the file, as the model has it")]
    return []


def _rules(rules: Mapping[str, str | None], does: str, *, further: bool = False) -> Advice:
    """A mapping of patterns; ``further`` after a renaming that was given."""
    written = ", ".join(f'"{old}": ' + ("None" if new is None else f'"{new}"') for old, new in rules.items())
    options = " ".join("--rename " + shlex.quote(f"{old}={new or ''}") for old, new in rules.items())
    return Advice(f"rename=[…, {{{written}}}]" if further else f"rename={{{written}}}", options, does)


def _first_part(here: Collection[str], there: Collection[str]) -> str:
    """The first part without which most keys meet, else the one that all have; empty where there is none."""
    here = [key for key in here if _is_plain(key)]
    meeting = Counter(first for first, _, rest in (key.partition(".") for key in here) if rest in there)
    if meeting:
        return meeting.most_common(1)[0][0]
    heads, others = ({key.partition(".")[0] for key in side} for side in (here, there))
    return heads.pop() if len(heads) == 1 and len(here) > 1 and not heads & others else ""


def _leave_out(keys: Collection[str], rename: Rename) -> list[Advice]:
    """The rules that leave keys out."""
    parts = (key.partition(".") for key in keys if _is_plain(key))
    patterns = list(dict.fromkeys(f"{head}.**" if dot else head for head, dot, _ in parts))[:3]
    return [_rules(dict.fromkeys(patterns), "leaves them out", further=bool(rename))] if patterns else []


def _is_plain(key: str) -> bool:
    """Whether a key can stand in a rule that is proposed."""
    return len(key) <= LONGEST and key.isprintable() and not set(key) & set('"*{}\\')
