"""The formatter: comments, those for the lints too, and blank lines."""

from __future__ import annotations

import pytest

from netspec.check import check_all
from netspec.diagnostics import Diagnostic
from netspec.files import read_import
from netspec.source import Source
from tests.syntax.laws import formatted
from tests.syntax.test_format import body


def test_comments_stay_where_they_belong():
    text = body(
        "# first",
        "",
        "input x  # beside",
        "",
        "# before y",
        "y = x",
        "    # before a step",
        "    -> a: Conv2d(",
        "        64,  # width",
        "        # before an argument",
        "        3,",
        "        # after all arguments",
        "    )  # after a step",
        "if c {  # why",
        "    y = x",
        "    # end of the body",
        "}  # after it",
        "# before else",
        "else {",
        "    # a comment alone",
        "}",
        "output y",
        "# end of the block",
    )
    assert formatted(text) == text


def test_comments_before_the_first_line_and_after_the_last():
    text = "# a\n\n## b\nnetspec 1  # c\n\n# d\n"
    assert formatted(text) == text


def test_a_comment_where_no_line_can_end_stands_at_the_end_of_the_line():
    assert formatted(body("let a = f(b=  # why", "3, c=4)")) == body("let a = f(", "    b=3,  # why", "    c=4,", ")")


def test_blank_lines_are_kept_one_at_a_time():
    assert formatted(body("", "input x", "", "", "output x", "")) == body("input x", "", "output x")


def test_blocks_stand_apart_and_examples_may_follow_them():
    text = "netspec 1\nconst a = 1\nblock B() {}\nexample B()\n# about C\nblock C() {}\nconst b = 2\n"
    assert formatted(text) == (
        "netspec 1\n\nconst a = 1\n\nblock B() {}\nexample B()\n\n# about C\nblock C() {}\n\nconst b = 2\n"
    )


def test_a_line_that_lint_comments_are_about_stays_whole():
    line = "block B(a: int, b: int) { input x; output x }  # netspec: allow NS505, NS502 both"
    assert formatted(f"netspec 1\n\n{line}\n") == f"netspec 1\n\n{line}\n"
    above = "# netspec: allow NS505\nblock B(a: int, b: int) { input x; output x }\n"
    assert formatted(f"netspec 1\n\nconst a = 1\n\n{above}") == f"netspec 1\n\nconst a = 1\n\n{above}"


LONG = "output x -> conv: Conv(64, 3, padding=1, bias=True) -> norm: BatchNorm() -> relu: ReLU() -> next: Conv(8, 3)"


@pytest.mark.parametrize("lines", [
    (f"{LONG}  # netspec: allow NS501 published",),
    ("# netspec: allow NS501 published", LONG),
    ("output x -> conv: Conv(64, 3, bias=True)  # netspec: allow NS501 published", "         -> norm: BatchNorm()"),
    ("output x -> conv: Conv(64, 3,  # netspec: allow NS501 published", "    bias=True,", ") -> norm: BatchNorm()"),
    ("# netspec: allow NS501 published", "output x -> conv: Conv(64, 3,  # the kernel", "    bias=True,",
     ") -> norm: BatchNorm()"),
])  # fmt: skip
def test_what_a_lint_comment_allows_stays_allowed(lines):
    text = body("input x: [B, c, L]", *lines).replace("block B()", "network N(c: int = 3)")
    assert [d.code for d in warnings(text.replace("netspec: allow", ""))] == ["NS501"]
    for each in (text, text.replace(", bias", ",bias"), text.replace("    ", "  ")):
        assert [d.code for d in warnings(each)] == []
        once = formatted(each)
        assert [d.code for d in warnings(once)] == []
        assert formatted(once) == once
        assert LONG not in each or LONG in once


def warnings(text: str) -> list[Diagnostic]:
    return list(check_all(Source("a.netspec", text), read_import)[1])


def test_a_line_below_a_lint_comment_goes_on_in_brackets():
    text = body("# netspec: allow NS510 x", "input x: [B, c,  # c", " H]")
    once = body("# netspec: allow NS510 x", "input x: [B, c,  # c", "    H,", "]")
    assert formatted(text) == once
    assert formatted(once) == once


def test_a_statement_that_could_not_keep_the_line_of_a_lint_comment_stays_as_written():
    text = body("let total = (first+  # netspec: allow NS501 why", "         second)", "let b = 1")
    assert formatted(text.replace("b = 1", "b=1")) == text


def test_comments_stay_beside_what_commas_part():
    text = body(
        "input x: [B, L] where L >= 3,  # the kernel",
        "    L % 2 == 0,                # halved once",
        "    # as measured",
        "    L <= 100                   # memory",
        "assert a > 2,  # why",
        '    "a is 3"',
        "order a,  # one",
        "    b,    # two",
        '    "c"',
        "output y,  # the features",
        "    z      # the logits",
    )
    assert formatted(text) == text
    assert formatted(text.replace("    b,    # two\n    ", "b, # two\n")) == text


def test_a_doc_comment_that_documents_nothing_does_not_come_to_document_something():
    text = "netspec 1\n\nblock B(\n    a: int = (1  ## not the doc of a\n    ),\n) {}\n"
    assert "a: int = 1,  # not the doc of a\n" in formatted(text)
