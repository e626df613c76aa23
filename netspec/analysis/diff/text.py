"""A difference as text: changes, shapes, cost, checkpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from netspec.analysis.diff.blocks import blocks_apart, steps_of
from netspec.analysis.diff.model import Change, Difference, Fact, Keys
from netspec.analysis.table import size_text
from netspec.dims import Size

SIGNS = {"added": "+", "removed": "-", "replaced": "~", "changed": "~", "renamed": ">"}
#: What the signs stand for.
WORDS = {"+": "added", "-": "removed", "~": "changed", ">": "renamed"}
NO_DIFFERENCE = "no difference"
#: Facts that need no name: another op, and the text of a call.
UNNAMED = ("op", "written")
#: How many places, values and keys are named before "and n more".
PLACES, VALUES, KEYS = 4, 6, 5
#: The longest pair of values that is written out.
VALUE = 60
#: A change stands on one line up to this length; longer lines are wrapped.
LINE = 110
#: The longest symbolic cost that is written out.
COST = 100


def text(difference: Difference) -> str:
    """What a reviewer reads first comes first: what was changed, then what follows from it."""
    parts = [
        list(_title(difference)),
        _changes(difference),
        _section("shapes", _shapes(difference)),
        _section("cost", _cost(difference)),
        _section("checkpoints", _checkpoints(difference.keys)),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def consequences(difference: Difference) -> tuple[str, ...]:
    """What follows in two lines: the parameters, and whether checkpoints still load."""
    before, after = difference.totals
    checkpoints = next(_checkpoints(difference.keys)).removesuffix(":")
    return f"parameters {_count(before.parameters, after.parameters)}", f"checkpoints {checkpoints}"


def _title(difference: Difference) -> Iterator[str]:
    names = [f"{g.name} ({next(iter(g.sources), '')})" for g in (difference.before, difference.after)]
    yield " -> ".join(dict.fromkeys(names))
    yield from (f"  {name}: {was or 'none'} -> {now or 'none'}" for name, was, now in difference.arguments)
    if difference.same:
        yield NO_DIFFERENCE


def _section(title: str, lines: Iterator[str]) -> list[str]:
    found = list(lines)
    return [title, *(f"  {line}" for line in found)] if found else []


# ----------------------------------------------------------------------------------------------------- changes


def _changes(difference: Difference) -> list[str]:
    """With the signs that occur: ``changes (+ added, ~ changed)``."""
    lines = list(_told(difference))
    words = (f"{sign} {word}" for sign, word in WORDS.items() if any(line.startswith(sign) for line in lines))
    return _section(f"changes ({', '.join(words)})", iter(lines))


def _told(difference: Difference) -> Iterator[str]:
    for change in difference.changes:
        yield from _change(change)
    for sign, graphs in (("+", (difference.after, difference.before)), ("-", (difference.before, difference.after))):
        for block in blocks_apart(*graphs):
            steps = [f"{count} x {name}" if count > 1 else name for name, count in steps_of(block).items()]
            yield from _wrapped(f"{sign} block {block.name}: {', '.join(_listed(steps, VALUES))}", "", "    ")


def _change(change: Change) -> Iterator[str]:
    """``~ in Unit: conv (Conv3d): out_channels 64 -> 32; at 53 places: …``; on several lines where that is long."""
    facts = list(map(fact_text, told_facts(change)))
    follows = [f"{change.parameters:+,} parameters"] if change.parameters else []
    if change.paths != change.labels and any(change.paths):
        follows.append(_places(change.paths))
    head = ": ".join(filter(None, [f"{SIGNS[change.kind]} in {change.block}", what_text(change)]))
    line = "; ".join([": ".join([head, *facts[:1]]), *facts[1:], *follows])
    if len(line) <= LINE:
        yield line
        return
    yield from _wrapped(head, "", "    ")
    for part in (*facts, *follows):
        yield from _wrapped(part, "    ", "      ")


def _wrapped(text: str, first: str, other: str) -> Iterator[str]:
    """Lines with indents; what stands in brackets is not cut."""
    whole = re.sub(r"[(\[][^()\[\]]*[)\]]", lambda found: found[0].replace(" ", "\xa0"), text)
    lines = wrap(whole, LINE, initial_indent=first, subsequent_indent=other, break_long_words=False)
    return (line.replace("\xa0", " ") for line in lines)


def told_facts(change: Change) -> tuple[Fact, ...]:
    """What is told after `what_text`."""
    return () if change.kind == "renamed" else change.facts


def what_text(change: Change) -> str:
    """``layer3.6 to layer3.22 (17 x Bottleneck3d)``, ``head -> classifier (Conv2d)``."""
    labels = ", ".join(_listed(runs(change.labels), PLACES))
    if change.kind == "renamed":
        labels = ", ".join(map(fact_text, (Fact("op", fact.values) for fact in change.facts)))
    if not labels:
        return change.what
    if change.kind == "replaced" or labels == change.what:
        return labels
    count = f"{len(change.labels)} x " if len(change.labels) > 1 else ""
    return f"{labels} ({count}{change.what})"


def fact_text(fact: Fact) -> str:
    """``kernel_size 3 -> 5``; what another op or block stands in has no name."""
    pairs = _listed([" -> ".join(_short(*pair)) for pair in fact.values], VALUES)
    return f"{'' if fact.name in UNNAMED else f'{fact.name} '}{', '.join(pairs)}"


def _short(was: str, now: str) -> tuple[str, ...]:
    """Long block values by their names, where these differ: ``ConvModule(…)``."""
    names = was.partition("(")[0], now.partition("(")[0]
    if len(was) + len(now) <= VALUE or names[0] == names[1]:
        return was, now
    return tuple(name if name == text else f"{name}(…)" for name, text in zip(names, (was, now), strict=True))


def _places(paths: Sequence[str]) -> str:
    where = ", ".join(_listed(runs(paths), PLACES))
    return f"at {len(paths)} places: {where}" if len(paths) > 1 else f"at {where}"


def runs(paths: Sequence[str]) -> list[str]:
    """Paths that differ in one number which counts up as one: ``layer3.6 to layer3.22``.

    >>> runs(["layer3.6", "layer3.7", "layer3.8", "fc"])
    ['layer3.6 to layer3.8', 'fc']
    """
    found: list[list[str]] = []
    for path in paths:
        if found and _follows(found[-1][-1], path):
            found[-1].append(path)
        else:
            found.append([path])
    return [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in found]


def _follows(path: str, after: str) -> bool:
    a, b = (re.split(r"(\d+)", text) for text in (path, after))
    differing = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) != len(b) or len(differing) != 1 or differing[0] % 2 == 0:
        return False
    return int(b[differing[0]]) == int(a[differing[0]]) + 1


def _listed(texts: Sequence[str], most: int) -> list[str]:
    more = len(texts) - most
    return [*texts[:most], f"and {more} more"] if more > 0 else list(texts)


# ----------------------------------------------------------------------------------------------------- what follows


def _shapes(difference: Difference) -> Iterator[str]:
    width = max((len(name) for name, _, _ in difference.shapes), default=0)
    yield from (f"{name:{width}}  {was or 'none'} -> {now or 'none'}" for name, was, now in difference.shapes)
    if count := difference.other_shapes:
        layers = "1 layer takes or gives" if count == 1 else f"{count} layers take or give"
        yield f"{layers} other shapes and {'is' if count == 1 else 'are'} otherwise as before"


def _cost(difference: Difference) -> Iterator[str]:
    before, after = difference.totals
    yield "parameters     " + _count(before.parameters, after.parameters)
    if (before.trainable, after.trainable) != (before.parameters, after.parameters):
        yield "trainable      " + _count(before.trainable, after.trainable)
    yield "bytes          " + _count(before.bytes, after.bytes)
    yield "multiply-adds  " + _multiply_adds(before.multiply_adds, after.multiply_adds)


def _count(before: int, after: int) -> str:
    if before == after:
        return f"{before:,}, as before"
    share = f" ({100 * (after - before) / before:+.1f} %)" if before else ""
    return f"{before:,} -> {after:,}: {after - before:+,}{share}"


def _multiply_adds(before: Size, after: Size) -> str:
    if isinstance(before, int) and isinstance(after, int):
        return _count(before, after)
    if before == after:
        return "as before, for every input size"
    texts = size_text(before), size_text(after)
    if len(" -> ".join(texts)) <= COST:
        return " -> ".join(texts)
    return "differ; give the shapes of the inputs for numbers"


def _checkpoints(keys: Keys) -> Iterator[str]:
    if keys.load:
        yield f"load as before: {_counted(keys.kept)}"
        if keys.reordered:
            yield "states of optimisers do not: the parameters are registered in another order"
        return
    if keys.renames:
        yield f"load under other keys, {len(keys.renames)} paths are renamed:"
        yield from _listed([f'  "{was}.**": "{now}.**"' for was, now in keys.renames], KEYS)
        return
    counts = {"added": keys.added, "removed": keys.removed, "reshaped": keys.reshaped, "of another dtype": keys.retyped}
    yield "do not load: " + ", ".join(f"{_counted(len(k))} {name}" for name, k in counts.items() if k)
    yield from _listed([f"+ {key} {list(shape)}" for key, shape in keys.added], KEYS)
    yield from _listed([f"- {key} {list(shape)}" for key, shape in keys.removed], KEYS)
    yield from _listed([f"~ {key} {list(was)} -> {list(now)}" for key, was, now in keys.reshaped], KEYS)
    yield from _listed([f"~ {key} {was} -> {now}" for key, was, now in keys.retyped], KEYS)


def _counted(keys: int) -> str:
    return f"{keys:,} key{'' if keys == 1 else 's'}"
