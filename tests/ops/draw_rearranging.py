"""Draws matmul, expand and patterns of rearrange."""

from __future__ import annotations

from typing import Any

from tests.ops.case import Case, Rng, Spoil, any_shape, drop, other_dtype, unknown
from tests.ops.draw_functions import other_size


def matmul(rng: Rng, name: str) -> Case:
    batch = any_shape(rng)[:3]
    n, k, m = (rng.randint(1, 5) for _ in range(3))
    gates = [tuple(1 if rng.random() < 0.15 else s for s in batch) for _ in range(2)]
    return Case(name, {}, [(*gates[0], n, k), (*gates[1], k, m)])


def other_rows(rng: Rng, case: Case) -> None:
    *batch, rows, columns = case.shapes[1]
    case.shapes[1] = (*batch, rows + rng.randint(1, 3), columns)


def one_tensor(rng: Rng, case: Case) -> None:
    del case.shapes[1], case.dtypes[1]


def fewer_axes(rng: Rng, case: Case) -> None:
    """A vector or a single matrix on one side, which torch may spread."""
    index = rng.randrange(2)
    case.shapes[index] = case.shapes[index][-rng.randint(1, 2) :]


MATMUL = [other_rows, other_rows, other_rows, other_size, one_tensor, fewer_axes, other_dtype]


def expand(rng: Rng, name: str) -> Case:
    shape = tuple(1 if rng.random() < 0.4 else s for s in any_shape(rng))
    size: list[Any] = [rng.randint(1, 4) if s == 1 and rng.random() < 0.7 else rng.choice((s, -1)) for s in shape]
    new = [rng.randint(1, 3) for _ in range(rng.choice((0, 0, 1, 2)))]
    return Case(name, {"size": (*new, *size)}, [shape], [rng.choice(("float", "int", "bool"))])


def wrong_entry(rng: Rng, case: Case) -> None:
    size = list(case.kwargs["size"]) or [1]
    size[rng.randrange(len(size))] = rng.choice((6, 7, -2, 0, "a", 1.5))
    case.kwargs["size"] = tuple(size)


def too_short(rng: Rng, case: Case) -> None:
    case.kwargs["size"] = case.kwargs["size"][: max(len(case.shapes[0]) - 1, 0)]


def unknown_new(rng: Rng, case: Case) -> None:
    case.kwargs["size"] = (-1, *(-1 for _ in case.shapes[0]))


EXPAND: list[Spoil] = [wrong_entry, wrong_entry, too_short, unknown_new, drop("size"), unknown]


# ------------------------------------------------------------------------------------------------ rearrange


def rearrange(rng: Rng, name: str) -> Case:
    """Axes with sizes, grouped in one way before and in another after; each split is given all sizes but one."""
    sizes = {n: rng.randint(1, 4) for n in rng.sample(["b", "c", "h", "w", "t", "x2", "some_axis"], rng.randint(0, 5))}
    left, right = _groups(rng, list(sizes)), _groups(rng, rng.sample(list(sizes), len(sizes)))
    shape = [_product(sizes[n] for n in group) for group in left]
    given = {n for group in left if len(group) > 1 for n in rng.sample(group, len(group) - (rng.random() < 0.7))}
    given |= {n for n in sizes if rng.random() < 0.1}
    before, after = list(map(_written, left)), list(map(_written, right))
    if rng.random() < 0.3:
        unnamed = [rng.randint(1, 3) for _ in range(rng.randint(0, 2))]
        place = rng.randint(0, len(before))
        before.insert(place, "...")
        shape[place:place] = unnamed
        after.insert(rng.randint(0, len(after)), rng.choice(("...", "(...)")))
    kwargs = {"pattern": f"{' '.join(before)} -> {' '.join(after)}", **{n: sizes[n] for n in sizes if n in given}}
    return Case(name, kwargs, [tuple(shape)], [rng.choice(("float", "float", "int", "bool"))])


def _groups(rng: Rng, names: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for name in names:
        if groups and groups[-1] and rng.random() < 0.35:
            groups[-1].append(name)
        else:
            groups.append([name])
        if rng.random() < 0.1:
            groups.insert(rng.randint(0, len(groups)), [])
    return groups


def _written(group: list[str]) -> str:
    if len(group) == 1:
        return group[0]
    return f"({' '.join(group)})" if group else "1"


def _product(sizes: Any) -> int:
    result = 1
    for size in sizes:
        result *= size
    return result


def other_pattern(rng: Rng, case: Case) -> None:
    """A mistake of writing."""
    pattern: str = case.kwargs["pattern"]
    case.kwargs["pattern"] = rng.choice((
        pattern.replace("->", "- >"), pattern + " -> a", pattern + " q", "q " + pattern, pattern + ")", "(" + pattern,
        "q 2 -> q 2", "q q -> q", "((q)) -> q", pattern.replace(" ", ", ", 1), "... -> ... ...", "(...) -> ...", "", 3,
    ))  # fmt: skip


def other_axis(rng: Rng, case: Case) -> None:
    case.kwargs[rng.choice(("q", "b2", "pattern_"))] = 2


def other_given(rng: Rng, case: Case) -> None:
    """A size that does not divide, or that is none."""
    names = [n for n in case.kwargs if n != "pattern"]
    case.kwargs[rng.choice(names) if names else "q"] = rng.choice((5, 7, 11, 0, -1, "a", 1.5))


def drop_given(rng: Rng, case: Case) -> None:
    for name in [n for n in case.kwargs if n != "pattern"]:
        del case.kwargs[name]


def another_axis(rng: Rng, case: Case) -> None:
    case.shapes[0] = (*case.shapes[0], 2)


REARRANGE: list[Spoil] = [other_pattern, other_pattern, other_pattern, other_axis, other_given, other_given, drop_given,
                          another_axis, other_size]  # fmt: skip
