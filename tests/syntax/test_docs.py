"""``##`` comments belong to the declaration, parameter or input below them, or before them on their line."""

from __future__ import annotations

from typing import Any

from tests.syntax.test_examples import document_of

SPEC = """\
netspec 1

## About the file,
## in two lines.
use "std/conv" { A }

## The depths.
const depths = (1, 2)
const widths = (3, 4)  ## The widths.

## No documentation: a comment between.

## Rounds
# (not said)
## to eights.
fn round8(c) = c  ## not this one

## A unit.
block Unit(
    ## How many planes.
    planes: int,
    stride: int = 1,  ## The stride.
    act: block = ReLU  ## The activation.
) {
    ## Two inputs.
    input x, y
    input clip: [B]  ## The clip.
    ## A constant.
    const k = 1
    ## Said of nothing.
    z = x
}

###### a line ######
block Plain() {  ## A plain one.
}
## The variant.
network Wide = Unit(2)
"""


def test_docs() -> None:
    document = document_of(SPEC)
    docs: list[Any] = [getattr(d, "doc", None) for d in document.declarations]
    assert document.doc == "About the file,\nin two lines."
    assert docs == [None, "The depths.", "The widths.", "Rounds\nto eights.", "A unit.", "A plain one.", "The variant."]


def test_docs_of_parameters_and_inputs() -> None:
    unit: Any = document_of(SPEC).declarations[4]
    assert [p.doc for p in unit.params] == ["How many planes.", "The stride.", "The activation."]
    assert [s.doc for s in unit.body[:4]] == ["Two inputs.", "Two inputs.", "The clip.", "A constant."]


def test_doc_of_the_only_block_is_not_that_of_the_file() -> None:
    document = document_of("netspec 1\n\n## A unit.\nblock Unit() { }\n")
    assert (document.doc, getattr(document.declarations[0], "doc", None)) == ("", "A unit.")


def test_doc_of_the_file_above_that_of_its_first_block() -> None:
    document = document_of("netspec 1\n## The file.\n\n## A unit.\nblock Unit() { }\n")
    assert (document.doc, getattr(document.declarations[0], "doc", None)) == ("The file.", "A unit.")


def test_doc_of_the_file_above_the_edition() -> None:
    assert document_of("## The file.\nnetspec 1\nblock Unit() { }\n").doc == "The file."


def test_docs_may_stand_anywhere() -> None:
    text = "netspec 1 ## a\nblock A() { x = [ ## b\n 1, ## c\n 2 ## d\n ] ## e\n ## f\n } ## g\n## h\n"
    assert len(document_of(text).declarations) == 1
