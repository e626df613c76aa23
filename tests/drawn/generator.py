"""Draws whole networks: inputs with open sizes, statements, blocks, outputs, policies, and the sizes to try."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import torch

from tests.drawn import functions, joins, sequences, structures
from tests.drawn.attributes import DROPOUT
from tests.drawn.description import (
    Assign,
    Block,
    Drawn,
    Expr,
    Input,
    Loop,
    Name,
    Out,
    Pipe,
    Py,
    Statement,
    Step,
    Words,
)
from tests.drawn.drafting import COMFORTABLE, Draft
from tests.drawn.layers import LAYERS, plain_conv, step
from tests.drawn.scopes import Part, Scope, matched
from tests.drawn.torch_calls import Over, Run

#: what may be drawn, and how often
DRAWS: dict[Callable[[Draft], list[Statement] | None], float] = {
    joins.chain: 9, joins.arithmetic: 3, joins.any_join: 2, joins.inline: 2, joins.concat: 3, joins.crop: 2,
    joins.gate: 2, joins.attention: 1, joins.index: 2, joins.rearrange: 2, joins.reshape: 2, structures.residual: 2,
    structures.u_shape: 2, structures.loop: 2, structures.branch: 1, structures.members: 1.5, structures.shared: 1.5,
    functions.numbers: 4, functions.along: 0.7, functions.reduction: 1.5, functions.moved: 2, functions.parts: 1.5,
    functions.stack: 0.5, functions.pad: 1, functions.interpolate: 1, functions.masked_fill: 5, functions.glu: 0.5,
    sequences.sequence: 5, sequences.channels_last: 0.7, sequences.numbered: 4, sequences.windows: 0.5,
}  # fmt: skip
BLOCKS = 9.0
#: networks favour one op each, in turns
FAVOURITES = (*LAYERS, *functions.NUMBERS)


def draw(seed: int) -> Drawn:
    """The network with this number."""
    rng = Random(f"drawn/{seed}")
    torch.manual_seed(seed)
    favourite = FAVOURITES[seed % len(FAVOURITES)]
    inputs, sizes = _inputs(rng, int(favourite[-2]) if favourite in DROPOUT else rng.choice((1, 1, 2, 2, 2, 3, 0)))
    run = Run({}, sizes)
    blocks: dict[str, Block] = {}
    run.blocks = blocks
    shell = Block("Net", (), inputs, ())
    mistakes = rng.choice((0.0, 0.0, 0.02, 0.1))
    draft = Draft(rng, run, run.open(shell), mistakes=mistakes, favourite=favourite)
    with torch.no_grad():
        statements(draft, rng.randint(2, 9))
        outputs(draft)
    policies(draft)
    parameters = tuple(draft.parameters)
    network = Block("Net", parameters, inputs, tuple(draft.body))
    return Drawn(tuple(blocks.values()), network, sizes, seed)


# ------------------------------------------------------------------------------------------------ inputs and sizes


def _inputs(rng: Random, axes: int) -> tuple[tuple[Input, ...], tuple[dict[str, int], ...]]:
    names = ["B", *"TDHW"[5 - axes - 1 :][:axes]] if axes else ["B", "L", "N"]
    symbols = {name: rng.choice((1, 1, 1, 2, 4)) if name != "B" and rng.random() < 0.5 else 1 for name in names}
    inputs: list[Input] = []
    for i in range(rng.choice((1, 1, 1, 2, 2, 3))):
        inputs.append(_input(rng, i, axes, symbols, first=not i))
    used = {n: m for n, m in symbols.items() if any(n in re.split(r"\W", str(d)) for i in inputs for d in i.dims or ())}
    used |= {n: m for n, m in symbols.items() if n[1:]}
    return tuple(inputs), tuple(_sizes(rng, axes, used, k) for k in range(5))


def _input(rng: Random, number: int, axes: int, symbols: dict[str, int], first: bool) -> Input:
    spatial: list[int | str] = [f"S[{int(n[1]) - 1}]" if n[1:] else n for n in symbols if n not in ("B", "N")]
    if first:
        where = tuple(f"{n} % {m} == 0" for n, m in symbols.items() if m > 1 and n != "N")
        if axes == 0:
            return Input("x", ("B", "L", rng.randint(1, 6)), where=where)
        if axes > 1 and rng.random() < 0.1:
            for name in spatial:
                del symbols[str(name)]
            symbols.update({f"S{i + 1}": 1 for i in range(axes)})
            return Input("x", ("B", rng.randint(1, 4), f"*S[{axes}]"))
        return Input("x", ("B", rng.randint(1, 6), *spatial), where=where)
    name = "xyz"[number]
    dtype = rng.choice(("float", "float", "float", "int", "bool"))
    dims: list[int | str] = [rng.choice(("B", "B", "B", 2))]
    dims += [rng.choice((rng.randint(1, 4), "N"))] if rng.random() < 0.8 else []
    symbols.setdefault("N", 1)
    dims += [rng.choice((s, s, s, f"2 * {s}", f"{s} // 2 + 1", rng.randint(1, 9))) for s in spatial]
    return Input(name, tuple(dims[: rng.choice((9, 9, 9, 3))]), dtype)  # type: ignore[arg-type]


def _sizes(rng: Random, axes: int, symbols: dict[str, int], k: int) -> dict[str, int]:
    """Comfortable sizes first, then any, then small ones, then such as break the contract now and then."""
    large = {3: (6, 11), 2: (9, 20)}.get(axes, (12, 40))
    low, high = large if k < 2 else (1, large[1]) if k < 4 else (1, 4)
    drawn = {}
    for name, multiple in symbols.items():
        if name == "B":
            drawn[name] = rng.randint(1, 3)
            continue
        size = rng.randint(low, high) if name != "N" else rng.randint(1, 6)
        keeps = k < 2 or rng.random() < 0.6
        drawn[name] = -(-size // multiple) * multiple if keeps else size
    if k == 1:  # no size is the same twice, so that what seems to be a number is one
        drawn = {n: s + (symbols[n] if n != "B" else 1) for n, s in drawn.items()}
    return drawn


# ------------------------------------------------------------------------------------------------ statements


def statements(draft: Draft, count: int) -> None:
    """Draw so many statements, or constructs of several; what torch refuses is drawn anew, a few times."""
    for _ in range(4 * count):
        if draft.over or count <= 0:
            return
        total = sum(DRAWS.values()) + (BLOCKS if draft.depth < 2 else 0)
        if draft.rng.random() * total < total - sum(DRAWS.values()):
            count -= use_block(draft)
            continue
        (drawer,) = draft.rng.choices(list(DRAWS), list(DRAWS.values()))
        parameters, arguments = list(draft.parameters), dict(draft.arguments)
        drawn = drawer(draft)
        if drawn and draft.try_all(drawn):
            count -= 1
        elif not draft.over:
            draft.parameters, draft.arguments = parameters, arguments


def outputs(draft: Draft) -> None:
    """Put out some of the tensors, the last one among them."""
    names = [n for n in draft.scope.tensors if n not in draft.scope.raw and n not in ("x", "y", "z")]
    names = names or list(draft.tensors())
    chosen = sorted({names[-1], *draft.rng.choices(names, k=draft.rng.choice((0, 0, 1, 2)))}, key=names.index)
    named = draft.depth == 0 and draft.chance(0.25) and not any(n in draft.families() for n in chosen)
    values: list[Expr] = [Name(n) for n in chosen]
    if named:
        draft.body += [Out((value,), f"out{i}") for i, value in enumerate(values)]
    elif draft.chance(0.5):
        draft.body.append(Out(tuple(values)))
    else:
        draft.body += [Out((value,)) for value in values]


def policies(draft: Draft) -> None:
    """Policies on labels that have weights."""
    labels = [label for label in draft.scope.made if _trained(draft.scope.part.member(label))]
    if labels and draft.chance(0.15):
        draft.body.append(Words(f'{draft.rng.choice(("freeze", "freeze_weights"))} "{draft.rng.choice(labels)}"'))
    modules = [m.module for m in _parts(draft.scope.part) if m.module is not None]
    if draft.chance(0.15) and any(isinstance(m, torch.nn.Conv2d) for m in modules):
        draft.body.append(Words("init Conv2d { weight = normal(std=0.02) }"))


def _trained(part: Part) -> list[object]:
    return [p for own in _parts(part) for p in (*own.params, *(own.module.parameters() if own.module else ()))]


def _parts(part: Part) -> list[Part]:
    return [part, *(p for member in part.members.values() for p in _parts(member))]


# ------------------------------------------------------------------------------------------------ blocks


def use_block(draft: Draft) -> bool:
    """Call a block: one that there is, or a new one."""
    blocks: dict[str, Block] = draft.run.blocks  # type: ignore[assignment]
    known = [b for b in blocks.values() if not b.inputs[0].family and len(b.inputs) == 1]
    if known and draft.chance(0.4):
        block = draft.rng.choice(known)
        x = draft.pick()
        arguments = {n: _argument(draft, t, d) for n, t, d in block.parameters if d is None or draft.chance(0.3)}
        return x is not None and draft.try_all(structures.call(draft, block.name, [Name(x)], _count(block), arguments))
    made = new_block(draft)
    if made is None:
        return False
    block, sources, arguments = made
    blocks[block.name] = block
    if draft.try_all(structures.call(draft, block.name, sources, _count(block), arguments)):
        return True
    if not draft.over:
        del blocks[block.name]
    return False


def _argument(draft: Draft, type_: str, default: Any) -> Any:
    if type_ == "bool":
        return draft.chance(0.5)
    if type_.startswith("int["):
        return default or tuple(draft.rng.randint(1, 3) for _ in range(int(type_[4])))
    return draft.rng.choice((0.5, 0.1)) if type_ == "float" else draft.rng.randint(1, 4)


def _count(block: Block) -> int:
    return sum(len(s.values) for s in block.body if isinstance(s, Out))


def new_block(draft: Draft) -> tuple[Block, list[Expr], dict[str, Any]] | None:
    """A block drawn for tensors that there are: itself, the sources and the arguments of its first use."""
    run = draft.run
    name = f"Block{len(run.blocks) + draft.depth * 10 + 1}"
    if name in run.blocks:
        return None
    if draft.families() and draft.chance(0.5):
        return heads(draft, name)
    chosen = [draft.pick() for _ in range(draft.rng.choice((1, 1, 1, 2)))]
    sources = [n for n in chosen if n is not None and draft.rank(n) >= 2]
    if not sources:
        return None
    ports = tuple(_port(draft, n, "xy"[i]) for i, n in enumerate(sources))
    scope = Scope(Part(), {}, [{} for _ in run.sizes])
    for port, n in zip(ports, sources, strict=True):
        scope.tensors[port.name] = draft.tensors()[n]
    inner = Draft(draft.rng, run, scope, draft.depth + 1, favourite=draft.favourite)
    saved = dict(run.failures), list(run.events), list(run.stack)
    if not _bound(inner, ports):
        run.failures, run.events, run.stack = saved
        return None
    if draft.chance(0.12) and 3 <= draft.rank(sources[0]) <= 5:
        _sequential(inner)
    else:
        statements(inner, draft.rng.randint(1, 4))
        outputs(inner)
    run.failures, run.events, run.stack = saved
    block = Block(name, tuple(inner.parameters), ports, tuple(inner.body))
    unique = any(isinstance(s, Out) and any(isinstance(v, Name) and v.name in inner.families() for v in s.values)
                 for s in block.body)  # fmt: skip
    return None if unique else (block, [Name(n) for n in sources], inner.arguments)


def _bound(inner: Draft, ports: tuple[Input, ...]) -> bool:
    """Bind the names of a block's inputs; whether they fit for comfortable sizes."""
    try:
        for port in ports:
            batch = inner.tensors()[port.name]
            if port.dims is not None:
                inner.run.each(lambda k, x, port=port: matched(port, x, inner.scope, k), batch)
    except Over:
        return False
    return all(k not in inner.run.failures for k in COMFORTABLE)


