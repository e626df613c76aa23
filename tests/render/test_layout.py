"""Finding and running a Graphviz."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from netspec.render import RenderError, format_of, picture_text
from netspec.render.formats.layout import lay_out, programs
from tests.render import networks
from tests.texts import graph_of

SOURCE = "digraph { a -> b }"


def script(folder: Path, text: str, name: str = "dot") -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A PATH with one empty folder, nothing installed beside the Python."""
    monkeypatch.delenv("NETSPEC_DOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    return tmp_path


def message(**options: float) -> str:
    with pytest.raises(RenderError) as error:
        lay_out(SOURCE, "svg", **options)
    text = str(error.value)
    assert "\n" not in text
    return text


def test_nothing_found_tells_what_to_install(bare: Path) -> None:
    assert message() == (
        'no Graphviz to draw .svg with: install the renderer: pip install "netspec[render]" (or Graphviz), '
        "or write .dot or .mmd"
    )


def test_the_variable_comes_first_and_alone(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare, "echo path")
    mine = script(bare, "echo mine", "my-dot")
    monkeypatch.setenv("NETSPEC_DOT", str(mine))
    assert [p.path for p in programs()] == [str(mine)]
    assert lay_out(SOURCE, "svg") == b"mine\n"


def test_a_variable_that_names_nothing_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare, "echo path")
    monkeypatch.setenv("NETSPEC_DOT", "/nowhere/dot")
    assert message() == "NETSPEC_DOT is `/nowhere/dot`, which is no program: set it to a Graphviz `dot`, or unset it"


def test_dot_on_path_comes_before_graphviz_pure(bare: Path) -> None:
    script(bare, "echo pure", "graphviz-pure")
    assert [p.name for p in programs()] == ["graphviz-pure"]
    script(bare, "echo path")
    assert [p.name for p in programs()] == ["dot", "graphviz-pure"]
    assert lay_out(SOURCE, "svg") == b"path\n"


def test_a_crash_makes_room_for_the_next(bare: Path) -> None:
    script(bare, "kill -SEGV $$")
    assert "dot crashed (signal 11)" in message()
    script(bare, "echo pure", "graphviz-pure")
    assert lay_out(SOURCE, "svg") == b"pure\n"


def test_a_failure_is_told_with_its_reason(bare: Path) -> None:
    script(bare, "echo 'syntax error in line 1' >&2; echo more >&2; exit 3")
    assert message().startswith("dot failed (exit status 3): syntax error in line 1: install")


def test_time_is_limited(bare: Path) -> None:
    script(bare, "exec /bin/sleep 30")
    assert message(time_limit=0.2).startswith("dot took more than 0.2 seconds: install")


def test_what_is_no_program_is_told(bare: Path) -> None:
    file = bare / "dot"
    file.write_bytes(b"\x7fELF nonsense")
    file.chmod(0o755)
    assert "dot does not start" in message()


def test_no_svg_is_told(bare: Path) -> None:
    script(bare, "echo 'not xml <'")
    with pytest.raises(RenderError, match="the renderer wrote no SVG"):
        picture_text(graph_of(networks.BACKBONE), "svg")


def test_the_ending_decides() -> None:
    assert [format_of(f"x.{e}") for e in ("mmd", "dot", "svg", "SVG")] == ["mmd", "dot", "svg", "svg"]
    with pytest.raises(ValueError, match=r"there is no format `gif`: there are mmd, dot, svg"):
        format_of("x.gif")


def test_unknown_names_are_told() -> None:
    graph = graph_of(networks.BACKBONE)
    with pytest.raises(ValueError, match="there is no format `png`"):
        picture_text(graph, "png")
    with pytest.raises(ValueError, match="there is no level `atoms`"):
        picture_text(graph, "mmd", level="atoms")
    with pytest.raises(ValueError, match="there is no theme `pink`: did you mean `print`"):
        picture_text(graph, "mmd", theme="pink")
    with pytest.raises(ValueError, match="there is no theme `7`: there are light, dark, print"):
        picture_text(graph, "mmd", theme="7")
