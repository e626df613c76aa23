"""Looking up, checking arguments, and registering ops."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netspec.ops import registry
from netspec.ops.base import Inferred, Op, Refused, TorchCall
from netspec.ops.binding import attribute_names, bind, check_arguments, infer, positional_names
from netspec.render.picture import FAMILIES
from netspec.types import TensorType


def op_name(name: str) -> registry.OpName:
    found = registry.find(name)
    assert found is not None
    return found


def test_find() -> None:
    assert op_name("Conv3d").axes == 3
    assert op_name("Conv").axes is None
    assert op_name("Conv").op is op_name("Conv3d").op
    assert op_name("concat").op.__name__ == "concat"
    for name in ("Conv4d", "conv", "ReLU2d", "__doc__", "Op", "find", ""):
        assert registry.find(name) is None


def test_every_name_has_a_documented_op() -> None:
    for name in registry.names():
        op = op_name(name).op
        assert (op.__doc__ or "").strip()
        assert op.__doc__ != Op.__doc__
        assert registry.is_function(name) == (not op.is_module)
        assert op.family in FAMILIES
        assert op.infer is not Op.infer
        assert set(positional_names(op)) <= set(attribute_names(op))


def test_names_are_those_of_the_classes() -> None:
    for family in registry.FAMILIES:
        for name in (*family.spatial, *family.plain, *family.functions):
            op = op_name(name).op
            assert op.__name__ == name
            assert op.__module__ == f"netspec.ops.families.{family.module}"
            assert op.spatial == (name in family.spatial)


def test_importing_the_registry_imports_neither_pydantic_nor_families() -> None:
    folder = str(Path(registry.__file__).parent)
    code = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("registry", {folder!r} + "/registry.py")
r = importlib.util.module_from_spec(spec)
spec.loader.exec_module(r)
r.names(), r.is_function("concat")
print(*sys.modules)
"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "pydantic" not in loaded
    assert "torch" not in loaded
    assert "dataclasses" not in loaded
    assert not any(m.startswith("netspec") for m in loaded)


def test_rules_need_no_torch() -> None:
    code = "import sys, netspec.ops.registry as r; [r.find(n) for n in r.names()]; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_check_arguments_needs_no_values() -> None:
    conv = op_name("Conv2d")
    assert check_arguments(conv, 2, ["stride"]) is None
    assert check_arguments(op_name("crop"), 0, ["like"]) is None
    refused = check_arguments(conv, 2, ["kernel"])
    assert refused is not None
    assert refused.help == "did you mean `kernel_size`?"
    assert refused.attribute == "kernel"
    missing = check_arguments(conv, 1, [])
    assert missing is not None
    assert missing.attribute == "kernel_size"


@pytest.mark.parametrize(("name", "args", "help"), [
    ("Linear", (512, 10), "in_features is inferred from the input; leave it out"),
    ("Linear", (512, 10, True), "in_features is inferred from the input; leave it out"),
    ("BatchNorm2d", (64,), "num_features is inferred from the input; leave it out"),
    ("PReLU", (64,), "num_parameters is inferred from the input; leave it out: "
                     "write PReLU(per_channel=True) for one slope per channel"),
    ("ReLU", (True, 1), "ReLU(inplace=False)"),
])  # fmt: skip
def test_help_of_what_torch_users_write(name: str, args: tuple[object, ...], help: str) -> None:
    with pytest.raises(Refused) as refused:
        bind(op_name(name), args, {})
    assert refused.value.help == help


def test_lists_and_tuples_are_one_kind() -> None:
    conv = op_name("Conv2d")
    assert bind(conv, (4, [3, 3]), {}) == bind(conv, (4, (3, 3)), {})
    assert hash(bind(conv, (4, [3, 3]), {})) == hash(bind(conv, (4, (3, 3)), {}))


def test_values_in_messages_are_short() -> None:
    with pytest.raises(Refused) as refused:
        bind(op_name("Conv2d"), (4, [3] * 10_000), {"stride": "x" * 10_000})
    assert len(refused.value.message) < 150


# ------------------------------------------------------------------------------------------------ ops of the user's


@pytest.fixture
def swish() -> Iterator[type[Op]]:
    class Swish(Op):
        """``x * sigmoid(beta * x)``; the shape stays."""

        beta: float = 1.0

        def infer(self, *inputs: TensorType) -> Inferred:
            return Inferred(inputs)

        def lower(self, *inputs: TensorType) -> TorchCall:
            return TorchCall("my_package.layers.Swish", (self.beta,))

    assert registry.register(Swish) is Swish
    yield Swish
    registry.unregister(Swish)


def test_a_registered_op_is_found(swish: type[Op]) -> None:
    name = op_name("Swish")
    assert name.op is swish
    assert "Swish" in registry.names()
    assert not registry.is_function("Swish")
    op = bind(name, (), {"beta": 2})
    x = TensorType("float", (1, 2))
    assert infer(name, op, [x]).outputs == (x,)
    assert op.lower(x) == TorchCall("my_package.layers.Swish", (2.0,))


def test_a_name_is_taken_once(swish: type[Op]) -> None:
    with pytest.raises(ValueError, match="there is an op 'Swish' already"):
        registry.register(swish)


def test_unregistered_ops_are_gone(swish: type[Op]) -> None:
    registry.unregister(swish)
    assert registry.find("Swish") is None
    assert "Swish" not in registry.names()


def test_a_spatial_op_gets_all_its_names() -> None:
    class Blur(Op):
        """The mean of neighbours; the shape stays."""

        spatial = True

        def infer(self, *inputs: TensorType) -> Inferred:
            return Inferred(inputs)

        def lower(self, *inputs: TensorType) -> TorchCall:
            return TorchCall("my_package.Blur")

    registry.register(Blur)
    try:
        assert op_name("Blur2d").axes == 2
        assert op_name("Blur").axes is None
        with pytest.raises(Refused, match=r"Blur2d takes \[batch, channels, 2 spatial axes\]"):
            infer(op_name("Blur2d"), Blur(), [TensorType("float", (1, 2, 3))])
    finally:
        registry.unregister(Blur)


def _infer(self: Op, *inputs: TensorType) -> Inferred:
    return Inferred(inputs)


def _lower(self: Op, *inputs: TensorType) -> TorchCall:
    return TorchCall("my_package.X")


@pytest.mark.parametrize(("name", "members", "message"), [
    ("Conv2d", {}, "there is an op 'Conv2d' already"),
    ("_Hidden", {}, "cannot be the name of an op"),
    ("lambda", {}, "cannot be the name of an op"),
    ("Größe", {}, "cannot be the name of an op"),
    ("NoDoc", {"__doc__": None}, "NoDoc needs a docstring"),
    ("NoRule", {"infer": Op.infer}, "NoRule needs a method `infer"),
    ("NoCall", {"lower": Op.lower}, "NoCall needs a method `lower"),
])  # fmt: skip
def test_incomplete_ops_are_refused(name: str, members: dict[str, object], message: str) -> None:
    cls = type(name, (Op,), {"__doc__": "A test.", "__module__": __name__, "infer": _infer, "lower": _lower, **members})
    with pytest.raises((TypeError, ValueError), match=message):
        registry.register(cls)
    assert name == "Conv2d" or registry.find(name) is None


def test_only_classes_of_ops_are_registered() -> None:
    with pytest.raises(TypeError, match=r"an op is a class derived from netspec\.ops\.Op"):
        registry.register(int)  # type: ignore[type-var]
