"""Mistakes in specs in JSON: each is told where it stands, by line, column and path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netspec.check import check_all
from netspec.diagnostics import Diagnostic, applied
from netspec.diagnostics.as_json import as_json
from netspec.diagnostics.places import as_shown
from netspec.diagnostics.sarif import as_sarif
from netspec.files import read_import
from netspec.source import Source
from netspec.syntax.json_form import read_json

#: A spec by hand, in which each case below replaces something.
SPEC = """\
{
  "netspec": 1,
  "declarations": [
    {"use": "std/conv", "names": ["ConvModule"]},
    {
      "block": "Residual",
      "params": [{"name": "planes", "type": "int"}, {"name": "stride", "type": "int[2]", "default": 1}],
      "body": [
        {"input": "x"},
        {"tensor": "main", "from": "x", "steps": [
          {"label": "conv1", "op": "ConvModule", "args": [{"expr": "planes"}, 3],
           "kwargs": {"stride": {"expr": "stride"}}},
          {"label": "conv2", "op": "ConvModule", "args": [{"expr": "planes"}, 3], "kwargs": {"act": null}}
        ]},
        {"tensor": "skip", "from": "x", "steps": [
          {"label": "down", "op": "ConvModule", "args": [{"expr": "planes"}, 1],
           "kwargs": {"stride": {"expr": "stride"}, "act": null}, "if": "x.shape != main.shape"}
        ]},
        {"output": {"from": "main + skip", "steps": [{"label": "relu", "op": "ReLU"}]}}
      ]
    },
    {
      "network": "Small",
      "doc": "A small residual network.",
      "params": [{"name": "classes", "type": "int", "default": 10}],
      "body": [
        {"input": "image", "dims": ["B", 3, "H", "W"]},
        {"output": {"from": "image", "steps": [
          {"label": "stem", "op": "ConvModule", "args": [16, 3]},
          {"label": "layer1", "stage": true, "repeat": 2, "op": "Residual", "args": [16]},
          {"label": "layer2", "stage": true, "list": [
            {"op": "Residual", "args": [32], "kwargs": {"stride": 2}},
            {"op": "Residual", "args": [32]}
          ]},
          {"label": "pool", "op": "AdaptiveAvgPool", "args": [1]},
          "flatten()",
          {"label": "fc", "op": "Linear", "args": [{"expr": "classes"}]}
        ]}}
      ]
    }
  ]
}
"""

_MAIN, _SKIP, _SUM = "$.declarations[1].body[1]", "$.declarations[1].body[2]", "$.declarations[1].body[3].output"
_STEPS = "$.declarations[2].body[1].output.steps"
_STRIDE = f"{_STEPS}[2].list[0].kwargs"

#: What is replaced, by what; the code, the path, what is underlined, and a part of the message or help.
CASES = [
    # no JSON
    ('"args": [16, 3]},', '"args": [16, 3],},', "NS100", f"{_STEPS}[0]", ",", "leave the comma out"),
    ('"act": null}}\n', '"act": None}}\n', "NS100", f"{_MAIN}.steps[1].kwargs.act", "None", "write `null`"),
    ('"flatten()",', '// flat\n"flatten()",', "NS100", _STEPS, "// flat", "JSON has no comments"),
    ('"flatten()",', '"flatten()"', "NS100", _STEPS, "", "put a `,` there"),
    ('"flatten()",', '"flatten(),', "NS100", f"{_STEPS}[4]", '"flatten(),', "does not end on its line"),
    ('"stride": 2}', "'stride': 2}", "NS100", _STRIDE, "'stride'", "double quotes"),
    ('"stride": 2}', "stride: 2}", "NS100", _STRIDE, "stride", 'write `"stride"`'),
    ('"stride": 2}', '"stride" 2}', "NS100", _STRIDE, "2", "expected `:`"),
    ('"stride": 2}', '"stride": NaN}', "NS100", f"{_STRIDE}.stride", "NaN", "numbers are finite"),
    ('"stride": 2}', '"stride": -Infinity}', "NS100", f"{_STRIDE}.stride", "-Infinity", "numbers are finite"),
    ('"stride": 2}', '"stride": 02}', "NS100", f"{_STRIDE}.stride", "02", "no number of JSON"),
    ('"stride": 2}', '"stride": .5}', "NS100", f"{_STRIDE}.stride", ".5", "no number of JSON"),
    ('"stride": 2}', '"stride": 1e999}', "NS107", f"{_STRIDE}.stride", "1e999", "too large for a float"),
    ('"stride": 2}', '"stride": 1234567890123456789}', "NS107", f"{_STRIDE}.stride", "1234567890123456789",
     "18 digits"),
    ('"stride": 2}', '"stride": 2, "stride": 1}', "NS205", _STRIDE, '"stride"', "stands twice"),
    ('"stride": 2}', '"stride": "\\u0007"}', "NS101", f"{_STRIDE}.stride", "\\u0007", "U+0007"),
    ('"stride": 2}', '"stride": "\\u202e"}', "NS101", f"{_STRIDE}.stride", "\\u202e", "RIGHT-TO-LEFT OVERRIDE"),
    ('"stride": 2}', '"stride": "\\ud800"}', "NS103", f"{_STRIDE}.stride", "\\ud800", "surrogate"),
    ('"stride": 2}', '"stride": "\\x"}', "NS103", f"{_STRIDE}.stride", "\\x", "no escape of JSON"),
    ('"stride": 2}', '"stride": “2”}', "NS100", f"{_STRIDE}.stride", "“", "double quotes"),
    ("residual network.", "residual \u202enetwork.", "NS101", "$", "\u202e", "RIGHT-TO-LEFT OVERRIDE"),
    ("  ]\n}\n", "  ]\n", "NS100", "$", "", "the `{` of line 1, column 1 is not closed"),
    ("  ]\n}\n", "  ]\n}}\n", "NS100", "$", "}", "text after the end"),
    # no spec
    ('"declarations": [', '"declaration": [', "NS100", "$.declaration", "declaration", "did you mean `declarations`?"),
    (SPEC, "[]", "NS100", "$", "[]", "expected an object in `$`, found a list"),
    ('"repeat": 2', '"repeat": -2', "NS100", f"{_STEPS}[1].repeat", "-2", "nothing repeats -2 times"),
    ('"repeat": 2', '"repeat": 2.5', "NS100", f"{_STEPS}[1].repeat", "2.5", "expected an int in `repeat`"),
    ('"repeat": 2', '"repeat": [2]', "NS100", f"{_STEPS}[1].repeat", "[2]", "expected a count, found a list"),
    ('"netspec": 1', '"netspec": 2', "NS102", "$.netspec", "2", "update netspec"),
    ('"netspec": 1', '"netspec": 0', "NS100", "$.netspec", "0", "no edition 0"),
    ('"netspec": 1', '"netspec": "1"', "NS100", "$.netspec", '"1"', "expected an int in `netspec`, found a string"),
    ('"netspec": 1', '"netspec": 1.0', "NS100", "$.netspec", "1.0", "expected an int in `netspec`"),
    ('"netspec": 1,', "", "NS100", "$.declarations", '"declarations"', "a spec needs `netspec`"),
    ('"network"', '"netwrok"', "NS100", "$.declarations[2].netwrok", '"netwrok"', "did you mean `network`?"),
    ('"label": "conv1"', '"name": "conv1"', "NS100", f"{_MAIN}.steps[0].name", "name", "did you mean `label`?"),
    ('"steps": [\n          {"label": "down"', '"step": [\n          {"label": "down"', "NS100", f"{_SKIP}.step",
     "step", "did you mean `steps`?"),
    ('"label": "relu", "op"', '"label": "relu", "type"', "NS100", f"{_SUM}.steps[0].type", '"type"',
     "did you mean `op`?"),
    ('["B", 3, "H", "W"]', '"B, 3, H, W"', "NS100", "$.declarations[2].body[0].dims", '"B, 3, H, W"', "write a list"),
    ('{"input": "image"', '{"input": "image-1"', "NS100", "$.declarations[2].body[0].input", '"image-1"', "no name"),
    ('{"input": "image"', '{"input": "for"', "NS100", "$.declarations[2].body[0].input", '"for"',
     "a word of the language"),
    ('"stage": true, "repeat"', '"stage": "true", "repeat"', "NS100", f"{_STEPS}[1].stage", '"true"',
     "expected true or false in `stage`, found a string"),
    ('"stage": true, "repeat"', '"stage": 1, "repeat"', "NS100", f"{_STEPS}[1].stage", "1", "found a number"),
    ('"label": "layer1", "stage"', '"stage"', "NS100", f"{_STEPS}[1].stage", "stage", "a stage without a label"),
    ('"args": [16, 3]', '"args": 16', "NS100", f"{_STEPS}[0].args", "16", "expected a list in `args`, found a number"),
    ('"args": [16, 3]', '"args": [16, {"x": 3}]', "NS100", f"{_STEPS}[0].args[1].x", '"x"', "a value has `expr`"),
    ('"flatten()",', '["flatten()"],', "NS100", f"{_STEPS}[4]", '["flatten()"]', "expected a step, found a list"),
    ('"flatten()",', "3,", "NS100", f"{_STEPS}[4]", "3", "expected a step, found a number"),
    ('{"input": "x"}', "{}", "NS100", "$.declarations[1].body[0]", "{", "a statement without fields"),
    ('{"input": "x"}', '"input x"', "NS100", "$.declarations[1].body[0]", '"input x"', "write an object"),
    ('"op": "ReLU"', '"op": "ReLU", "if": null', "NS100", f"{_SUM}.steps[0].if", "null", "expected an expression"),
    ('"if": "x.shape != main.shape"', '"if": {"expr": "c"}', "NS100", f"{_SKIP}.steps[0].if", '{"expr": "c"}',
     "write the text alone"),
    ('"op": "ReLU"', '"op": "ReLU", "else": "F()"', "NS100", f"{_SUM}.steps[0].else", "else", "`else` without `if`"),
    ('"op": "ReLU"', '"op": "ReLU", "annotations": ["hid"]', "NS200", f"{_SUM}.steps[0].annotations[0]", '"hid"',
     "did you mean `hide`?"),
    ('"op": "ReLU"', '"op": ""', "NS100", f"{_SUM}.steps[0].op", '""', "nothing stands in `op`"),
    ('"stride": 2}', '"a-b": 2}', "NS100", f"{_STRIDE}['a-b']", "a-b", "`a-b` is no name"),
    # expressions
    ('"x.shape != main.shape"', '"x.shape != != main.shape"', "NS100", f"{_SKIP}.steps[0].if", "!=",
     "expected a value after `!=`"),
    ('"stride": 2}', '"stride": {"expr": "2 *"}}', "NS100", f"{_STRIDE}.stride.expr", '"',
     "found the end of the string"),
    ('"stride": 2}', '"stride": {"expr": "f(\\"a\\", 2"}}', "NS100", f"{_STRIDE}.stride.expr", '"',
     "expected `,` or `)`"),
    ('"stride": 2}', '"stride": {"expr": "2 # two"}}', "NS100", f"{_STRIDE}.stride.expr", "# two", "a comment"),
    ('"int[2]"', '"int[2"', "NS100", "$.declarations[1].params[1].type", '"', "expected `]`"),
    ('"label": "fc"', '"label": "fc.{i"', "NS103", f"{_STEPS}[5].label", "{", "does not end"),
    ('"label": "fc"', '"label": "fc.{i:02}"', "NS103", f"{_STEPS}[5].label", ":02", "formats nothing"),
    ('"tensor": "skip"', '"tensor": "skip.a"', "NS100", f"{_SKIP}.tensor", "skip.a", "cannot name a tensor"),
    # what later phases find
    ('"op": "Residual", "args": [16]', '"op": "Residul", "args": [16]', "NS200", f"{_STEPS}[1].op", "Residul",
     "did you mean `Residual`?"),
    ('"args": [16, 3]', '"args": [16, 3], "kwargs": {"strid": 2}', "NS201", f"{_STEPS}[0].kwargs.strid", '"strid": 2',
     "did you mean `stride`?"),
    ('[{"expr": "planes"}, 3],', '["planes", 3],', "NS203", f"{_MAIN}.steps[0].args[0]", '"planes"',
     'a name is `{"expr": "planes"}`'),
    ('"type": "int", "default"', '"type": "integer", "default"', "NS211", "$.declarations[2].params[0].type", "integer",
     "did you mean `int`?"),
    ('"label": "fc"', '"label": "train"', "NS206", f"{_STEPS}[5].label", "train", "every nn.Module has a member"),
    ('"main + skip"', '"main + x"', "NS301", f"{_SUM}.from", "main + x", "channels 32 and 16 differ"),
    ('"op": "Residual", "args": [32]}', '"op": "Residual"}', "NS202", f"{_STEPS}[2].list[1]", '{"op": "Residual"}',
     "planes"),
    ('"std/conv"', '"std/con"', "NS701", "$.declarations[0].use", '"std/con"', "did you mean `std/conv`?"),
    ('["ConvModule"]', '["ConvModul"]', "NS703", "$.declarations[0].names[0]", "ConvModul",
     "did you mean `ConvModule`?"),
]  # fmt: skip


def mistakes_of(text: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    source = Source("small.json", text)
    return source, check_all(source, read_import)[1]


def test_the_spec_is_right() -> None:
    assert mistakes_of(SPEC)[1] == ()


@pytest.mark.parametrize(("old", "new", "code", "path", "underlined", "words"), CASES, ids=[c[1] for c in CASES])
def test_mistakes(old: str, new: str, code: str, path: str, underlined: str, words: str) -> None:
    assert SPEC.count(old) >= 1
    _, found = mistakes_of(SPEC.replace(old, new, 1))
    first = as_shown(found[0])
    span = first.primary.span
    assert (first.code, span.source.path(span.start), span.text) == (code, path, underlined)
    line, column = span.source.position(span.start)
    assert f"--> small.json:{line}:{column} at {path}\n" in str(found[0])
    assert words in str(found[0])


def test_several_mistakes_are_told_in_order() -> None:
    text = SPEC.replace('"label": "conv1"', '"lable": "conv1"').replace('"expr": "classes"', '"expr": "classes +"')
    assert [as_shown(d).primary.span.text for d in mistakes_of(text)[1]] == ["lable"]  # fields before expressions
    text = SPEC.replace('"if": "x.shape != main.shape"', '"if": "x ="').replace('"expr": "classes"', '"expr": "a +"')
    assert [as_shown(d).primary.span.line for d in mistakes_of(text)[1]] == [17, 37]


def test_a_misspelt_field_is_one_mistake() -> None:
    _, found = mistakes_of(SPEC.replace('"declarations"', '"declaration"'))
    assert [d.message for d in found] == ["a spec has no `declaration`"]
    _, found = mistakes_of(SPEC.replace('"declarations"', '"things"'))
    assert [d.message for d in found] == ["a spec needs `declarations`", "a spec has no `things`"]


def test_a_place_in_a_string_with_escapes() -> None:
    text = SPEC.replace('"type": "int", "default": 10', '"default": {"expr": "\\u0028len(\\"\\\\n\\") + n)"}')
    (mistake,) = mistakes_of(text)[1]
    span = as_shown(mistake).primary.span
    assert (mistake.code, span.text) == ("NS200", "n")
    assert text[: span.start].endswith('\\") + ')


def test_tools_get_the_path() -> None:
    _, found = mistakes_of(SPEC.replace('"main + skip"', '"main + x"'))
    told: Any = as_json(found)["diagnostics"][0]
    assert (told["path"], told["start"]["line"]) == ("$.declarations[1].body[3].output.from", 19)
    assert [label["path"] for label in told["related"]] == [
        "$.declarations[1].body[1].tensor", "$.declarations[1].body[0].input"
    ]  # fmt: skip
    result = as_sarif(found, "0")["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 19


def test_edits_are_those_that_leave_json() -> None:
    def edited(old: str, new: str) -> tuple[str, list[Any]]:
        text = SPEC.replace(old, new, 1)
        shown = [as_shown(d) for d in mistakes_of(text)[1]]
        edits = [edit for d in shown for edit in d.edits]
        return (applied(edits[0].span.source, edits) if edits else text), edits

    assert edited('"op": "Residual", "args": [16]', '"op": "Residul", "args": [16]')[0] == SPEC
    assert edited('["ConvModule"]', '["ConvModul"]')[0] == SPEC
    assert edited('"steps": [', '"step": [')[0] == SPEC
    assert edited('"flatten()",', '"flatten()"')[0] == SPEC
    assert edited('"main + skip"', '"main + x"')[1] == []  # another statement would have to be written


def test_what_has_no_text_form_is_told() -> None:
    text = SPEC.replace('"label": "fc"', '"label": "{f(\\"{g(\'a\')}\\")}"')
    (mistake,) = mistakes_of(text)[1]
    assert (mistake.code, "a string in the braces" in mistake.message) == ("NS103", True)


_PARTS = ['"', "{", "}", "[", "]", ",", ":", "null", "true", "1", "-1.5", '"x"', '{"expr": "a"}', "\\", "é", "\n", "#"]


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(SPEC)), st.integers(0, 12), st.lists(st.sampled_from(_PARTS), max_size=3))
def test_reading_never_fails(start: int, length: int, put: list[str]) -> None:
    text = SPEC[:start] + "".join(put) + SPEC[start + length :]
    document, found = read_json(Source("small.json", text))
    assert (document is None) == bool(found)
    assert all(str(mistake) for mistake in found)


def _places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, value in data.items() if isinstance(data, dict) else enumerate(data if isinstance(data, list) else ()):
        yield from _places(value, (*path, key))


PLACES = list(_places(json.loads(SPEC)))
_VALUES = [None, True, 3, 0.5, "", "x", "a b", "for", [], ["x"], {}, {"expr": "a"}, {"op": "F"}, {"from": "x"}]


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES[1:]), st.sampled_from(_VALUES))
def test_checking_never_fails(path: tuple[Any, ...], put: Any) -> None:
    data = json.loads(SPEC)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = put
    for mistake in mistakes_of(json.dumps(data, indent=1))[1]:
        assert "small.json:" in str(mistake)
