"""Finding and running a Graphviz: the order of the search, and what becomes of programs that misbehave."""

from __future__ import annotations

import os
import stat
import time
import warnings
from pathlib import Path

import pytest

from netspec.render import RenderError, RenderWarning, format_of, picture_file, picture_text
from netspec.render.formats.layout import laid_out, output
from netspec.render.formats.programs import programs
from netspec.render.formats.running import Failed, run
from tests.render import networks
from tests.texts import graph_of

SOURCE = "digraph { a -> b }"
INSTALL = 'install the renderer: pip install "netspec[render]" (or Graphviz), or write .dot or .mmd'


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
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path / "scripts"))
    return tmp_path


def laid() -> bytes:
    return laid_out("svg", lambda program: output(program, SOURCE, "-Tsvg"))


def message() -> str:
    with pytest.raises(RenderError) as error:
        laid()
    text = str(error.value)
    assert "\n" not in text
    return text


def failure(folder: Path, text: str, **limits: float) -> str:
    with pytest.raises(Failed) as error:
        run([str(script(folder, text))], b"", **limits)  # type: ignore[arg-type]
    return str(error.value)


# --------------------------------------------------------------------------------------------------- the search


def test_nothing_found_tells_what_to_install(bare: Path) -> None:
    assert message() == f"no Graphviz to draw .svg with: {INSTALL}"


def test_the_variable_comes_first_and_alone(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare, "echo path")
    mine = script(bare, "echo mine", "my-dot")
    for named in (str(mine), "my-dot"):
        monkeypatch.setenv("NETSPEC_DOT", named)
        assert [p.path for p in programs()] == [str(mine)]
        assert laid() == b"mine\n"


