"""The public functions, as a script uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netspec

TEXT = """netspec 1
network Net(width: int = 4) {
    input x: [B, 3, H, W]
    output x -> conv: Conv2d(width, 1)
}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "net.netspec"
    path.write_text(TEXT)
    return path


def test_load_elaborate_summarise(spec: Path) -> None:
    loaded = netspec.load(spec)
    assert loaded.networks == ("Net",)
    graph = loaded.elaborate("Net", width=8)
    assert graph.definition.parameter_count == 3 * 8 + 8
    assert "[1, 8, 5, 6]" in str(netspec.summary(graph, x=(1, 3, 5, 6)))


def test_a_spec_or_its_path_stands_for_the_graph_of_its_only_network(spec: Path, tmp_path: Path) -> None:
    graph = netspec.load(spec).elaborate()
    for given in (netspec.load(spec), spec, str(spec)):
        assert str(netspec.summary(given, x=(1, 3, 5, 6))) == str(netspec.summary(graph, x=(1, 3, 5, 6)))
        assert str(netspec.explain(given, "conv")) == str(netspec.explain(graph, "conv"))
        netspec.render(given, tmp_path / "of_spec.mmd")
        netspec.render(graph, tmp_path / "of_graph.mmd")
        assert (tmp_path / "of_spec.mmd").read_text() == (tmp_path / "of_graph.mmd").read_text()
    assert netspec.build(netspec.load(spec), width=5).conv.out_channels == 5


def test_what_stands_for_no_graph_is_refused(spec: Path) -> None:
    with pytest.raises(TypeError, match="a Spec or a Graph, not a Net"):
        netspec.summary(netspec.build(spec))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a graph has its arguments"):
        netspec.build(netspec.load(spec).elaborate(), width=5)
    spec.write_text(TEXT + TEXT.removeprefix("netspec 1").replace("Net", "Other"))
    with pytest.raises(netspec.SpecError, match="declares 2 networks: name one"):
        netspec.summary(spec)


def test_a_network_built_again_has_the_same_class_and_weights_of_its_own(spec: Path) -> None:
    first, second = netspec.build(spec), netspec.build(spec)
    assert type(first) is type(second)
    assert not torch.equal(first.conv.weight, second.conv.weight)


def test_an_edited_spec_is_built_anew(spec: Path) -> None:
    netspec.build(spec)
    spec.write_text(TEXT.replace("Conv2d(width, 1)", "Conv2d(width, 3)"))
    assert netspec.build(spec).conv.kernel_size == (3, 3)


def test_other_arguments_are_another_network(spec: Path) -> None:
    assert netspec.build(spec).conv.out_channels == 4
    assert netspec.build(spec, "Net", width=5).conv.out_channels == 5


def test_pictures_can_be_drawn_one_after_the_other(spec: Path, tmp_path: Path) -> None:
    graph = netspec.load(spec).elaborate()
    for name in ("a.mmd", "b.MMD", "c.dot"):
        netspec.render(graph, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 100
    with pytest.raises(ValueError, match="no format `gif`"):
        netspec.render(graph, tmp_path / "d.gif")


def test_mistakes_are_returned_by_check_and_raised_by_load(spec: Path) -> None:
    assert netspec.check(spec) == ()
    spec.write_text(TEXT.replace("Conv2d", "Konv2d"))
    (mistake,) = netspec.check(spec)
    assert (mistake.code, mistake.severity) == ("NS200", "error")
    with pytest.raises(netspec.SpecError, match="did you mean `Conv2d`"):
        netspec.load(spec)


def test_too_many_parameters_are_refused_before_they_are_allocated(spec: Path) -> None:
    with pytest.raises(netspec.SpecError, match="NS604"):
        netspec.build(spec, max_parameters=10)


def test_lists_from_python_are_quoted_as_a_spec_writes_them(spec: Path) -> None:
    text = TEXT.replace("width: int = 4", "n: int = 3, widths: int[n] = 4, width: int = 4")
    spec.write_text(text.replace("conv: ", "convs: [Conv2d(w, 1) for w in widths] -> conv: "))
    with pytest.raises(netspec.SpecError) as caught:
        netspec.build(spec, widths=[1, "a", {"b": (None,)}, 2])
    lines = str(caught.value).splitlines()
    assert lines[0] == "error[NS203]: `widths` of `Net` must be int[n] with n = 3"
    assert lines[3] == '1 | (1, "a", {"b": (None,)}, 2)'
    loop: list[object] = []
    loop += [loop] * 20
    with pytest.raises(netspec.SpecError, match="NS601"):
        netspec.build(spec, widths=loop)
