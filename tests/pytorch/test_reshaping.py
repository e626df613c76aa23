"""Ops that move, pad, resize and choose elements, in networks: the numbers of torch's own calls, however it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from netspec.graph import Graph
from netspec.pytorch.build import build_graph
from netspec.pytorch.shapes import dynamic_shapes
from tests.pytorch.networks import SIZES, same
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


class Row(NamedTuple):
    """What a network does with ``x``, and the same written in torch; ``m`` is the network, for its weights."""

    spec: str
    by_hand: Callable[..., Any]
    input: str = "x: [B, 4, H, W]"


ROWS = {
    "Permute": Row(
        "output x -> net: [Permute((0, 2, 3, 1)), ReLU(), Permute((0, 3, 1, 2))]", lambda m, x: torch.relu(x)
    ),
    "permute": Row(
        "output permute(x, (0, 2, 3, 1)), permute(x, [3, 0, -2, 1])",
        lambda m, x: (x.permute(0, 2, 3, 1), x.permute(3, 0, 2, 1)),
    ),
    "transpose": Row(
        "output x -> transpose(1, -1), transpose(x, -1, -2)", lambda m, x: (x.mT, x.transpose(1, 3))[::-1]
    ),
    "flip": Row("output flip(x, -1), flip(x, (1, 2))", lambda m, x: (x.flip(-1), x.flip(1, 2))),
    "roll": Row(
        "output roll(x, 1, axes=-1), roll(x, (-3, H // 2), axes=(2, 3))",
        lambda m, x: (x.roll(1, -1), x.roll((-3, x.shape[2] // 2), (2, 3))),
    ),
    "take": Row(
        """param table: [5, 4, 2] = normal(std=1)
           buffer index: int[2, 3] = [[0, 4, 1], [1, 1, 2]]
           output take(table, index), (x -> a: Conv2d(2, 1))""",
        lambda m, x: (m.table[m.index], m.a(x)),
    ),
    "pad": Row(
        "output pad(x, (0, -W % 7, 0, -H % 7)), pad(x, (1, -1), value=2.5)",
        lambda m, x: (F.pad(x, (0, -x.shape[3] % 7, 0, -x.shape[2] % 7)), F.pad(x, (1, -1), value=2.5)),
    ),
    "pad by mode": Row(
        'output pad(x, (1, 2, 3, 4), "reflect"), pad(x, (1, 2, 3, 4), mode="circular")',
        lambda m, x: (F.pad(x, (1, 2, 3, 4), "reflect"), F.pad(x, (1, 2, 3, 4), "circular")),
    ),
    "padding modules": Row(
        "output x -> net: [ZeroPad2d(2), ReflectionPad2d((1, 0, 2, 3)), ConstantPad(-1, value=1.5), CircularPad2d(1)]",
        lambda m, x: F.pad(F.pad(F.pad(F.pad(x, (2,) * 4), (1, 0, 2, 3), "reflect"), (-1,) * 4), (1,) * 4, "circular"),
    ),
    "interpolate": Row(
        """a = x -> pool: AvgPool2d(2)
           output interpolate(a, like=x), interpolate(a, size=(H, 9), mode="linear", align_corners=True)
           output interpolate(x, scale_factor=(1 / 2, 1)), interpolate(x, size=7, mode="bilinear")""",
        lambda m, x: (
            F.interpolate(F.avg_pool2d(x, 2), x.shape[2:]),
            F.interpolate(F.avg_pool2d(x, 2), (x.shape[2], 9), mode="bilinear", align_corners=True),
            F.interpolate(x, scale_factor=(0.5, 1.0)),
            F.interpolate(x, size=7, mode="bilinear"),
        ),
    ),
    "Unflatten": Row(
        "output x -> net: [Unflatten(1, (2, -1)), ReLU(), Unflatten(-1, (-1, 4))]",
        lambda m, x: x.relu().unflatten(1, (2, 2)).unflatten(-1, (-1, 4)),
        "x: [B, 4, H, W] where W % 4 == 0",
    ),
    "chunk": Row(
        "a, b = chunk(x, 2)\n*c = x -> chunk(4, axis=1)\noutput a + b, c[-1], (a -> conv: Conv2d(2, 1))",
        lambda m, x: (x[:, :2] + x[:, 2:], x[:, 3:], m.conv(x[:, :2])),
    ),
    "split": Row(
        "a, b = split(x, 3)\nc, d = split(x, (W - 5, 5), axis=-1)\noutput a, b, c, d -> flip(1)",
        lambda m, x: (x[:, :3], x[:, 3:], x[..., :-5], x[..., -5:].flip(1)),
    ),
    "unbind": Row(
        "a, b, c, d = unbind(x, 1)\noutput stack(b, a), stack(c, d, axis=-1)",
        lambda m, x: (torch.stack((x[:, 1], x[:, 0])), torch.stack((x[:, 2], x[:, 3]), -1)),
    ),
    "shuffles": Row(
        """output x -> net: [PixelShuffle(2), PixelUnshuffle(2), ChannelShuffle(2)]
           output x -> PixelShuffle(1) -> up: Upsample(scale_factor=2)""",
        lambda m, x: (nn.ChannelShuffle(2)(x), F.interpolate(x, scale_factor=2)),
    ),
    "pools": Row(
        """output x -> a: LPPool2d(2, 3, stride=2, ceil_mode=True) -> b: AdaptiveMaxPool((2, 3))
           output x -> c: LPPool(4, (2, 3))""",
        lambda m, x: (
            nn.AdaptiveMaxPool2d((2, 3))(nn.LPPool2d(2, 3, 2, ceil_mode=True)(x)),
            nn.LPPool2d(4, (2, 3))(x),
        ),
        "x: [B, 4, H, W] where H >= 3, W >= 3",
    ),
    "squeeze": Row("output unsqueeze(x, 1), x[:, :1] -> squeeze(1)", lambda m, x: (x[:, None], x[:, 0])),
    "masked_fill": Row(
        "output masked_fill(x, mask, -1.5)",
        lambda m, x, mask: x.masked_fill(mask, -1.5),
        "x: [B, 4, H, W]; input mask: bool[B, 1, 1, W]",
    ),
    "shift_mask": Row(
        "output shift_mask(x, 4, 2), shift_mask(x, (4, 2), (min(2, H - 4), 1))",
        lambda m, x: (_mask(x.shape[1], x.shape[2], (4, 4), (2, 2)), _mask(x.shape[1], x.shape[2], (4, 2), (2, 1))),
        "x: [B, H, W, 3] where H % 4 == 0, W % 4 == 0",
    ),
}


def _mask(height: int, width: int, window: tuple[int, int], shift: tuple[int, int]) -> Tensor:
    """Region by region, as the reference implementation of Swin Transformer numbers them."""
    regions = torch.zeros(height, width)
    for i, rows in enumerate((slice(0, -window[0]), slice(-window[0], -shift[0]), slice(-shift[0], None))):
        for j, columns in enumerate((slice(0, -window[1]), slice(-window[1], -shift[1]), slice(-shift[1], None))):
            regions[rows, columns] = 3 * i + j
    cut = regions.view(height // window[0], window[0], width // window[1], window[1]).transpose(1, 2)
    cells = cut.reshape(-1, window[0] * window[1])
    different = cells.unsqueeze(1) - cells.unsqueeze(2)
    return different.masked_fill(different != 0, -100.0)


def graph_named(name: str) -> Graph:
    row = ROWS[name]
    return graph_of(f"network N() {{ input {row.input}\n{row.spec}\n}}")


def sample(graph: Graph, more: int = 0) -> tuple[Tensor, ...]:
    """Inputs of each dtype; ``more`` is added to the open sizes after the batch."""
    generator = torch.Generator().manual_seed(0)
    values = []
    for t in graph.inputs.values():
        shape = [s if isinstance(s, int) else SIZES[str(s)] + more * (str(s) != "B") for s in t.dims]
        x = torch.randn(shape, generator=generator)
        values.append(x > 0 if t.dtype == "bool" else x)
    return tuple(values)


@pytest.fixture(scope="module", params=list(ROWS))
def network(request: pytest.FixtureRequest) -> tuple[Row, Graph, nn.Module]:
    graph = graph_named(request.param)
    return ROWS[request.param], graph, build_graph(graph).eval()


def test_gives_what_torch_gives_however_it_runs(network: tuple[Row, Graph, nn.Module]) -> None:
    row, graph, model = network
    inputs = sample(graph)
    with torch.no_grad():
        wanted = row.by_hand(model, *inputs)
        assert same(model(*inputs), wanted)
        assert same(torch.jit.script(model)(*inputs), wanted)
        assert same(torch.compile(model, fullgraph=True, backend="aot_eager")(*inputs), wanted)


def test_exports_with_open_sizes(network: tuple[Row, Graph, nn.Module]) -> None:
    row, graph, model = network
    program = torch.export.export(model, sample(graph), dynamic_shapes=dynamic_shapes(graph)).module()
    for more in (4, 12):
        inputs = sample(graph, more)
        assert same(program(*inputs), row.by_hand(model, *inputs))