@pytest.mark.parametrize("what", ["nowhere/dot", "plain", "."])
def test_a_variable_that_names_no_program_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Neither a file that is not there, nor one that cannot be executed, nor a folder; `dot` does not step in."""
    script(bare, "echo path")
    (bare / "plain").write_text("no program")
    monkeypatch.setenv("NETSPEC_DOT", str(bare / what))
    assert message() == (
        f"NETSPEC_DOT is `{bare / what}`, which is no program: set it to a Graphviz `dot`, or unset it"
    )


def test_a_variable_whose_program_fails_is_told_and_not_replaced(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare, "echo path")
    monkeypatch.setenv("NETSPEC_DOT", str(script(bare, "exit 3", "my-dot")))
    assert message() == (
        f"NETSPEC_DOT={bare / 'my-dot'} failed (exit status 3): set NETSPEC_DOT to another Graphviz `dot`, or unset it"
    )


def test_dot_on_path_comes_before_graphviz_pure(bare: Path) -> None:
    script(bare, "echo pure", "graphviz-pure")
    assert [p.name for p in programs()] == ["graphviz-pure"]
    script(bare, "echo path")
    assert [p.name for p in programs()] == ["dot", "graphviz-pure"]
    assert laid() == b"path\n"


def test_graphviz_pure_is_found_beside_the_python_that_runs(bare: Path) -> None:
    (bare / "scripts").mkdir()
    pure = script(bare / "scripts", "echo pure", "graphviz-pure")
    assert [p.path for p in programs()] == [str(pure)]


def test_a_program_in_the_working_folder_is_not_run(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare, "echo stranger")
    monkeypatch.chdir(bare)
    for path in (".", "", f".{os.pathsep}"):
        monkeypatch.setenv("PATH", path)
        assert list(programs()) == []


@pytest.mark.parametrize("text", ["kill -SEGV $$", "exit 1", "echo no; exit 2", "true"])
def test_a_failure_makes_room_for_the_next_and_is_told(bare: Path, text: str) -> None:
    script(bare, text)
    assert message().startswith("dot ")
    script(bare, "echo pure", "graphviz-pure")
    with pytest.warns(RenderWarning, match=r"^dot .*; drawn by graphviz-pure$"):
        assert laid() == b"pure\n"


def test_all_failures_are_told_in_order(bare: Path) -> None:
    script(bare, "kill -SEGV $$")
    script(bare, "exit 7", "graphviz-pure")
    assert message() == f"dot crashed (signal 11); graphviz-pure failed (exit status 7): {INSTALL}"


# --------------------------------------------------------------------------------------------------- one program


def test_a_failure_is_told_with_the_line_that_speaks_of_an_error(bare: Path) -> None:
    assert failure(bare, "echo hm >&2; echo 'Error: line 1' >&2; exit 3") == "failed (exit status 3): Error: line 1"
    assert failure(bare, "echo hm >&2; echo more >&2; exit 3") == "failed (exit status 3): hm"
    assert failure(bare, r"printf '\033[31mError\007' >&2; exit 1") == "failed (exit status 1): \ufffd[31mError\ufffd"


def test_time_is_limited_for_all_that_a_program_starts(bare: Path) -> None:
    late = bare / "late"
    start = time.monotonic()
    assert failure(bare, f"(/bin/sleep 0.7; echo > {late}) & wait", time_limit=0.1) == "took more than 0.1 seconds"
    time.sleep(max(0, 1 - (time.monotonic() - start)))
    assert not late.exists()


def test_output_is_limited(bare: Path) -> None:
    assert failure(bare, "while :; do echo 0123456789; done", most_bytes=1000) == "wrote more than 1,000 bytes"
    assert failure(bare, "exit 0") == "wrote nothing"


def test_a_program_that_does_not_read_is_no_problem(bare: Path) -> None:
    assert run([str(script(bare, "echo done"))], b"x" * 1_000_000) == b"done\n"


def test_what_is_no_program_is_told(bare: Path) -> None:
    file = bare / "dot"
    file.write_bytes(b"\x7fELF nonsense")
    file.chmod(0o755)
    assert message().startswith("dot does not start (")


def test_nothing_of_our_environment_changes_a_picture(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOTFONTPATH", "GVBINDIR", "SERVER_NAME", "SECRET_TOKEN"):
        monkeypatch.setenv(name, "here")
    said = run([str(script(bare, "/usr/bin/env"))], b"").decode()
    assert "here" not in said
    assert "LC_ALL=C.UTF-8" in said.splitlines()


def test_the_source_is_given_as_input_and_options_as_they_are(bare: Path) -> None:
    script(bare, 'printf "%s|" "$@"; /bin/cat')
    assert laid() == b"-Tsvg|digraph { a -> b }"


# --------------------------------------------------------------------------------------------------- pictures


def test_garbage_is_told(bare: Path) -> None:
    script(bare, "echo 'not xml <'")
    graph = graph_of(networks.BACKBONE)
    with pytest.raises(RenderError, match=r"^dot wrote no SVG \(.*\): install"):
        picture_text(graph, "svg")
    script(bare, "echo '<html/>'")
    with pytest.raises(RenderError, match=r"^dot wrote no SVG: install"):
        picture_text(graph, "svg")


def test_a_picture_by_the_next_program_comes_with_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NETSPEC_DOT", raising=False)
    graph = graph_of(networks.BACKBONE)
    monkeypatch.setenv("PATH", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alone = picture_text(graph, "svg")  # by graphviz-pure, beside this Python
    script(tmp_path, "echo garbage")
    with pytest.warns(RenderWarning, match="drawn by graphviz-pure"):
        assert picture_text(graph, "svg") == alone


def test_the_ending_decides() -> None:
    endings = ("mmd", "dot", "svg", "SVG", "png")
    assert [format_of(f"x.{e}") for e in endings] == ["mmd", "dot", "svg", "svg", "png"]
    with pytest.raises(ValueError, match=r"there is no format `gif`: there are mmd, dot, svg, png"):
        format_of("x.gif")


def test_unknown_names_are_told() -> None:
    graph = graph_of(networks.BACKBONE)
    with pytest.raises(ValueError, match="there is no format `pdf`"):
        picture_text(graph, "pdf")
    with pytest.raises(ValueError, match="there is no level `atoms`"):
        picture_text(graph, "mmd", level="atoms")
    with pytest.raises(ValueError, match="there is no theme `pink`: did you mean `print`"):
        picture_text(graph, "mmd", theme="pink")
    with pytest.raises(ValueError, match="there is no theme `7`: there are light, dark, print"):
        picture_file(graph, "mmd", theme="7")
