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
from typing import Any, NamedTuple, get_args

from click.testing import CliRunner, Result

from netspec import limits
from netspec.api import load, render
from netspec.cli.main import main as command_line
from netspec.diagnostics import CODES
from netspec.diagnostics.explanations import Example, examples, page
from netspec.graph.initial import FUNCTIONS
from netspec.ops import registry
from netspec.ops.base import Op
from netspec.ops.contract import LISTED_REFUSALS

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

FAMILIES = {
    "conv": "Convolution", "norm": "Normalisation", "pool": "Pooling", "activation": "Activation", "linear": "Linear",
    "resample": "Resampling", "reshape": "Shape", "join": "Joins", "crop": "Cropping", "index": "Slicing",
    "rearrange": "Rearranging",
}  # fmt: skip
#: What stands in a spec for functions that are written as operators.
WRITTEN = {"add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "index": "x[…]"}
_code = re.compile(r"\n\n\s*(?:x ->|y =|output )[^\0]*$")


def ops() -> str:
    """A section per family of ops: their names, what they do, their attributes."""
    return "\n\n".join(f"### {FAMILIES[f.module]}\n\n{_family(f)}" for f in registry.FAMILIES)


def _family(family: registry.Family) -> str:
    names = (*family.spatial, *family.plain, *family.functions)
    return "\n\n".join(_op(name, name in family.spatial) for name in names)


def _op(name: str, spatial: bool) -> str:
    found = registry.find(name)
    assert found is not None
    op = found.op
    names = f"`{name}`, `{name}1d`, `{name}2d`, `{name}3d`" if spatial else f"`{WRITTEN.get(name, name)}`"
    what = _code.sub("", inspect.getdoc(op) or "").replace("``", "`").replace("`add`", "`a + b`")
    paragraphs = what.split("\n\n")[: 1 if name in WRITTEN else None]
    facts = [f"#### {names}", *(" ".join(p.split()) for p in paragraphs)]
    if op.inferred_names:
        facts.append(f"Inferred from the input: {', '.join(f'`{n}`' for n in op.inferred_names)}.")
    rows = list(_attributes(op)) if name not in WRITTEN else []
    return "\n\n".join([*facts, *([table(("attribute", "value", "default"), rows)] if rows else [])])


def _attributes(op: type[Op]) -> Iterable[tuple[str, str, str]]:
    by_name = op.positional if op.positional is not None else tuple(op.model_fields)
    for name, field in op.model_fields.items():
        if name == op.rest:
            yield "any other name", _value(field), "none"
        elif name not in op.internal:
            default = "required" if field.is_required() else f"`{field.get_default()!r}`".replace("'", '"')
            yield f"`{name}`" + ("" if name in by_name else ", by name"), _value(field), default
    yield from ((f"`{name}`, by name", "a tensor", "none") for name in op.operands)


def _value(field: Any) -> str:
    if field.description:
        return str(field.description)
    words = {bool: "True or False", int: "an int", float: "a number", str: "a string", type(None): "None"}
    choices = (field.annotation,) if field.annotation in words else get_args(field.annotation)
    return " or ".join(words.get(c) or f'"{c}"' for c in choices)


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
    """What a picture is drawn of; ``level`` and the like are as for `netspec render`."""

    spec: str
    network: str | None = None
    level: str = "overview"
    block: str | None = None


#: The pictures of the pages, by name.
PICTURES = {
    "resnet3d50": Drawn("specs/resnet3d50.netspec"),
    "resnet3d50_bottleneck": Drawn("specs/resnet3d50.netspec", level="blocks", block="Bottleneck3d"),
    "bottleneck": Drawn("specs/mdnc/blocks.netspec", "BlockBottleneck", "blocks"),
    "encoder": Drawn("specs/mdnc/networks.netspec", "EncoderNet", "schematic"),
    "unet": Drawn("specs/mdnc/networks.netspec", "UNet", "schematic"),
}


def draw(folder: Path) -> None:
    """The pictures of the documentation, as SVG and as Mermaid."""
    for name, (path, network, level, block) in PICTURES.items():
        with contextlib.chdir(ROOT):  # places in a picture are relative paths
            spec = load(path)
            drawn = spec.outline(network) if level == "schematic" else spec.elaborate(network)
        for ending in ("svg", "mmd"):
            render(drawn, folder / f"{name}.{ending}", level=level, block=block)


def main() -> None:
    for name, part in PARTS.items():
        page = HERE / part.page
        page.write_text(with_part(page.read_text(encoding="utf-8"), name), encoding="utf-8")
    for code in CODES:
        (HERE / "codes" / f"{code}.md").write_text(code_page(code), encoding="utf-8")
    draw(HERE / "images")


if __name__ == "__main__":
    main()
