"""The formatter: what it does to layouts, comments and blank lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netspec.diagnostics import SpecError
from netspec.source import Source
from netspec.syntax import ast
from netspec.syntax.format import format_document, format_source
from netspec.syntax.format.layout import WIDTH
from tests.diagnostics.literate import cases
from tests.docs.blocks import blocks_of
from tests.syntax.laws import formatted, keeps_comments, parsed, says_the_same

ROOT = Path(__file__).parents[2]
IDENTITY = Path(__file__).with_name("identity.netspec")
SPECS = sorted([*(ROOT / "specs").rglob("*.netspec"), *(ROOT / "netspec").rglob("*.netspec")])
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]  # docs/codes shows mistakes
#: What the documentation formats.
DRAFT = "draft.netspec"
LITERATE = sorted((ROOT / "tests" / "diagnostics").rglob("*.md"))


def body(*lines: str) -> str:
    return "\n".join(["netspec 1", "", "block B() {", *(f"    {line}" if line else "" for line in lines), "}", ""])


def test_every_construct_in_its_layout_stays_as_it_is():
    text = IDENTITY.read_text(encoding="utf-8")
    assert formatted(text) == text


def test_the_constructs_are_all_there():
    found = {type(node) for node in _nodes(parsed(IDENTITY.read_text(encoding="utf-8")))}
    classes = {getattr(ast, name) for name in ast.__all__}
    assert found >= {c for c in classes if dataclasses.is_dataclass(c) and c is not ast.Node}


def _nodes(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            if not field.name.endswith("span") and field.name != "source":
                yield from _nodes(getattr(value, field.name))


# ----------------------------------------------------------------------------------------------------- the repository


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_specs_are_formatted(path):
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text, f"netspec fmt {path}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_specs_in_the_documentation_are_formatted(page):
    for block in blocks_of(page):
        if block.language == "netspec" and not block.fails and block.file != DRAFT:
            assert formatted(block.text) == block.text, block.place


@pytest.mark.parametrize("page", LITERATE, ids=lambda path: path.name)
def test_formatting_the_literate_specs_twice_changes_nothing_more(page):
    for case in cases(page):
        try:
            once = formatted(case.spec)
        except SpecError:
            continue
        assert formatted(once) == once, case.id
        keeps_comments(case.spec)


def test_specs_keep_to_the_width_but_for_comments():
    for path in SPECS:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert len(line) <= WIDTH or line.lstrip().startswith("#"), f"{path}:{number}"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_specs_can_be_written_from_their_trees_alone(path):
    says_the_same(parsed(path.read_text(encoding="utf-8")))


# ----------------------------------------------------------------------------------------------------- layout


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("let a=1+2*3", "let a = 1 + 2 * 3"),
        ("let a = ((1 + 2)) * (3)", "let a = (1 + 2) * 3"),
        ("let a = 'x'", 'let a = "x"'),
        ("let a = 'say \"x\"'", 'let a = "say \\"x\\""'),
        ('let a = "a" "b{c}"', 'let a = "ab{c}"'),
        ("let a = f( x ,y = 2, )", "let a = f(x, y=2)"),
        ("let a = (1,)", "let a = (1,)"),
        ("let a , b = c", "let (a, b) = c"),
        ("let a = 1e-6 + .5 + 1_000", "let a = 1e-6 + .5 + 1_000"),
        ("let a = x if (y if z else w) else v", "let a = x if (y if z else w) else v"),
        ("let a = x if y else (z if w else v)", "let a = x if y else z if w else v"),
        ("let a = all(x for x in y)", "let a = all([x for x in y])"),
        ("output (x)->(relu())", "output x -> relu()"),
        ("output ((x -> relu()))", "output x -> relu()"),
        ("y = x + (x -> relu())", "y = x + (x -> relu())"),
        ("if a {output x}", "if a { output x }"),
        ("for i in a {\n output x\n}", "for i in a { output x }"),
        ("init Conv { weight=0\n bias=1 }", "init Conv { weight = 0, bias = 1 }"),
        ("input x;input y", "input x\n    input y"),
        ("input x,y", "input x, y"),
        ('let a = "{ {1: 2}[1] }"', 'let a = "{ {1: 2}[1]}"'),
        ('let a = "{x # why}"', 'let a = "{x # why}"'),
    ],
)
def test_one_line(written, expected):
    assert formatted(body(written)) == body(expected)


def test_a_chain_that_is_too_long_has_its_arrows_under_each_other():
    written = "main = x -> conv1: Conv2d(width, 3, padding=1) -> bn: BatchNorm2d() -> conv2: Conv2d(width, 3, stride=2)"
    assert formatted(body(written)) == body(
        "main = x -> conv1: Conv2d(width, 3, padding=1)",
        "         -> bn: BatchNorm2d()",
        "         -> conv2: Conv2d(width, 3, stride=2)",
    )


def test_parameters_that_do_not_fit_have_a_line_each():
    params = ", ".join(f"parameter_{n}: int = {n}" for n in range(6))
    text = formatted(f"netspec 1\nblock B({params}) {{}}")
    assert text.splitlines()[2:5] == ["block B(", "    parameter_0: int = 0,", "    parameter_1: int = 1,"]
    assert text.splitlines()[-1] == ") {}"


def test_comments_beside_parameters_stand_in_one_column():
    text = "netspec 1\n\nblock B(\n    a: int,         ## one\n    longer: int,\n    b: int = 1,  # two\n) {}\n"
    assert formatted(text) == (
        "netspec 1\n\nblock B(\n    a: int,      ## one\n    longer: int,\n    b: int = 1,  # two\n) {}\n"
    )


def test_a_line_may_end_behind_a_comma_of_a_statement():
    words = "words " * 12
    assert formatted(body(f'assert depth > 10 and width > 20, "{words}"')) == body(
        "assert depth > 10 and width > 20,", f'    "{words}"'
    )  # fmt: skip
    labels = [f"a_label_of_some_length_{n}" for n in range(5)]
    assert formatted(body(f"order {', '.join(labels)}")) == body(
        f"order {', '.join(labels[:3])},", f"    {', '.join(labels[3:])}"
    )  # fmt: skip


def test_a_long_setting_of_a_policy_stands_in_parentheses():
    setting = " and ".join(f"cond_{n:05}" for n in range(6))
    assert formatted(body(f"init Conv2d {{ weight = {setting} }}")) == body(
        "init Conv2d {", "    weight = (", f"        {setting}", "    ),", "}"
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------- files


def test_line_ends_stay_and_a_byte_order_mark_goes():
    assert formatted("\ufeffnetspec 1\r\n\r\nconst a=1") == "netspec 1\r\n\r\nconst a = 1\r\n"


def test_syntax_errors_are_told():
    with pytest.raises(SpecError, match="NS100"):
        formatted("netspec 1\n\nblock B() {\n    y =\n}\n")


def test_a_tree_with_docs_needs_no_text():
    text = (
        'netspec 1\n\n## The file.\n##\n## Its second part.\nuse "std/conv" { ConvModule }\n\n## A block.\n'
        "block B(\n    a: int,  ## beside\n    ## above,\n    ## on two lines\n    b: int,\n) {\n"
        "    ## an input\n    input x\n}\n"
    )
    assert format_document(parsed(text)) == text


def test_what_no_text_says_is_refused():
    one = parsed("netspec 1\n\nconst a = 1\n")
    constant = one.declarations[0].value
    for value in (float("inf"), float("nan"), 1.2345678901234567e-300):
        constant.value = value
        with pytest.raises(ValueError, match=r"cannot be written|digits"):
            format_document(one)


def test_the_layout_of_a_text_does_not_matter():
    text = IDENTITY.read_text(encoding="utf-8")
    assert formatted(text.replace("    ", "\t")) == text
    assert format_source(Source("a", text + "\n\n\n")) == text