def _sequential(inner: Draft) -> None:
    """A block that is an nn.Sequential itself."""
    rank, channels = inner.rank("x"), inner.shape("x")[1]
    steps = (Step(plain_conv(inner, rank)), step(inner, rank, channels, label=False))
    members = tuple(s for s in steps if not (s.label and s.times))
    inner.body.append(Out((Pipe((Name("x"),), (Step(members, "self"),)),)))


def _port(draft: Draft, source: str, name: str) -> Input:
    """An input of a block, with a shape now and then."""
    if not draft.chance(0.3):
        return Input(name)
    letters = {1: "N", 2: "NC", 3: "NCL", 4: "NCHW", 5: "NCTHW"}.get(draft.rank(source))
    if letters is None:
        return Input(name)
    dims = [draft.shape(source)[i] if i == 1 and draft.settled(source, 1) and draft.chance(0.3) else c
            for i, c in enumerate(letters)]  # fmt: skip
    dtype = "float" if draft.is_float(source) else "int"
    return Input(name, tuple(dims), dtype)  # type: ignore[arg-type]


def heads(draft: Draft, name: str) -> tuple[Block, list[Expr], dict[str, Any]] | None:
    """A block over a family: a head on each of its members."""
    family = draft.rng.choice(draft.families())
    found = draft.scope.tensors[family]
    assert isinstance(found, dict)
    ranks = {b[0].dim() for b in found.values() if b[0] is not None}
    if len(ranks) != 1 or not 3 <= min(ranks) <= 5:
        return None
    head = Step(plain_conv(draft, min(ranks), out=draft.rng.randint(1, 3)), "heads.{i}")
    body: list[Statement] = [
        Loop("i", Py("len(features)"), (Assign("member", ("y",), Pipe((Name("features", "i"),), (head,)), "i"),)),
        Out((Name("y", "-1"),)),
    ]
    return Block(name, (), (Input("features", family=True),), tuple(body)), [Name(family)], {}
