"""The flowcharts of MDNC's documentation come out of its specs: as labelled graphs they are the same.

The charts of the pages that the specs are modelled on are kept here; the others are read from the shared tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import netspec
from netspec.render import picture_text

SPECS = Path(__file__).parents[2] / "specs" / "mdnc"
TABLES = Path(__file__).parents[3] / "shared" / "golden" / "FLOWCHARTS.md"

OPERATOR = "fill:#FFB11B, stroke:#AF811B"
OPTIONAL = "fill:none, stroke-dasharray:10,10, stroke:#9370DB"
DOWN = "stroke-width:4px, stroke:#800"


@dataclass
class Chart:
    """``nodes``: shape, label, class, group of each; ``edges``: ends, line, label, style; ``groups``: label, class."""

    nodes: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    edges: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)

    def graph(self) -> nx.MultiDiGraph[str]:
        """Everything that is compared, names left out; ``width`` is no property of a class that works."""
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for name, (shape, label, of, group) in self.nodes.items():
            graph.add_node(name, kind=(shape, label, self._style(of)))
            if group:
                graph.add_edge(name, f"group {group}", kind="in")
        for name, (label, of) in self.groups.items():
            graph.add_node(f"group {name}", kind=("group", label, self._style(of)))
        for source, target, line, label, style in self.edges:
            graph.add_edge(source, target, kind=(line, label, _properties(style)))
        return graph

    def _style(self, name: str) -> tuple[str, tuple[str, ...]]:
        return name, _properties(self.classes[name]) if name else ()


def _properties(style: str) -> tuple[str, ...]:
    return tuple(sorted(p for p in re.split(r"\s*,\s*(?=[a-z-]+:)", style.strip()) if p and not p.startswith("width:")))


def isomorphic(one: Chart, other: Chart) -> bool:
    return bool(nx.is_isomorphic(
        one.graph(), other.graph(), node_match=lambda a, b: a["kind"] == b["kind"], edge_match=_same_edges
    ))  # fmt: skip


def _same_edges(one: dict[int, Any], other: dict[int, Any]) -> bool:
    return sorted(str(e["kind"]) for e in one.values()) == sorted(str(e["kind"]) for e in other.values())


# --------------------------------------------------------------------------------------------------- what is drawn

_NODE = re.compile(r'(n\d+)(\[|\(\(|\(\[|\[\[)"(.*)"(?:\]|\)|\])+(?::::(\w+))?')
_EDGE = re.compile(r'(n\d+) (-->|-\.->)(?:\|"(.*)"\|)? (n\d+)')
_SHAPES = {"[": "rectangle", "((": "circle"}
_LINES = {"-->": "solid arrow", "-.->": "dotted arrow"}


def mermaid(text: str) -> Chart:
    """The chart that a Mermaid file of netspec holds."""
    chart, group = Chart(), ""
    body = text.split("---\n", 2)[2]
    lines = [line.strip() for line in body.splitlines()]
    assert lines[0] == "flowchart TB"
    for line in lines[1:]:
        if match := re.fullmatch(r'subgraph (\w+)\["(.*)"\]', line):
            group = match[1]
            chart.groups[group] = (match[2], "")
        elif line == "end":
            group = ""
        elif match := _NODE.fullmatch(line):
            chart.nodes[match[1]] = (_SHAPES[match[2]], match[3], match[4] or "", group)
        elif match := _EDGE.fullmatch(line):
            chart.edges.append((match[1], match[4], _LINES[match[2]], match[3] or "", ""))
        else:
            _style(chart, line)
    return chart


def _style(chart: Chart, line: str) -> None:
    kind, _, rest = line.partition(" ")
    names, _, what = rest.partition(" ")
    if kind == "classDef":
        chart.classes[names] = what
    elif kind == "class":
        for name in names.split(","):
            chart.groups[name] = (chart.groups[name][0], what)
    elif kind == "linkStyle":
        for number in map(int, names.split(",")):
            chart.edges[number] = (*chart.edges[number][:4], what)
    else:
        assert line == "direction TB", line


# --------------------------------------------------------------------------------------------------- what is expected


def tables(text: str) -> dict[str, Chart]:
    """The charts of FLOWCHARTS.md by name."""
    return {name: _chart(part) for name, part in _sections(text) if "| node | shape |" in part}


def _sections(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("\n## ")[1:]:
        name, _, rest = part.partition("\n")
        yield name.strip(), rest


def _chart(text: str) -> Chart:
    chart = Chart()
    for head, rows in _tables_in(text):
        if head[0] == "node":
            chart.nodes = {n: (shape, label, of, group) for n, shape, label, of, group in rows}
        elif head[0] == "edge":
            chart.edges = [(a, b, line, label, style) for _, a, b, line, label, style in rows]
        elif head[0] == "group":
            chart.groups = {n: (label, of) for n, label, *_, of in rows}
        elif head[0] == "class":
            chart.classes = {row[0]: row[1] for row in rows}
    return chart


def _tables_in(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        head, _, *rows = [[_cell(c) for c in line.strip()[1:-1].split(" | ")] for line in block.strip().splitlines()]
        yield head, rows


def _cell(text: str) -> str:
    text = text.strip("\n")
    quoted = re.fullmatch(r" ?`(.*)` ?", text)
    return quoted[1] if quoted else "" if text.strip() == "-" else text.strip()


def bottleneck(projected: bool) -> Chart:
    """The block: three convolutions, the skip as it is or with a projection."""
    box = "rectangle"
    chart = Chart({
        "in": ("circle", " ", "", ""), "conv1": (box, "Projection<br>convolution", "", ""),
        "conv2": (box, "Modern<br>convolution", "", ""), "conv3": (box, "Projection<br>convolution", "", ""),
        "plus": ("circle", "+", "diagramop", ""), "out": ("circle", " ", "", ""),
    }, classes={"diagramop": OPERATOR})  # fmt: skip
    pairs = [("in", "conv1"), ("conv1", "conv2"), ("conv2", "conv3"), ("conv3", "plus"), ("plus", "out")]
    if projected:
        chart.nodes["pconv"] = (box, "Projection<br>convolution", "", "")
        pairs += [("in", "pconv"), ("pconv", "plus")]
    else:
        pairs += [("in", "plus")]
    chart.edges = [(a, b, "solid arrow", "", "") for a, b in pairs]
    return chart


def encoder() -> Chart:
    """The stages of the encoder, and the layer that is optional."""
    texts = {"b1": ("1", "layers[0]"), "b2": ("2", "layers[1]"), "bi": ("...", "..."), "bn": ("n", "layers[n-1]")}
    chart = Chart({n: ("rectangle", f"Block {k}<br>Stack of {m} layers", "", "") for n, (k, m) in texts.items()})
    chart.nodes["fc"] = ("rectangle", "FC layer", "", "optional")
    chart.groups, chart.classes = {"optional": ("Optional", "blockoptional")}, {"blockoptional": OPTIONAL}
    pairs = [("b1", "b2"), ("b2", "bi"), ("bi", "bn")]
    chart.edges = [(a, b, "solid arrow", "down<br>sampling", DOWN) for a, b in pairs]
    chart.edges.append(("bn", "fc", "dotted arrow", "flatten", ""))
    return chart


SEEDS = {
    "bottleneck-identity": bottleneck(projected=False), "bottleneck-projection": bottleneck(projected=True),
    "conv-encoder": encoder(),
}  # fmt: skip


# --------------------------------------------------------------------------------------------------- the specs


def block(name: str, inside: str | None = None, **arguments: Any) -> Chart:
    graph = netspec.load(SPECS / "blocks.netspec").elaborate(name, **arguments)
    return mermaid(picture_text(graph, "mmd", "blocks", block=inside))


def schematic(name: str, **arguments: Any) -> Chart:
    return mermaid(picture_text(netspec.load(SPECS / "networks.netspec").outline(name, **arguments), "mmd"))


def drawn(name: str) -> Chart:
    """A chart of the documentation, from the spec."""
    kind, _, of = name.partition("-")
    if kind in ("bottleneck", "plain"):
        width = 16 if of == "identity" else 32
        return block(f"Block{kind.capitalize()}", in_planes=16, out_planes=width)
    if kind == "convmodern":
        return block("ConvModern", "Layer", layer_order=of)
    network = {"ae": "AE", "unet": "UNet", "encoder": "EncoderNet", "decoder": "DecoderNet"}[of]
    return schematic(network, block="conv" if kind == "conv" else "bottleneck", n=1)


@pytest.mark.parametrize("name", SEEDS)
def test_the_charts_of_the_pages_come_out_of_the_specs(name: str) -> None:
    assert isomorphic(drawn(name), SEEDS[name])


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_a_block_is_drawn_alike_for_every_number_of_axes(axes: int) -> None:
    size = {"n": axes, "in_planes": 8, "out_planes": 8}
    assert isomorphic(block("BlockBottleneck", **size), SEEDS["bottleneck-identity"])
    assert isomorphic(block("BlockBottleneck", **size, stride=2), SEEDS["bottleneck-projection"])


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_the_decoder_names_its_convolution_by_the_number_of_axes(axes: int) -> None:
    labels = [label for _, label, _, group in schematic("DecoderNet", n=axes).nodes.values() if group]
    assert labels == [f"Conv{axes}d<br>with unsqueeze"]


def test_charts_that_differ_are_told_apart() -> None:
    assert not isomorphic(SEEDS["bottleneck-identity"], SEEDS["bottleneck-projection"])
    other = encoder()
    other.edges[0] = (*other.edges[0][:4], "stroke-width:4px, stroke:#080")
    assert not isomorphic(other, encoder())


shared = pytest.mark.skipif(not TABLES.exists(), reason="the tables are not here")

#: The chart of the order "new" shows activation before normalisation; the program, and its own table of arguments,
#: have them the other way round.
WRONG = {"convmodern-new"}
#: A chart of folders, not of a network.
OTHER = {"package-overview"}


@shared
def test_what_is_kept_here_is_what_the_tables_say() -> None:
    found = tables(TABLES.read_text(encoding="utf-8"))
    assert len(found) == 15
    assert all(isomorphic(found[name], chart) for name, chart in SEEDS.items())


@shared
def test_every_chart_of_the_documentation_comes_out_of_the_specs() -> None:
    found = tables(TABLES.read_text(encoding="utf-8"))
    differing = {name for name, chart in found.items() if name not in OTHER and not isomorphic(drawn(name), chart)}
    assert differing == WRONG
