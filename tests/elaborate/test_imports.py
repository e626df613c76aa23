"""Imports: from the standard library, and from files below the spec's folder; nothing else is ever opened."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from netspec import limits
from netspec.check import check_all, errors
from netspec.diagnostics import Diagnostic
from netspec.files import read_import, read_spec
from netspec.source import Source

NET = "network Net() { input x: [B, 4, H, W]; output x -> a: A() }"
BLOCK = "netspec 1\nblock A() { input x; output x -> c: Conv2d(3, 1) }\n"


def write(folder: Path, **files: str) -> Path:
    """Files by name, an underscore for a slash; the folder's ``main.netspec``."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".netspec")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if text.startswith("netspec") else f"netspec 1\n{text}\n", encoding="utf-8")
    return folder / "main.netspec"


def found(spec: Path) -> tuple[Diagnostic, ...]:
    start = time.process_time()
    diagnostics = errors(check_all(read_spec(spec), read_import)[1])
    assert time.process_time() - start < 5
    return diagnostics


def codes(spec: Path) -> list[str]:
    return [d.code for d in found(spec)]


def use(path: str, names: str = "A") -> str:
    escaped = path.replace("\\", "\\\\")
    return f'use "{escaped}" {{ {names} }}\n{NET}'


def test_a_file_beside_and_below(tmp_path: Path) -> None:
    assert codes(write(tmp_path, main=use("./a.netspec"), a=BLOCK)) == []
    assert codes(write(tmp_path, main=use("./sub/deep/a.netspec"), sub__deep__a=BLOCK)) == []


def test_names_may_be_changed(tmp_path: Path) -> None:
    assert codes(write(tmp_path, main=use("./a.netspec", "A as B0, A"), a=BLOCK)) == []


def test_imports_are_relative_to_the_importing_file(tmp_path: Path) -> None:
    middle = 'use "./a.netspec" { A as Inner }\nblock A() { input x; output x -> i: Inner() }'
    assert codes(write(tmp_path, main=use("./sub/m.netspec"), sub__m=middle, sub__a=BLOCK)) == []


def test_diamonds_are_one_file(tmp_path: Path) -> None:
    side = 'use "./base.netspec" { A, k }\nconst {name} = k'
    main = 'use "./l.netspec" { left }\nuse "./sub/../r.netspec" { right }'.replace("sub/../", "")
    main += '\nuse "./base.netspec" { A }\nconst same = left == right\n' + NET
    spec = write(
        tmp_path,
        main=main,
        l=side.replace("{name}", "left"),
        r=side.replace("{name}", "right"),
        base=BLOCK + "const k = A(  )",
    )
    assert codes(spec) == []


@pytest.mark.parametrize(
    "path",
    [
        "../a.netspec",
        "./../a.netspec",
        "./sub/../../a.netspec",
        "./sub/../a.netspec",
        "/etc/passwd",
        "/a.netspec",
        "a.netspec",
        "~/a.netspec",
        ".\\a.netspec",
        "C:/a.netspec",
        "file:///a.netspec",
        "./a.netspec:b",
        "",
        ".",
        "./",
        "./a",
        "./a.py",
        "std/../a.netspec",
        "http://example.org/a.netspec",
    ],
)
def test_paths_that_are_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "inner").mkdir()
    write(tmp_path, a=BLOCK)
    assert codes(write(tmp_path / "inner", main=use(path), a=BLOCK, sub__a=BLOCK)) == ["NS700"]


def test_control_characters_in_a_path() -> None:
    for path in ("./a\0.netspec", "./a\n.netspec", "./a\x7f.netspec"):
        refused = read_import(path, Source("x", ""))
        assert not isinstance(refused, Source)
        assert not refused.allowed


