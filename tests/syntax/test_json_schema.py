"""The JSON Schema of the JSON form: whole, and agreeing with what is read."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from netspec.source import Source
from netspec.syntax import ast
from netspec.syntax.annotations import ANNOTATIONS
from netspec.syntax.json_form import json_text, read_json
from netspec.syntax.json_form.schema import schema
from tests.syntax.json_laws import from_text
from tests.syntax.strategy import documents
from tests.syntax.test_json import SPECS
from tests.syntax.test_json_mistakes import SPEC

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def test_it_is_a_schema_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


def _described(where: str, part: Any) -> Iterator[tuple[str, Any]]:
    """Every definition and field of a schema, and every choice that is not a definition."""
    for key in ("properties", "$defs"):
        for name, inner in part.get(key, {}).items():
            yield f"{where}/{name}", inner
            yield from _described(f"{where}/{name}", inner)
    for key in ("oneOf", "anyOf"):
        for number, inner in enumerate(part.get(key, [])):
            yield from [] if "$ref" in inner else [(f"{where}/{key}/{number}", inner)]
            yield from _described(f"{where}/{key}/{number}", inner)


def test_every_definition_and_field_has_a_title_and_a_description() -> None:
    described = dict(_described("", SCHEMA))
    assert len(described) > 150
    bare = [where for where, part in described.items() if not {"title", "description"} <= part.keys()]
    assert bare == []


@pytest.mark.parametrize("path", SPECS, ids=[p.stem for p in SPECS])
def test_specs_fit(path: Path) -> None:
    VALIDATOR.validate(json.loads(json_text(from_text(path.read_text(encoding="utf-8")))))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents())
def test_what_is_written_fits(document: ast.Document) -> None:
    VALIDATOR.validate(json.loads(json_text(document)))


def test_the_annotations_are_those_of_the_language() -> None:
    assert SCHEMA["$defs"]["AnnotationCall"]["properties"]["name"]["enum"] == list(ANNOTATIONS)


#: Where something is put into a right spec, what is put there, and whether that is right too.
CHANGES: list[tuple[list[str | int], Any, bool]] = [
    ([], {"netspec": 1, "declarations": []}, True),
    ([], [], False),
    (["netspec"], 2, False),
    (["netspec"], "1", False),
    (["$schema"], "netspec.schema.json", True),
    (["more"], 1, False),
    (["declarations"], {}, False),
    (["declarations", 0, "names"], [], False),
    (["declarations", 0, "names", 0], {"name": "A", "as": "B"}, True),
    (["declarations", 0, "names", 0], {"name": "A"}, False),
    (["declarations", 0], {"use": "std/conv", "block": "A"}, False),
    (["declarations", 1, "block"], "for", False),
    (["declarations", 1, "block"], "a-b", False),
    (["declarations", 1, "params", 0], "planes", True),
    (["declarations", 1, "params", 0], {"rest": "more"}, True),
    (["declarations", 1, "params", 0], {"type": "int"}, False),
    (["declarations", 1, "params", 0, "default"], None, True),
    (["declarations", 1, "params", 0, "type"], None, False),
    (["declarations", 1, "body", 0], {"input": "x", "dims": "*"}, True),
    (["declarations", 1, "body", 0], {"input": "x", "dims": "B, C"}, False),
    (["declarations", 1, "body", 0], {"input": "x", "dims": [None]}, False),
    (["declarations", 1, "body", 0], {"input": "x", "where": []}, False),
    (["declarations", 1, "body", 0], {"for": [["i"]], "in": "xs", "body": []}, True),
    (["declarations", 1, "body", 0], {"for": "i", "in": "xs"}, False),
    (["declarations", 1, "body", 0], {"if": "a", "then": [], "elif": [{"if": "b", "then": []}], "else": []}, True),
    (["declarations", 1, "body", 0], {"if": "a", "then": [], "elif": [{"if": "b"}]}, False),
    (["declarations", 1, "body", 0], {"if": {"expr": "a"}, "then": []}, False),
    (["declarations", 1, "body", 0], {"freeze": {"op": "Conv2d"}, "settings": {"weight": 0}}, False),
    (["declarations", 1, "body", 0], {"init": "a", "settings": {"weight": 0}}, True),
    (["declarations", 1, "body", 0], {"output": "x", "steps": ["a"]}, False),
    (["declarations", 1, "body", 0], "input x", False),
    (["declarations", 1, "body", 0], {}, False),
    (["declarations", 1, "body", 1, "steps", 0], "flatten()", True),
    (["declarations", 1, "body", 1, "steps", 0], "", False),
    (["declarations", 1, "body", 1, "steps", 0], ["flatten()"], False),
    (["declarations", 1, "body", 1, "steps", 0], {"label": "a", "expr": "layer", "if": "c", "else": "b"}, True),
    (["declarations", 1, "body", 1, "steps", 0], {"label": "a"}, False),
    (["declarations", 1, "body", 1, "steps", 0], {"op": "F", "else": "G()"}, False),
    (["declarations", 1, "body", 1, "steps", 0], {"repeat": -1, "op": "F"}, False),
    (["declarations", 1, "body", 1, "steps", 0], {"repeat": 1.5, "op": "F"}, False),
    (["declarations", 1, "body", 1, "steps", 0], {"repeat": 0, "op": "F"}, True),
    (["declarations", 1, "body", 1, "steps", 0], {"repeat": "n - 1", "list": ["F()"]}, True),
    (["declarations", 1, "body", 1, "steps", 0], {"op": "F", "expr": "G"}, False),
    (["declarations", 1, "body", 1, "steps", 0], {"op": "F", "list": []}, False),
    (["declarations", 1, "body", 1, "steps", 0], {"list": {"each": "F()", "for": "i", "in": "xs"}}, True),
    (["declarations", 1, "body", 1, "steps", 0], {"op": "F", "annotations": ["hid"]}, False),
    (["declarations", 1, "body", 1, "steps", 0, "args", 0], {"dict": [["a", 1]]}, True),
    (["declarations", 1, "body", 1, "steps", 0, "args", 0], {"dict": [["a"]]}, False),
    (["declarations", 1, "body", 1, "steps", 0, "args", 0], {"a": 1}, False),
    (["declarations", 1, "body", 1, "steps", 0, "args", 0], {"op": "F", "label": "a"}, False),
    (["declarations", 1, "body", 1, "steps", 0, "kwargs"], {"**": {"expr": "options"}}, True),
    (["declarations", 1, "body", 1, "steps", 0, "kwargs"], {"a-b": 1}, False),
    (["declarations", 1, "body", 1, "steps", 0, "stage"], "true", False),
    (["declarations", 1, "body", 1, "tensor"], ["a", "*b", "c[i]"], True),
    (["declarations", 1, "body", 1, "tensor"], [], False),
    (["declarations", 1, "body", 1, "from"], 3, False),
]  # fmt: skip


@pytest.mark.parametrize(("place", "new", "right"), CHANGES, ids=[json.dumps([*c[0], c[1]]) for c in CHANGES])
def test_the_schema_takes_what_netspec_reads(place: list[Any], new: Any, right: bool) -> None:
    data = json.loads(SPEC)
    changed = {"": copy.deepcopy(data)}
    inner: Any = changed
    for key in ["", *place][:-1]:
        inner = inner[key]
    inner[["", *place][-1]] = new
    text = json.dumps(changed[""])
    assert VALIDATOR.is_valid(json.loads(text)) is right
    document, mistakes = read_json(Source("a.json", text))
    assert (document is not None) is right, "\n".join(map(str, mistakes))
