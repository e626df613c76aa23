"""Labels: which are allowed, and the order in which they are registered."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from keyword import iskeyword

from netspec.diagnostics import Edit, Help, did_you_mean, mistake
from netspec.graph.policies import fits
from netspec.source import Span

#: Public members of a live nn.Module (a test compares them with torch): a label of this name would break the module.
MODULE_MEMBERS = frozenset({
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu",
    "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
    "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers",
    "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook",
    "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
    "register_module", "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train",
    "training", "type", "xpu", "zero_grad",
})  # fmt: skip

#: What an nn.Sequential has besides.
SEQUENTIAL_MEMBERS = frozenset({"append", "extend", "insert", "pop"})


def check_label(label: str, span: Span, sequential: bool = False) -> None:
    """Refuse a label that cannot be an attribute of a module; a number is one only in a container (``layers.0``)."""
    parts = label.split(".")
    if sequential and (len(parts) > 1 or label == "self"):
        what = "an element of a list is no container" if len(parts) > 1 else "`self` stands in a block, not in a list"
        mistake("NS206", f"`{_cut(label)}` cannot be a label here", span, what)
    for number, part in enumerate(parts):
        if not (_is_number(part) and (number > 0 or sequential)):
            _check_word(part, label, span)
        if part == "self" and len(parts) > 1:
            mistake("NS206", f"`{_cut(label)}` cannot be a label", span, "`self` is the block itself")
        if sequential and part in SEQUENTIAL_MEMBERS:
            _refuse_member(part, span, "every nn.Sequential")


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < 10 and str(int(part)) == part


def _check_word(part: str, label: str, span: Span) -> None:
    if not part.isidentifier() or not part.isascii():
        where = "a number is a label only in a list or after a dot: `layers.0`" if part.isdigit() else ""
        help_ = where or _with_label("a label has letters, digits and `_`; a dot makes a container", label, span)
        mistake("NS206", f"`{_cut(label)}` cannot be a label", span, help=help_)
    if part.startswith("_"):
        mistake("NS206", f"`{_cut(part)}` cannot be a label", span, "it starts with `_`")
    if iskeyword(part):
        mistake("NS206", f"`{part}` cannot be a label", span, "a keyword of Python",
                help=_with_label(f"`{part}_`, for example", f"{label}_", span))  # fmt: skip
    if part in MODULE_MEMBERS:
        _refuse_member(part, span, "every nn.Module")


def _refuse_member(part: str, span: Span, owner: str) -> None:
    mistake(
        "NS206",
        f"`{part}` cannot be a label",
        span,
        f"{owner} has a member of this name",
        help=_with_label(f"`{part}_`, for example", f"{part}_", span),
    )


def _with_label(help: str, label: str, span: Span) -> str:
    """A help with another label in place of the written one, where that is written as it is."""
    plain = re.sub(r"[^\w.]", "_", label, flags=re.ASCII)
    written = span.text.strip("\"'")
    if "{" in written or not plain.strip("_."):
        return help
    return Help(help, Edit(span, plain if plain.isidentifier() else f'"{plain}"'))


def _cut(label: str) -> str:
    return label if len(label) <= 60 else label[:59] + "…"


def another_label(label: str, span: Span, taken: Collection[str]) -> str:
    """What to do about a label that is taken: use the module again, or call the other one otherwise."""
    other = free_label(label, set(taken), {})
    help = f"`-> {label}` uses the same module again; another one needs another label: `{other}`"
    return Help(help, *([Edit(span, other)] if span.text == label else []))


def free_label(base: str, taken: set[str], numbers: dict[str, int]) -> str:
    """``relu``, ``relu_2``: a label for a module that the spec does not name; ``numbers`` are those given so far."""
    base = base.strip("_")
    if not base or base in MODULE_MEMBERS or iskeyword(base) or base == "self":
        base += "_" if base else "step"
    number = numbers.get(base, 1)
    while (label := base if number == 1 else f"{base}_{number}") in taken:
        number += 1
    numbers[base] = number
    return label


# --------------------------------------------------------------------------------------------------- order


def ordered(labels: Sequence[str], orders: Sequence[tuple[str, Span]], omitted: Sequence[str] = ()) -> list[int]:
    """The positions of labels in registration order.

    Members of a container stand together where its first one appears, by number where all are numbers. ``orders`` (the
    selectors of ``order``) come first, ``*`` standing for what no other one names; they may name ``omitted`` labels.
    """
    groups: dict[str, list[int]] = {}
    for position, label in enumerate(labels):
        groups.setdefault(label.partition(".")[0], []).append(position)
    heads = list(groups)
    if orders:
        ranks = _ranks(heads, orders, {label.partition(".")[0] for label in omitted})
        heads.sort(key=ranks.__getitem__)
    return [position for head in heads for position in _members(labels, groups[head])]


def _members(labels: Sequence[str], positions: list[int]) -> list[int]:
    """The members of one container, nested containers kept together too."""
    if len(positions) == 1:
        return positions
    rests = [labels[i].partition(".")[2] for i in positions]
    inner = [positions[i] for i in ordered(rests, [])]
    firsts = [r.partition(".")[0] for r in rests]
    if not all(f.isdigit() for f in firsts):
        return inner
    return sorted(inner, key=lambda p: int(labels[p].partition(".")[2].partition(".")[0]))


def _ranks(heads: Sequence[str], orders: Sequence[tuple[str, Span]], omitted: set[str]) -> dict[str, int]:
    """The place of each label among the selectors. A label beats a glob, and an earlier selector a later one."""
    rest = next((n for n, (selector, _) in enumerate(orders) if selector == "*"), len(orders))
    ranks: dict[str, int] = {}
    numbered = list(enumerate(orders))
    for n, (selector, span) in sorted(numbered, key=lambda each: "*" in each[1][0]):
        if selector == "*":
            continue
        found = [h for h in heads if fits(selector, h)]
        if not found and not any(fits(selector, o) for o in omitted):
            _refuse_selector(selector, span, [*heads, *omitted])
        for head in found:
            ranks.setdefault(head, n)
    return {head: ranks.get(head, rest) for head in heads}


def _refuse_selector(selector: str, span: Span, known: Sequence[str]) -> None:
    help_ = did_you_mean(selector, known, span)
    if "." in selector:
        help_ = f"`order` takes labels of this block, not paths: `{selector.partition('.')[0]}`"
    mistake("NS402", f"`order` names no label `{_cut(selector)}`", span, help=help_)