def test_links_may_not_lead_out(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write(tmp_path, a=BLOCK)
    (inner / "a.netspec").symlink_to(tmp_path / "a.netspec")
    (inner / "out").symlink_to(tmp_path)
    assert codes(write(inner, main=use("./a.netspec"))) == ["NS700"]
    assert codes(write(inner, main=use("./out/a.netspec"))) == ["NS700"]


def test_links_within_the_folder_are_one_file(tmp_path: Path) -> None:
    write(tmp_path, a='use "./loop/a.netspec" { A as Other }\n' + BLOCK.partition("\n")[2])
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert codes(write(tmp_path, main=use("./a.netspec"))) == ["NS702"]
    assert codes(write(tmp_path, main=use("./circle/a.netspec"))) == ["NS701"]


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    (tmp_path / "d.netspec").mkdir()
    os.mkfifo(tmp_path / "f.netspec")
    assert codes(write(tmp_path, main=use("./d.netspec"))) == ["NS701"]
    assert codes(write(tmp_path, main=use("./f.netspec"))) == ["NS701"]
    assert codes(write(tmp_path, main=use("./none.netspec"))) == ["NS701"]
    with pytest.raises(OSError, match="not a regular file"):
        read_spec("/dev/zero")
    with pytest.raises(OSError, match="not a regular file"):
        read_spec(tmp_path / "f.netspec")


def test_sizes_of_files(tmp_path: Path) -> None:
    filler = limits.MAX_SOURCE_BYTES - len(BLOCK) - 1
    spec = write(tmp_path, main=use("./a.netspec"), a=BLOCK + "#" + " " * (filler - 1) + "\n")
    assert (tmp_path / "a.netspec").stat().st_size == limits.MAX_SOURCE_BYTES
    assert codes(spec) == []
    (tmp_path / "a.netspec").write_text(BLOCK + "#" + " " * filler + "\n")
    assert codes(spec) == ["NS701"]


def test_what_is_no_text(tmp_path: Path) -> None:
    spec = write(tmp_path, main=use("./a.netspec"))
    (tmp_path / "a.netspec").write_bytes(b"netspec 1\n\xff\xfe")
    (message,) = found(spec)
    assert (message.code, "not UTF-8" in message.primary.text) == ("NS701", True)


def test_cycles(tmp_path: Path) -> None:
    again = 'use "./main.netspec" { Net }\nblock A() { input x; output x }'
    assert codes(write(tmp_path, main=use("./a.netspec"), a=again)) == ["NS702"]
    assert codes(write(tmp_path, main=use("./main.netspec", "Net as A"))) == ["NS702"]


def test_a_file_that_fails_silences_what_it_would_give(tmp_path: Path) -> None:
    assert codes(write(tmp_path, main=use("./a.netspec"), a="block A( { input x; output x }")) == ["NS104"]


def test_names_that_a_file_does_not_have(tmp_path: Path) -> None:
    assert codes(write(tmp_path, main=use("./a.netspec", "AA as A"), a=BLOCK)) == ["NS703"]


def test_imported_names_are_handed_on(tmp_path: Path) -> None:
    assert codes(write(tmp_path, main=use("./a.netspec"), a='use "./b.netspec" { A }', b=BLOCK)) == []


def test_how_many_and_how_deep(tmp_path: Path) -> None:
    chain = {f"c{i}": f'use "./c{i + 1}.netspec" {{ A }}' for i in range(60)}
    assert codes(write(tmp_path, main=use("./c0.netspec"), c60=BLOCK, **chain)) == ["NS600"]
    most = limits.MAX_DEPTH - 1
    chain = {f"d{i}": f'use "./d{i + 1}.netspec" {{ A }}' for i in range(1, most)}
    assert codes(write(tmp_path, main=use("./d1.netspec"), **chain, **{f"d{most}": BLOCK})) == []
    wide = "\n".join(f'use "./w{i}.netspec" {{ A as A{i} }}' for i in range(limits.MAX_FILES + 5))
    files = {f"w{i}": BLOCK for i in range(limits.MAX_FILES + 5)}
    assert set(codes(write(tmp_path, main=wide + "\n" + NET.replace("A()", "A0()"), **files))) == {"NS600"}


def test_a_spec_without_a_folder_imports_only_the_library() -> None:
    text = 'netspec 1\nuse "std/conv" { ConvModule }\n' + NET.replace("A()", "ConvModule(3, 1)")
    assert check_all(Source("text", text), read_import)[1] == ()
    text = "netspec 1\n" + use("./a.netspec")
    assert [d.code for d in check_all(Source("text", text), read_import)[1]] == ["NS700"]


def test_the_library_imports_only_itself() -> None:
    library = read_import("std/conv", Source("text", ""))
    assert isinstance(library, Source)
    assert not isinstance(read_import("./x.netspec", library), Source)
