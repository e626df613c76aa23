"""Writes the parts of the documentation that come from netspec itself: ``python -m docs.generate``.

Each part stands in its page between ``<!-- NAME: generated -->`` and ``<!-- /NAME -->``; tests/docs checks that it is
up to date. The pictures under docs/images are drawn here too, and the pages of codes under docs/codes written.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import shlex
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result

from netspec import limits
from netspec.analysis.diff import Difference
from netspec.api import diff, load, render
from netspec.cli.main import main as command_line
from netspec.diagnostics import CODES
from netspec.diagnostics.explanations import Example, examples, page
from netspec.elaborate import Outline
from netspec.graph import Graph
from netspec.graph.initial import FUNCTIONS
from netspec.ops.contract import LISTED_REFUSALS
from netspec.ops.describe import Attribute, describe, families

HERE = Path(__file__).parent
ROOT = HERE.parent


class Part(NamedTuple):
    """A page, and the function that writes the part in it."""

    page: str
    text: Callable[[], str]


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


# ----------------------------------------------------------------------------------------------------- ops

def ops() -> str:
    """A section per family of ops: their names, what they do, their attributes."""
    return "\n\n".join(f"### {title}\n\n" + "\n\n".join(map(_op, names)) for title, names in families())


def _op(name: str) -> str:
    op = describe(name)
    assert op is not None
    paragraphs = op.text[: 1 if op.names[0] != name else None]
    facts = [f"#### {', '.join(f'`{n}`' for n in op.names)}", *(p.replace("`add`", "`a + b`") for p in paragraphs)]
    if op.inferred:
        facts.append(f"Inferred from the input: {', '.join(f'`{n}`' for n in op.inferred)}.")
    rows = [(f"`{a.name}`" + (", by name" if a.by_name else ""), a.value, _default(a)) for a in op.attributes]
    return "\n\n".join([*facts, *([table(("attribute", "value", "default"), rows)] if rows else [])])


def _default(attribute: Attribute) -> str:
    return f"`{attribute.default}`" if attribute.default not in ("", "none") else attribute.default or "required"


def refusals() -> str:
    """What netspec refuses although torch takes it."""
    return "\n".join(f"- {reason}" for reason in LISTED_REFUSALS.values())


# ----------------------------------------------------------------------------------------------------- initial values


def initials() -> str:
    """The functions of torch.nn.init with their parameters."""
    return table(("function", "parameters"), ((f"`{name}`", _signature(p)) for name, p in FUNCTIONS.items()))


def _signature(parameters: Mapping[str, Any]) -> str:
    texts = (n if default is ... else f"{n}={default!r}".replace("'", '"') for n, default in parameters.items())
    return ", ".join(f"`{text}`" for text in texts) or "none"


# ----------------------------------------------------------------------------------------------------- codes, limits

GROUPS = {
    "NS1": "Syntax", "NS2": "Names, values, arguments", "NS3": "Shapes", "NS4": "Structure", "NS5": "Warnings",
    "NS6": "Limits", "NS7": "Imports and files", "NS8": "Building and running",
}  # fmt: skip


def codes() -> str:
    """Every code, with a link to its page."""
    rows = ((f"[{code}](codes/{code}.md)", GROUPS[code[:3]], text) for code, text in CODES.items())
    return table(("code", "group", "stands for"), rows)


_example = re.compile(r"^```netspec (wrong|right)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code_page(code: str) -> str:
    """The page of a code, with what netspec says of the wrong example."""

    def shown(found: re.Match[str]) -> str:
        example = next(e for e in examples(code) if e.text == found[2] and e.right == (found[1] == "right"))
        block = f"```netspec\n{found[2]}```"
        return block if example.right else f"{block}\n\n```text\n{outcome(example).stderr.rstrip()}\n```"

    return _example.sub(shown, page(code))


def outcome(example: Example) -> Result:
    """What the command of an example gives, run in a folder of its own."""
    command, *options = shlex.split(example.command)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("example.netspec").write_text(example.text, encoding="utf-8")
        return CliRunner().invoke(command_line, [command, "example.netspec", *options], catch_exceptions=False)


def limit_table() -> str:
    """The limits with the comments that stand above them."""
    found = re.findall(r"^#: (.+)\n([A-Z_]+) = ", inspect.getsource(limits), re.MULTILINE)
    return table(
        ("limit", "value", "of what"),
        ((f"`{name}`", f"{getattr(limits, name):,}", text.replace("``", "`")) for text, name in found),
    )


PARTS: dict[str, Part] = {
    "ops": Part("ops.md", ops),
    "refusals": Part("ops.md", refusals),
    "initials": Part("language.md", initials),
    "codes": Part("diagnostics.md", codes),
    "limits": Part("limits.md", limit_table),
}

# ----------------------------------------------------------------------------------------------------- writing


def with_part(text: str, name: str) -> str:
    """A page with its part as it should be now."""
    begin, end = f"<!-- {name}: generated by docs/generate.py -->", f"<!-- /{name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the page lacks {begin} … {end}")
    return f"{before}{begin}\n\n{PARTS[name].text()}\n\n{end}{after}"


class Drawn(NamedTuple):
    """What a picture is drawn of; ``level`` and the like are as for `netspec render`. With arguments ``after`` it shows
    what changes with them."""

    spec: str
    network: str | None = None
    level: str | None = None
    block: str | None = None
    after: Mapping[str, Any] | None = None


#: The pictures of the pages, by name.
PICTURES = {
    "resnet3d50": Drawn("specs/resnet3d50.netspec"),
    "resnet3d50_bottleneck": Drawn("specs/resnet3d50.netspec", level="blocks", block="Bottleneck3d"),
    "resnet3d50_layer2": Drawn("specs/resnet3d50.netspec", level="ops", block="layer2"),
    "bottleneck": Drawn("specs/mdnc/blocks.netspec", "BlockBottleneck", "blocks"),
    "encoder": Drawn("specs/mdnc/networks.netspec", "EncoderNet", "schematic"),
    "unet": Drawn("specs/mdnc/networks.netspec", "UNet", "schematic"),
    "changes": Drawn("specs/pyskl/resnet3d.netspec", after={"advanced": True}),
}


def draw(folder: Path) -> None:
    """The pictures of the documentation, as SVG and as Mermaid."""
    for name, picture in PICTURES.items():
        with contextlib.chdir(ROOT):  # places in a picture are relative paths
            drawn = _drawn(picture)
        for ending in ("svg", "mmd"):
            render(drawn, folder / f"{name}.{ending}", level=picture.level, block=picture.block)


def _drawn(picture: Drawn) -> Graph | Outline | Difference:
    spec = load(picture.spec)
    if picture.level == "schematic":
        return spec.outline(picture.network)
    graph = spec.elaborate(picture.network)
    return diff(graph, spec.elaborate(picture.network, **picture.after)) if picture.after else graph


def main() -> None:
    for name, part in PARTS.items():
        page = HERE / part.page
        page.write_text(with_part(page.read_text(encoding="utf-8"), name), encoding="utf-8")
    for code in CODES:
        (HERE / "codes" / f"{code}.md").write_text(code_page(code), encoding="utf-8")
    draw(HERE / "images")


if __name__ == "__main__":
    main()
