"""Every fenced block of README.md and docs/ runs, and what it prints is what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs import generate
from tests.docs.blocks import blocks_of, matches
from tests.docs.running import ROOT, reader, run

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_blocks_run(page: Path, tmp_path: Path) -> None:
    with reader(tmp_path):
        wrong = [
            f"{r.block.place} is expected to print\n{r.expected}\nand prints\n{r.actual}"
            for r in run(blocks_of(page), tmp_path)
            if not matches(r.expected, r.actual)
        ]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("name", generate.PARTS)
def test_generated_parts_are_up_to_date(name: str) -> None:
    page = ROOT / "docs" / generate.PARTS[name].page
    text = page.read_text(encoding="utf-8")
    assert generate.with_part(text, name) == text, "run `python -m docs.generate`"


@pytest.mark.parametrize("name", generate.PICTURES)
def test_pictures_are_up_to_date(name: str, tmp_path: Path) -> None:
    """Mermaid byte for byte, the SVG by what can be read in it: where that stands depends on the Graphviz."""
    generate.draw(tmp_path)
    kept = ROOT / "docs" / "images"
    assert (kept / f"{name}.mmd").read_bytes() == (tmp_path / f"{name}.mmd").read_bytes(), (
        "run `python -m docs.generate`"
    )
    assert _texts(kept / f"{name}.svg") == _texts(tmp_path / f"{name}.svg"), "run `python -m docs.generate`"


def _texts(path: Path) -> list[str]:
    return sorted("".join(e.itertext()) for e in ElementTree.parse(path).iter() if e.tag.endswith("}text"))


def test_readme_has_the_two_commands() -> None:
    assert [b.text for b in blocks_of(ROOT / "README.md") if b.language == "sh"] == [
        'pip install -c constraints.txt -e ".[render]" && '
        "netspec build specs/resnet3d50.netspec --input clip=1,3,8,64,64 --out out/\n",
        'pip install -c constraints.txt -e ".[test]" && pytest\n',
    ]


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in _anchors(target), f"{path}#{anchor}"


def _anchors(page: Path) -> set[str]:
    """The names under which headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_the_rooms_of_the_architecture_exist() -> None:
    rows = re.findall(
        r"^\| `(\w+)(?:/|\.py)` \| (.*) \|$", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE
    )
    rooms = {p.stem for p in (ROOT / "netspec").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert {room for room, _ in rows} - {"std"} == rooms - {"__init__", "__main__"}
    for room, text in rows:
        folder = ROOT / "netspec" / room
        names = re.findall(r"`([a-z_]+(?:\.[a-z]+)?)`", text) if folder.is_dir() else ()
        assert [n for n in names if not (folder / n).exists() and not (folder / f"{n}.py").exists()] == [], room


def test_an_unknown_marker_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```netspec eror\nnetspec 1\n```\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page.md:2: .*'netspec eror'"):
        blocks_of(page)


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("a\nb\n", "a\nb", True),
        ("a\nb\n", "a\nb\nc\n", False),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\n", "a\n", True),
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b\nc\n", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_ellipses(expected: str, actual: str, same: bool) -> None:
    assert matches(expected, actual) == same
