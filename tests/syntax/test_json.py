"""Specs in JSON: what each construct is, and that nothing is lost on the way there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netspec.limits import MAX_SOURCE_BYTES
from netspec.source import Source
from netspec.syntax.json_form import json_text
from netspec.syntax.json_form.parser import MAX_BRACKETS
from netspec.syntax.read import read
from tests.syntax.json_laws import from_json, from_text, laws, says_the_same

ROOT = Path(__file__).parents[2]
SPECS = [*sorted((ROOT / "specs").rglob("*.netspec")), *sorted((ROOT / "netspec" / "std").glob("*.netspec"))]

test_laws = laws(500)


@pytest.mark.parametrize("path", SPECS, ids=[p.stem for p in SPECS])
def test_specs_convert_both_ways(path: Path) -> None:
    says_the_same(from_text(path.read_text(encoding="utf-8")))


def declared(text: str) -> list[Any]:
    """The declarations of a text as data."""
    found: list[Any] = json.loads(says_the_same(from_text(f"netspec 1\n{text}")))["declarations"]
    return found


def statement(text: str) -> Any:
    (block,) = declared(f"block A() {{\n{text}\n}}")
    (only,) = block["body"]
    return only


def value(text: str) -> Any:
    (const,) = declared(f"const k = {text}")
    return const["value"]


DECLARATIONS = [
    ('use "std/conv" { A, B as C }', {"use": "std/conv", "names": ["A", {"name": "B", "as": "C"}]}),
    ("## Two.\nconst k = 2", {"const": "k", "value": 2, "doc": "Two."}),
    ("fn f(a, b: int = 1) = a + b",
     {"fn": "f", "params": ["a", {"name": "b", "type": "int", "default": 1}], "value": {"expr": "a + b"}}),
    ("block A(**rest) {}", {"block": "A", "params": [{"rest": "rest"}], "body": []}),
    ('network N(a: "x" | "y" = "x") as "N{a}" @hide {}',
     {"network": "N", "as": "N{a}", "annotations": ["hide"],
      "params": [{"name": "a", "type": "'x' | 'y'", "default": "x"}], "body": []}),
    ('block A(a: int?  ## one\n) as "B" {}',
     {"block": "A", "as": "B", "params": [{"name": "a", "type": "int?", "doc": "one"}], "body": []}),
    ('network B as "C{n}" = A(2, n=3)',
     {"network": "B", "as": "C{n}", "value": {"op": "A", "args": [2], "kwargs": {"n": 3}}}),
    ("example A(depth=18)", {"example": {"op": "A", "kwargs": {"depth": 18}}}),
]  # fmt: skip

STATEMENTS = [
    ("input x", {"input": "x"}),
    ("input x: int[B, 2 * C, *L[n]] where H % 2 == 0, True @hide",
     {"input": "x", "dtype": "int", "dims": ["B", "2 * C", "*L[n]"], "where": ["H % 2 == 0", True],
      "annotations": ["hide"]}),
    ("input c: [*]", {"input": "c", "dims": "*"}),
    ("output x", {"output": "x"}),
    ("output a, b", {"output": ["a", "b"]}),
    ("output (a, b)", {"output": [["a", "b"]]}),
    ('output "c4" = x -> a: F()', {"output": {"from": "x", "steps": [{"label": "a", "op": "F"}]}, "name": "c4"}),
    ("y = x", {"tensor": "y", "from": "x"}),
    ("skip[i + 1] = x", {"tensor": "skip[i + 1]", "from": "x"}),
    ("*c = x", {"tensor": "*c", "from": "x"}),
    ("y, h = (a, b) -> f: F()", {"tensor": ["y", "h"], "from": ["a", "b"], "steps": [{"label": "f", "op": "F"}]}),
    ("y = concat(x -> a: F(), z, axis=1)",
     {"tensor": "y", "from": {"op": "concat", "args": [{"from": "x", "steps": [{"label": "a", "op": "F"}]},
                                                        {"expr": "z"}], "kwargs": {"axis": 1}}}),
    ("let n = 3", {"let": "n", "value": 3}),
    ("let (a, (b, c)) = x", {"let": ["a", ["b", "c"]], "value": {"expr": "x"}}),
    ("const k = None", {"const": "k", "value": None}),
    ('assert a < b, "{a} is large"', {"assert": "a < b", "message": "{a} is large"}),
    ("for i in range(n) {}", {"for": "i", "in": "range(n)", "body": []}),
    ("for i, (a, b) in xs @draw(first=2) {}",
     {"for": ["i", ["a", "b"]], "in": "xs", "annotations": [{"name": "draw", "kwargs": {"first": 2}}], "body": []}),
    ("if a { output x } elif b {} else { y = x }",
     {"if": "a", "then": [{"output": "x"}], "elif": [{"if": "b", "then": []}],
      "else": [{"tensor": "y", "from": "x"}]}),
    ('module "head.{i}": Head(8) @hide',
     {"module": "head.{i}", "value": {"op": "Head", "args": [8]}, "annotations": ["hide"]}),
    ("module rest: []", {"module": "rest", "value": []}),
    ("param scale: [8, n] = 1", {"param": "scale", "dims": [8, "n"], "value": 1}),
    ("buffer b: int[2]", {"buffer": "b", "dtype": "int", "dims": [2]}),
    ('order a, *, "*_lateral", "b"', {"order": ["a", "*", "*_lateral", {"path": "b"}]}),
    ('init "bn" { weight = 0, bias = normal(std=0.1) } if a',
     {"init": "bn", "settings": {"weight": 0, "bias": {"op": "normal", "kwargs": {"std": 0.1}}}, "if": "a"}),
    ("param p: [3] = normal(std=s / 2)",
     {"param": "p", "dims": [3], "value": {"op": "normal", "kwargs": {"std": {"expr": "s / 2"}}}}),
    ("freeze Conv2d", {"freeze": {"op": "Conv2d"}}),
    ('freeze_weights "layer{i}"', {"freeze_weights": "layer{i}"}),
    ("freeze_stats BatchNorm2d if a", {"freeze_stats": {"op": "BatchNorm2d"}, "if": "a"}),
    ('checkpoint "layer*"', {"checkpoint": "layer*"}),
]  # fmt: skip

STEPS = [
    ("relu", "relu"),
    ("flatten()", {"op": "flatten"}),
    ("a: F(x, *xs, b=2, **more)",
     {"label": "a", "op": "F", "args": [{"expr": "x"}, {"expr": "*xs"}], "kwargs": {"b": 2, "**": {"expr": "more"}}}),
    ('"layers.{i}": F()', {"label": "layers.{i}", "op": "F"}),
    ('"conv": F()', {"label": {"expr": "'conv'"}, "op": "F"}),
    ("stage a: n * F(8)", {"label": "a", "stage": True, "repeat": "n", "op": "F", "args": [8]}),
    ("a: [F(), b: G(), 2 * H() if c, *xs, d]",
     {"label": "a", "list": [{"op": "F"}, {"label": "b", "op": "G"}, {"repeat": 2, "op": "H", "if": "c"}, "*xs", "d"]}),
    ("a: -1 * F()", {"label": "a", "repeat": "-1", "op": "F"}),
    ("a: 2 * [F()]", {"label": "a", "repeat": 2, "list": [{"op": "F"}]}),
    ("a: [F(w) for i, w in enumerate(ws) if w > 8]",
     {"label": "a", "list": {"each": {"op": "F", "args": [{"expr": "w"}]}, "for": ["i", "w"], "in": "enumerate(ws)",
                              "if": "w > 8"}}),
    ("a: norms[kind](8)", {"label": "a", "op": "norms[kind]", "args": [8]}),
    ("a: layer", {"label": "a", "expr": "layer"}),
    ('a: F() @label("<br>") if c else b: G()',
     {"label": "a", "op": "F", "annotations": [{"name": "label", "args": ["<br>"]}], "if": "c",
      "else": {"label": "b", "op": "G"}}),
]  # fmt: skip

VALUES = [
    ("3", 3), ("-3", -3), ("0.5", 0.5), ("-1e-5", -1e-5), ("1.0", 1.0), ("True", True), ("None", None),
    ('"same"', "same"), ('"{{}}"', "{{}}"), ('"a{b + 1}"', "a{b + 1}"), ("a", {"expr": "a"}),
    ("(1, 2.5, a)", [1, 2.5, {"expr": "a"}]), ("[]", []), ("[1, *xs]", [1, {"expr": "*xs"}]),
    ("BatchNorm2d(eps=1e-3)", {"op": "BatchNorm2d", "kwargs": {"eps": 0.001}}),
    ("max(8, n)", {"expr": "max(8, n)"}), ('table["a"]', {"expr": "table['a']"}),
    ("[ReLU(), Conv2d(8, 3)]", {"list": [{"op": "ReLU"}, {"op": "Conv2d", "args": [8, 3]}]}),
    ("{18: (2, 2), \"a\": F()}", {"dict": [[18, [2, 2]], ["a", {"op": "F"}]]}),
    ("[k // 2 for k in kernel]", {"expr": "[k // 2 for k in kernel]"}),
    ("[F(w) for w in ws]", {"list": {"each": {"op": "F", "args": [{"expr": "w"}]}, "for": "w", "in": "ws"}}),
    ("a if b else F()", {"expr": "a if b else F()"}), ("F(**a, **b)", {"expr": "F(**a, **b)"}), ("-0", {"expr": "-0"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "data"), DECLARATIONS, ids=[t for t, _ in DECLARATIONS])
def test_declarations(text: str, data: Any) -> None:
    assert declared(text) == [data]


@pytest.mark.parametrize(("text", "data"), STATEMENTS, ids=[t for t, _ in STATEMENTS])
def test_statements(text: str, data: Any) -> None:
    assert statement(text) == data


@pytest.mark.parametrize(("text", "data"), STEPS, ids=[t for t, _ in STEPS])
def test_steps(text: str, data: Any) -> None:
    assert statement(f"y = x -> {text}")["steps"] == [data]


@pytest.mark.parametrize(("text", "data"), VALUES, ids=[t for t, _ in VALUES])
def test_values(text: str, data: Any) -> None:
    found = value(text)
    assert json.dumps(found) == json.dumps(data)  # 1, 1.0 and true are not the same here


def test_the_documentation_of_a_file() -> None:
    text = json_text(from_text("## A net.\n##\n## Small.\nnetspec 1\nconst k = 1\n"))
    assert json.loads(text)["doc"] == "A net.\n\nSmall."


# ------------------------------------------------------------------------------------------------------- by hand

SAME = [
    ('{"const": "k", "value": {"expr": "3"}}', "const k = 3"),
    ('{"const": "k", "value": {"expr": "F(8)"}}', "const k = F(8)"),
    ('{"const": "k", "value": {"op": "max", "args": [1, 2]}}', "const k = max(1, 2)"),
    ('{"const": "k", "value": [{"op": "F"}]}', "const k = [F()]"),
    ('{"const": "k", "value": "\\u00e9\\n\\"\\\\"}', 'const k = "é\\n\\"\\\\"'),
    ('{"const": "k", "value": {"list": ["F()", {"expr": "*xs"}]}}', "const k = [F(), *xs]"),
    ('{"const": "k", "value": 1, "doc": " a \\n b"}', "## a\n## b\nconst k = 1"),
    ('{"fn": "f", "params": [], "value": 1}', "fn f() = 1"),
    ('{"block": "A", "params": [{"name": "a"}], "body": []}', "block A(a) {}"),
    ('{"block": "A", "body": [{"output": {"from": "x", "steps": ["a(2)", {"expr": "b"}]}}]}',
     "block A() { output x -> a(2) -> b }"),
    ('{"block": "A", "body": [{"output": {"from": "x", "steps": [{"op": "F", "stage": false}]}}]}',
     "block A() { output x -> F() }"),
    ('{"block": "A", "body": [{"tensor": ["y"], "from": {"expr": "a + b"}}]}', "block A() { y = a + b }"),
    ('{"block": "A", "body": [{"for": ["i"], "in": "xs", "body": []}]}', "block A() { for i in xs {} }"),
    ('{"example": {"expr": "N(2)"}}', "example N(2)"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text"), SAME, ids=[text for _, text in SAME])
def test_other_ways_to_write_it(data: str, text: str) -> None:
    document = from_json(f'{{"$schema": "netspec.schema.json", "netspec": 1, "declarations": [{data}]}}')
    assert document == from_text(f"netspec 1\n\n{text}")


def test_the_name_of_a_source_tells_its_form() -> None:
    text = '{"netspec": 1, "declarations": []}'
    assert read(Source("a.json", text))[0] == read(Source("a.JSON", text))[0] == from_text("netspec 1")
    assert read(Source("a.netspec", text))[0] is None


def test_the_schema_that_json_names_stays_in_json() -> None:
    text = '{"$schema": "netspec.schema.json", "netspec": 1, "declarations": []}'
    assert json_text(from_json(text)) == text + "\n"
    assert "$schema" not in json_text(from_text("netspec 1"))


def test_one_byte_order_mark_is_dropped() -> None:
    text = '{"netspec": 1, "declarations": []}'
    assert from_json("\ufeff" + text) == from_text("netspec 1")
    assert read(Source("a.json", "\ufeff\ufeff" + text))[1][0].code == "NS101"


def test_what_fits_on_a_line_stands_on_one() -> None:
    text = json_text(from_text("netspec 1\nblock A(planes: int) { input x; output x -> conv: Conv2d(planes, 3) }"))
    assert text == """\
{
  "netspec": 1,
  "declarations": [
    {
      "block": "A",
      "params": [{"name": "planes", "type": "int"}],
      "body": [
        {"input": "x"},
        {
          "output": {
            "from": "x",
            "steps": [{"label": "conv", "op": "Conv2d", "args": [{"expr": "planes"}, 3]}]
          }
        }
      ]
    }
  ]
}
"""


# ------------------------------------------------------------------------------------------------------- limits


def nested(before: str, after: str, depth: int) -> list[str]:
    text = f'{{"netspec": 1, "declarations": [{{"block": "A", "body": [{before * depth}{after * depth}]}}]}}'
    return [m.code for m in read(Source("a.json", text))[1]]


def test_nesting() -> None:
    assert nested('{"if": "a", "then": [', "]}", 99) == []
    assert nested('{"if": "a", "then": [', "]}", 100) == ["NS105"]  # the block's own body is the first of 100
    value = '{"let": "k", "value": '
    assert nested(value + "[" * 99, "]" * 99 + "}", 1) == []
    assert nested(value + "[" * 100, "]" * 100 + "}", 1) == ["NS105"]
    assert nested(value + '{"op": "F", "args": [' * 99, "]}" * 99 + "}", 1) == []
    assert nested(value + '{"op": "F", "args": [' * 100, "]}" * 100 + "}", 1) == ["NS105"]
    assert nested(value + "[" * MAX_BRACKETS, "]" * MAX_BRACKETS + "}", 1) == ["NS105"]
    assert nested(value + "[" * 100_000, "", 1) == ["NS105"]


@pytest.mark.parametrize("pattern", ["f(_)", "F(_)", "[_]", "[a: _]", "{1: _}", "F(x -> a: F(_))", "-_", "2 * (_)"])
def test_the_deepest_texts_convert(pattern: str) -> None:
    before, after = pattern.split("_")
    texts = (f"netspec 1\nconst k = {before * n}1{after * n}" for n in range(100, 0, -1))
    text = next(t for t in texts if read(Source("a.netspec", t))[0] is not None)
    assert from_json(json_text(from_text(text))) == from_text(text)


def test_deep_bodies_with_deep_values_convert() -> None:
    inner = "y = x -> " + "a: F(x -> " * 9 + "b" + ")" * 9
    text = "netspec 1\nblock A() {\n" + "if a {\n" * 80 + inner + "\n" + "}\n" * 81
    assert from_json(json_text(from_text(text))) == from_text(text)


def test_size() -> None:
    text = '{"netspec": 1, "declarations": []}'
    most = text + " " * (MAX_SOURCE_BYTES - len(text))
    assert from_json(most) == from_text("netspec 1")
    assert [m.code for m in read(Source("a.json", most + " "))[1]] == ["NS601"]
