"""The generated text itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.check import check
from netspec.files import read_import
from netspec.graph import Ref
from netspec.ops.base import TorchCall
from netspec.pytorch.calls import constructor
from netspec.pytorch.names import Names, literal, plain
from netspec.pytorch.source import class_name, generate
from netspec.source import Source
from tests.pytorch import networks
from tests.texts import graph_of

TEXT = '''"""Net, written by netspec from spec.netspec; it needs torch alone."""

from torch import Tensor, nn


class Unit(nn.Module):  # spec.netspec:3
    """Convolution and ReLU."""

    def _get_name(self) -> str:
        return "Unit"


class Unit_1(Unit):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)  # spec.netspec:3
        self.act = nn.ReLU(inplace=True)  # spec.netspec:3

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)  # spec.netspec:3
        return self.act(x)  # spec.netspec:3


class Unit_2(Unit):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)  # spec.netspec:3
        self.act = nn.ReLU(inplace=True)  # spec.netspec:3

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)  # spec.netspec:3
        return self.act(x)  # spec.netspec:3


class Net(nn.Module):  # spec.netspec:4
    def __init__(self) -> None:
        super().__init__()
        self.stem = Unit_1()  # spec.netspec:6
        self.body = nn.Sequential(Unit_2(), nn.ReLU(), *(Unit_2() for _ in range(3)))  # spec.netspec:7
        self.out = Unit_2()  # spec.netspec:8

    def forward(self, image: Tensor) -> Tensor:
        if image.dim() != 4:
            raise ValueError(  # spec.netspec:5
                f"image is {list(image.shape)}; Net takes [B, 3, H, W]: "
                f"it must have 4 axes, got {image.dim()}"
            )
        if image.shape[1] != 3:
            raise ValueError(  # spec.netspec:5
                f"image is {list(image.shape)}; Net takes [B, 3, H, W]: "
                f"channels must be 3, got {image.shape[1]}"
            )
        skip = self.stem(image)  # spec.netspec:6
        main = self.body(skip)  # spec.netspec:7
        return self.out(main + skip)  # spec.netspec:8
'''

SPEC = """netspec 1
## Convolution and ReLU.
block Unit(n: int) { input x; output x -> conv: Conv2d(n, 3, padding=1) -> act: ReLU(inplace=True) }
network Net(n: int = 8) {
    input image: [B, 3, H, W]
    skip = image -> stem: Unit(n)
    main = skip -> body: [Unit(n), ReLU(), 3 * Unit(n)]
    output (main + skip) -> out: Unit(n)
}
"""


def _named(text: str, **names: str) -> str:
    """The source with tensors called so, whatever the spec calls them."""
    graph = graph_of(text)
    definition = replace(graph.definition, tensors={Ref(n): name for n, name in names.items()})
    return generate(replace(graph, definition=definition))


def test_reads_as_a_person_would_write_it() -> None:
    assert _named(SPEC, stem="skip", body="main") == TEXT


@pytest.mark.parametrize("name", list(networks.ALL))
def test_is_the_same_byte_for_byte(name: str) -> None:
    assert generate(graph_of(networks.ALL[name])) == generate(graph_of(networks.ALL[name]))


def test_needs_no_torch() -> None:
    code = """
import sys, netspec
from netspec.pytorch.source import generate
from netspec.pytorch.refusals import refusals
graph = netspec.load("specs/resnet3d50.netspec").elaborate()
generate(graph), refusals(graph, 1)
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_repetition_costs_a_line() -> None:
    text = "block U() { input x; output x -> c: Conv2d(3, 1) }\n"
    text += "network N() { input x: [B, 3, H, W]; output x -> s: 10000 * U() }"
    assert "*(U() for _ in range(10000))" in generate(graph_of(text))
    assert len(generate(graph_of(text))) < 2500


def test_one_class_per_code_whatever_the_sizes() -> None:
    text = """block U() { input x; output x -> c: Conv2d(3, 3) -> r: ReLU() }
    network N() { input x: [B, 3, H, W]; output x -> a: U() -> b: U() -> s: 2 * U() }"""
    assert generate(graph_of(text)).count("class ") == 2  # H, H - 2, H - 4 … are types, not code


def test_variables_never_overwrite_what_is_still_read() -> None:
    text = """network N() { input x: [B, 3, H, W]
    a = x -> c1: Conv2d(3, 1)
    b = a -> c2: Conv2d(3, 1)
    x = x -> c3: Conv2d(3, 1)
    output x + a, b + x, (b -> c4: Conv2d(3, 1)) }"""
    assert _assigned(_named(text)) == [
        "y = self.c1(x)",
        "z = self.c2(y)",
        "x = self.c3(x)",
        "y = x + y",
        "x = z + x",
        "z = self.c4(z)",
    ]
    named = _assigned(_named(text, c1="x", c2="x", c3="x"))  # all of them live together
    assert named == [
        "x_2 = self.c1(x)",
        "x_3 = self.c2(x_2)",
        "x = self.c3(x)",
        "y = x + x_2",
        "x = x_3 + x",
        "z = self.c4(x_3)",
    ]


