"""For which sizes drawn networks work, against trying all sizes from 1 to 400 with torch's documented formulas."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from netspec.analysis.sizes import excesses, size_conditions
from netspec.check import load
from netspec.elaborate import elaborate
from netspec.files import read_import
from netspec.graph import Graph
from netspec.source import Source
from tests.texts import graph_of

NETWORKS = 500
SIZES = range(1, 401)


class Unfit(Exception):
    """A network does not work for a size."""


def must(holds: bool) -> None:
    if not holds:
        raise Unfit


Sizes = dict[str, int]


@dataclass
class Drawn:
    """A network of one axis: its lines, and what they do to sizes, in plain ints."""

    lines: list[str] = field(default_factory=list)
    steps: list[Callable[[Sizes], int]] = field(default_factory=list)
    names: list[str] = field(default_factory=lambda: ["x"])

    def text(self, shape: str = "[B, 4, L]") -> str:
        body = "\n".join(f"    {line}" for line in self.lines)
        return f"netspec 1\nnetwork Net() {{\n    input x: {shape}\n{body}\n    output {self.names[-1]}\n}}\n"

    def add(self, source: str, step: Callable[[Sizes], int]) -> None:
        name = f"t{len(self.steps)}"
        self.lines.append(f"{name} = {source}")
        self.names.append(name)
        self.steps.append(step)

    def works(self, size: int) -> bool:
        sizes = {"x": size}
        try:
            for name, step in zip(self.names[1:], self.steps, strict=True):
                sizes[name] = step(sizes)
                must(sizes[name] >= 1)
        except Unfit:
            return False
        return True


def window(size: int, k: int, s: int, p: int, d: int = 1) -> int:
    """torch.nn.Conv1d, torch.nn.MaxPool1d: the window must fit into the padded input."""
    must(size + 2 * p >= d * (k - 1) + 1)
    return (size + 2 * p - d * (k - 1) - 1) // s + 1


def window_ceil(size: int, k: int, s: int, p: int) -> int:
    """torch's pooling_output_shape: rounded up, but the last window starts inside the input or its left padding."""
    out = -(-(size + 2 * p - k) // s) + 1
    return out - 1 if (out - 1) * s >= size + p else out


def step(net: Drawn, rng: random.Random) -> None:
    a = rng.choice(net.names[-4:])
    k, s, label = rng.choice((1, 2, 3, 3, 4, 5)), rng.choice((1, 2, 2, 3)), f"l{len(net.steps)}"
    p = rng.randint(0, k // 2)
    match rng.choice(("conv", "conv", "pool", "pool", "ceil", "up", "up", "transposed", "slice")):
        case "conv":
            d = rng.choice((1, 1, 2))
            source = f"{a} -> {label}: Conv1d(4, {k}, stride={s}, padding={p}, dilation={d})"
            net.add(source, lambda n: window(n[a], k, s, p, d))
        case "pool":
            net.add(f"{a} -> MaxPool1d({k}, stride={s}, padding={p})", lambda n: window(n[a], k, s, p))
        case "ceil":
            source = f"{a} -> AvgPool1d({k}, stride={s}, padding={p}, ceil_mode=True)"
            net.add(source, lambda n: window_ceil(n[a], k, s, p))
        case "up":
            net.add(f"{a} -> Upsample(scale_factor={s + 1})", lambda n: n[a] * (s + 1))
        case "transposed":
            source = f"{a} -> {label}: ConvTranspose1d(4, {k}, stride={s}, padding={p})"
            net.add(source, lambda n: (n[a] - 1) * s - 2 * p + k)
        case "slice":
            net.add(f"{a}[:, :, {p}:]", lambda n: max(n[a] - p, 0))


def join(net: Drawn, rng: random.Random) -> None:
    a, b = rng.choice(net.names[-3:]), rng.choice(net.names)

    def equal(n: Sizes) -> int:
        must(n[a] == n[b])
        return n[a]

    match rng.choice(("add", "add", "like", "align")):
        case "add":
            net.add(f"{a} + {b}", equal)
        case "like":
            net.add(f"crop({a}, like={b})", lambda n: min(n[a], n[b]))
        case "align":
            source = f'concat({a}, {b}, align="center") -> m{len(net.steps)}: Conv1d(4, 1)'
            net.add(source, lambda n: min(n[a], n[b]))


def mirrored(net: Drawn, rng: random.Random) -> None:
    """Down by some factors and up by the same, joined on the way, as in a U-Net or hourglass."""
    skips: list[str] = []
    factors = [rng.choice((2, 2, 3)) for _ in range(rng.randint(1, 3))]
    for f in factors:
        a = net.names[-1]
        skips.append(a)
        rounding = rng.random() < 0.3
        source = f"{a} -> MaxPool1d({f}, ceil_mode={rounding})"
        net.add(source, (lambda n, a=a, f=f: window_ceil(n[a], f, f, 0)) if rounding
                else (lambda n, a=a, f=f: window(n[a], f, f, 0)))  # fmt: skip
    for f, skip in zip(reversed(factors), reversed(skips), strict=True):
        a = net.names[-1]
        net.add(f"{a} -> Upsample(scale_factor={f})", lambda n, a=a, f=f: n[a] * f)
        b = net.names[-1]

        def equal(n: Sizes, b: str = b, skip: str = skip) -> int:
            must(n[b] == n[skip])
            return n[b]

        net.add(f"{b} + {skip}", equal)


def drawn(rng: random.Random) -> Drawn:
    net = Drawn()
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.4 and len(net.steps) < 8:
            mirrored(net, rng)
        else:
            step(net, rng)
        if rng.random() < 0.3 and len(net.names) > 2:
            join(net, rng)
    return net


def elaborated(text: str, assuming: bool = False) -> tuple[Graph | None, list[str]]:
    """The graph of a text, and the codes of what is wrong."""
    program, diagnostics = load(Source("spec.netspec", text), read_import)
    assert program is not None, diagnostics
    graph, diagnostics = elaborate(program, assuming=assuming)
    codes = [d.code for d in diagnostics]
    assert set(codes) <= {"NS301", "NS304"}, "\n".join(map(str, diagnostics))
    return graph, codes


def test_drawn_networks_work_for_the_sizes_that_are_said() -> None:
    rng = random.Random(6)
    kinds = {"every size": 0, "some sizes": 0, "no size": 0}
    for _ in range(NETWORKS):
        net = drawn(rng)
        working = {size for size in SIZES if net.works(size)}
        graph, _ = elaborated(net.text(), assuming=True)
        if graph is None:  # some join or window works for no size, or for a few that nobody means
            assert max(working, default=0) < 100, net.text()
            kinds["no size"] += 1
            continue
        said = [condition.holds for condition in size_conditions(graph)]
        assert {size for size in SIZES if all(eval(text, {"L": size}) for text in said)} == working, net.text()
        kinds["some sizes" if said else "every size"] += 1
        check_diagnosis(net, said, working)
    assert min(kinds.values()) > 10, kinds


def check_diagnosis(net: Drawn, said: list[str], working: set[int]) -> None:
    """Without a contract a network is accepted where only least sizes are missing; the contract said settles it."""
    graph, codes = elaborated(net.text())
    if working != set(range(min(working, default=401), 401)):
        assert codes in (["NS301"], ["NS304"]), net.text()
    if codes and working and not any(word in text for text in said for word in (" in ", " or ")):
        settled, _ = elaborated(net.text(f"[B, 4, L] where {', '.join(said)}"))
        assert settled is not None, net.text()
        assert not any(excesses(settled))
    if graph is not None and working:
        least = graph.minimums.get("L", (1, None))[0]
        checks = [c.condition for c in graph.definition.contracts]
        assert {size for size in SIZES if size >= least and all(c.holds({"L": size}) for c in checks)} == working


def test_a_requirement_says_who_needs_it() -> None:
    graph = graph_of("network Net() { input x: [B, 3, H, W]\n output x -> c: Conv2d(4, 33) -> MaxPool2d(2) }")
    by_name = {condition.names: condition for condition in size_conditions(graph)}
    # a kernel of 33, then a window of 2: 34
    height = by_name["H",]
    assert (height.holds, height.needed_by.what, [r.what for r in height.others]) == (
        "H >= 34",
        "MaxPool2d",
        ["Conv2d"],
    )
    assert height.counterexample == {"H": 1}


def test_norms_need_more_than_one_element() -> None:
    graph = graph_of("network Net() { input x: [B, 3, H, W]\n output x -> MaxPool2d(2) -> n: InstanceNorm2d() }")
    said = [condition.holds for condition in size_conditions(graph)]
    sizes = [{"H": h, "W": w} for h in range(1, 12) for w in range(1, 12)]
    working = [s for s in sizes if min(s["H"], s["W"]) >= 2 and (s["H"] // 2) * (s["W"] // 2) >= 2]
    assert [s for s in sizes if all(eval(text, {**s}) for text in said)] == working


@pytest.mark.parametrize(
    ("contract", "found"),
    [
        ("H % 2 == 0", []),
        ("H % 4 == 0", [("H % 4 == 0", "H % 2 == 0", {"H": 2})]),
        ("H % 2 == 0, H >= 8", [("H >= 8", "H % 2 == 0", {"H": 2})]),
        ("H % 2 == 0, H >= 2", []),
        ("H % 2 == 0, W <= 64", [("W <= 64", "", {"W": 65})]),
        ("H == 2 * W", [("H == 2 * W", "", {"H": 2, "W": 2})]),
    ],
)
def test_contracts_that_are_stronger_than_needed(contract: str, found: list[tuple[str, str, dict[str, int]]]) -> None:
    text = f"network Net() {{ input x: [B, 3, H, W] where {contract}\n"
    text += " output (x -> MaxPool2d((2, 1)) -> Upsample(scale_factor=(2, 1))) + x }"
    assert [(e.contract.text, e.needed, e.excluded) for e in excesses(graph_of(text))] == found
