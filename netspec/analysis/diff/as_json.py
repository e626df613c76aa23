"""A difference as JSON, for tools."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from netspec.analysis.diff.model import Change, Difference, Totals

#: Grows where a field changes its meaning or leaves; new fields may come at any time.
VERSION = 1


def as_json(difference: Difference) -> dict[str, Any]:
    """``{"version": 1, "same": false, "loads": true, "changes": […], …}``; open sizes are texts."""
    before, after = difference.totals
    return {
        "version": VERSION,
        "before": _network(difference, 0),
        "after": _network(difference, 1),
        "same": difference.same,
        "loads": difference.keys.load,
        "arguments": [_pair(*found) for found in difference.arguments],
        "changes": [_change(change) for change in difference.changes],
        "shapes": [_pair(*found) for found in difference.shapes],
        "other_shapes": difference.other_shapes,
        "cost": {"before": _totals(before), "after": _totals(after)},
        "keys": asdict(difference.keys),
    }


def _network(difference: Difference, side: int) -> dict[str, str]:
    graph = (difference.before, difference.after)[side]
    return {"network": graph.name, "source": next(iter(graph.sources), "")}


def _pair(name: str, was: str, now: str) -> dict[str, str]:
    return {"name": name, "before": was, "after": now}


def _change(change: Change) -> dict[str, Any]:
    facts = [{"name": f.name, "values": [{"before": was, "after": now} for was, now in f.values]} for f in change.facts]
    return {**asdict(change), "facts": facts}


def _totals(totals: Totals) -> dict[str, Any]:
    cost = totals.multiply_adds
    return {**asdict(totals), "multiply_adds": cost if isinstance(cost, int) else str(cost)}