def _assigned(source: str) -> list[str]:
    """The lines of the forward after the checks."""
    body = source.split("channels must be")[1].splitlines()[2:-1]
    return [line.split("  #")[0].strip() for line in body]


# ----------------------------------------------------------------------------------------------- nothing gets out


@pytest.mark.parametrize("name", ["torch", "nn", "Tensor", "ValueError", "print", "OrderedDict"])
def test_names_that_python_or_torch_use(name: str) -> None:
    text = f"block {name}() {{ input list; output list -> conv: Conv2d(3, 1) }}\n"
    text += f"network N() {{ input x: [B, 3, H, W]; self = x -> a: {name}(); list = self -> b: {name}()"
    text += "\noutput list + self }"
    source = generate(graph_of(text))
    assert f"class {name}_(nn.Module)" in source
    assert f'return "{name}"' in source
    assert "def forward(self, list_: Tensor)" in source
    assert "self_ = self.a(x)" in source
    compile(source, "N", "exec")


def test_inputs_that_python_or_torch_use() -> None:
    text = "network N() { input torch: [B, 3]; input nn: [B, 3]; input Tensor: [B, 3]; output torch + nn + Tensor }"
    assert "def forward(self, torch_: Tensor, nn_: Tensor, Tensor_: Tensor) -> Tensor:" in generate(graph_of(text))


def test_a_network_called_like_a_builtin() -> None:
    graph = graph_of("network nn() { input x: [B, 3, H, W]; output x -> c: Conv2d(3, 1) }")
    assert class_name(graph) == "nn_"
    assert "class nn_(nn.Module)" in generate(graph)


EVIL = [
    'a"""\nimport os\n"""',
    "a\nimport os #",
    "a\u2028import os",
    "a\\",
    'a"',
    "a\u202eb",
    "{x}",
    "a\rimport os",
    "\udc80",
]


@pytest.mark.parametrize("name", EVIL)
def test_file_names_stay_in_comments(name: str) -> None:
    graph, _ = check(Source(name, SPEC.replace("[B, 3, H, W]", "[B, 3, H, W] where H % 2 == 0")), read_import)
    assert graph is not None
    tree = ast.parse(generate(graph))
    assert not any(isinstance(n, ast.Import) for n in ast.walk(tree))
    assert [type(n) for n in tree.body] == [ast.Expr, ast.ImportFrom, *[ast.ClassDef] * 4]


@pytest.mark.parametrize("name", ["type: (int) -> int", "a # type: (int) -> int"])
def test_no_comment_is_a_type_comment(name: str) -> None:
    graph, _ = check(Source(name, SPEC), read_import)
    assert graph is not None
    assert not [line for line in generate(graph).splitlines()[1:] if "# type:" in line]


@pytest.mark.parametrize("doc", ['"""', "\\", 'x\\"""; import os', "{x}", "'''", 'quote" and \\n'])
def test_documentation_stays_in_its_string(doc: str) -> None:
    tree = ast.parse(
        generate(graph_of(f"## {doc}\n## second\nnetwork N() {{ input x: [B, 3]; output x -> f: Linear(3) }}"))
    )
    assert [type(n) for n in tree.body] == [ast.Expr, ast.ImportFrom, ast.ClassDef]
    assert "second" in (ast.get_docstring(tree.body[-1]) or "")  # type: ignore[arg-type]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner).map(tuple),
)


@given(values)
def test_literals_read_back(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value
    assert "\n" not in literal(value)


@given(st.text())
def test_comments_stay_on_their_line(text: str) -> None:
    assert len(f"# {plain(text)}".splitlines()) == 1


@pytest.mark.parametrize("value", [object(), {1: 2}, b"x", {1}, 1j])
def test_other_values_are_no_literals(value: object) -> None:
    with pytest.raises(TypeError):
        literal(value)


@pytest.mark.parametrize(
    "target", ["os.system('x') or nn.ReLU", "nn.ReLU()\nimport os", "nn.class", "nn..ReLU", "", "nn.ReLU "]
)
def test_targets_are_dotted_names(target: str) -> None:
    with pytest.raises(ValueError, match="dotted"):
        constructor(TorchCall(target))


def test_names_are_handed_out_once() -> None:
    names = Names({"x"})
    assert [names.take(n) for n in ("x", "x", "y", "y-z", "class", "1a")] == ["x_2", "x_3", "y", "y_z", "class_", "x1a"]
