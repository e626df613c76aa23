"""Modules that are called with several tensors and return tuples: in generated code, reused, in lists, by policies."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import netspec
from netspec.pytorch.source import generate
from tests.texts import graph_of, mistakes_of

SPECS = Path(__file__).parents[2] / "specs" / "text"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")

MHA = """network N() {
    input x: [B, L, 8]
    input y: [B, S, 6]
    input padding: bool[B, S]
    input future: bool[L, L]
    module cross: MultiheadAttention(2)
    a = (x, y, y, padding) -> cross
    b = (a, y, y) -> cross
    output a + b + ((a, b, a) -> own: MultiheadAttention(4, attn_mask=future, bias=False, add_bias_kv=True))
}"""
LSTM = """network N() {
    input x: [B, L, 8]
    module lstm: LSTM(8)
    y, h, c = x -> lstm
    y, h, c = (y, h, c) -> lstm
    z, last = y -> gru: [Linear(4), GRU(3, num_layers=2)]
    w, last = (y, last[:1]) -> rnn: RNN(3, nonlinearity="relu")
    output y, c, w
    output z
}"""
SELF = """
block Own() { input x; output x -> self: LSTM(4, proj_size=2) }
block Within() { input x; y, h, c = x -> self: LSTM(8); output y * 2 }
block Listed() { input x; y, h = x -> self: [Linear(4), GRU(3)]; output y + y, h }
network N() {
    input x: [B, L, 8]
    y, h, c = x -> own: Own()
    z = x -> within: Within()
    u, v = z -> listed: Listed()
    output y, h, c
    output u, v
}"""
LAYERS = """network N() {
    input x: [B, L, 8]
    input m: [B, S, 8]
    input padding: bool[B, L]
    input future: bool[L, L]
    x = (x, padding) -> enc: TransformerEncoderLayer(2, 16, norm_first=True, activation="gelu")
    x = x -> list: [2 * TransformerEncoderLayer(2, 16), Linear(8)]
    x = (x, m) -> dec: TransformerDecoderLayer(2, 16, tgt_mask=future)
    output scaled_dot_product_attention(x, m, m) + scaled_dot_product_attention(x, x, x, is_causal=True)
}"""


def tensors(text: str, batch: int = 3, length: int = 5) -> tuple[Tensor, ...]:
    """Inputs of a network; the last two positions are padding, and no word sees one after it."""
    generator = torch.Generator().manual_seed(0)
    padding = (torch.arange(length) >= length - 2).expand(batch, -1)
    sizes = {"B": batch, "L": length, "S": length}
    made = {"padding": padding.clone(), "future": torch.ones(length, length, dtype=torch.bool).triu(1)}
    return tuple(
        made[name] if name in made else torch.randn([sizes.get(str(d), d) for d in type_.dims], generator=generator)
        for name, type_ in graph_of(text).inputs.items()
    )


def flat(value: Any) -> Iterator[Tensor]:
    """The tensors of nested tuples."""
    if isinstance(value, Tensor):
        yield value
    else:
        for each in value:
            yield from flat(each)


def assert_same(found: Any, wanted: Any) -> None:
    torch.testing.assert_close(list(flat(found)), list(flat(wanted)), rtol=1e-4, atol=1e-5)


def built(text: str) -> nn.Module:
    return netspec.build(graph_of(text)).eval()


def forward_lines(text: str) -> list[str]:
    """What calls a module, without the places."""
    lines = (line.split("  # ")[0].strip() for line in generate(graph_of(text)).splitlines())
    return [line for line in lines if "self." in line and "= nn." not in line]


# ------------------------------------------------------------------------------------------------ what is written


def test_attention_is_called_by_name_and_gives_its_first_result() -> None:
    assert forward_lines(MHA) == [
        "a = self.cross(x, y, y, key_padding_mask=padding, need_weights=False)[0]",
        "b = self.cross(a, y, y, need_weights=False)[0]",
        "x = self.own(a, b, a, attn_mask=future, need_weights=False)[0]",
    ]


def test_states_come_and_go_nested() -> None:
    assert forward_lines(LSTM) == [
        "y, (h, c) = self.lstm(x)",
        "y, (_, c) = self.lstm(y, (h, c))",
        "z, last = self.gru(y)",
        "w, _ = self.rnn(y, x)",
    ]


def test_masks_are_named() -> None:
    assert forward_lines(LAYERS) == [
        "x = self.enc(x, src_key_padding_mask=padding)",
        "x = self.list(x)",
        "x = self.dec(x, m, tgt_mask=future)",
    ]


# ------------------------------------------------------------------------------------------------ what is computed


def test_attention_computes_what_torch_does() -> None:
    model, (x, y, padding, future) = built(MHA), tensors(MHA)
    cross, own = model.cross, model.own
    assert isinstance(cross, nn.MultiheadAttention)
    assert isinstance(own, nn.MultiheadAttention)
    a, _ = cross(x, y, y, key_padding_mask=padding)
    b, _ = cross(a, y, y)
    c, _ = own(a, b, a, attn_mask=future)
    assert_same(model(x, y, padding, future), a + b + c)


def test_recurrent_layers_compute_what_torch_does() -> None:
    model, (x,) = built(LSTM), tensors(LSTM)
    y, state = model.lstm(x)  # type: ignore[operator]
    y, (_, c) = model.lstm(y, state)  # type: ignore[operator]
    z, last = model.gru(y)  # type: ignore[operator]
    assert_same(model(x), (y, c, model.rnn(y, last[:1])[0], z))  # type: ignore[operator]


@pytest.mark.parametrize("text", [MHA, LSTM, SELF, LAYERS], ids=["attention", "recurrent", "self", "layers"])
def test_copies_pickles_and_exports_compute_the_same(text: str) -> None:
    model, inputs = built(text), tensors(text)
    wanted = model(*inputs)
    assert_same(pickle.loads(pickle.dumps(model))(*inputs), wanted)
    assert_same(copy.deepcopy(model)(*inputs), wanted)
    assert_same(torch.export.export(model, inputs).module()(*inputs), wanted)
    with torch.no_grad():  # torch's kernels for evaluation
        assert_same(model(*inputs), wanted)


@pytest.mark.parametrize("text", [MHA, LSTM, SELF, LAYERS], ids=["attention", "recurrent", "self", "layers"])
def test_scripting(text: str) -> None:
    """But torch's own script takes no attention without bias, and no subclass that calls the LSTM that it is."""
    text = text.replace("bias=False, ", "").replace("self: LSTM(8)", "lstm: LSTM(8)")
    model, inputs = built(text), tensors(text)
    assert_same(torch.jit.script(model)(*inputs), model(*inputs))


@pytest.mark.parametrize("text", [MHA, LSTM, LAYERS], ids=["attention", "recurrent", "layers"])
def test_compiling(text: str) -> None:
    model, inputs = built(text), tensors(text)
    with torch._dynamo.config.patch(allow_rnn=True):
        assert_same(torch.compile(model, fullgraph=True, backend="eager")(*inputs), model(*inputs))


@pytest.mark.parametrize("text", [MHA, LAYERS], ids=["attention", "layers"])
def test_attention_is_exported_with_open_sizes(text: str) -> None:
    graph = graph_of(text)
    model = netspec.build(graph).eval()
    program = torch.export.export(model, tensors(text), dynamic_shapes=netspec.dynamic_shapes(graph))
    other = tensors(text, 2, 7)
    assert_same(program.module()(*other), model(*other))


def test_recurrent_layers_are_exported_for_one_length_and_any_batch() -> None:
    graph = graph_of(LSTM)
    model = netspec.build(graph).eval()
    program = torch.export.export(model, tensors(LSTM), dynamic_shapes=netspec.dynamic_shapes(graph)).module()
    assert_same(program(*tensors(LSTM, 4)), model(*tensors(LSTM, 4)))
    with pytest.raises(AssertionError, match="5"):
        program(*tensors(LSTM, 3, 6))


# ------------------------------------------------------------------------------------------------ policies


def with_policies(text: str, *policies: str) -> str:
    return text.rstrip().removesuffix("}") + "".join(f"\n{p}" for p in policies) + "\n}"


def test_checkpointed_layers_have_the_same_gradients() -> None:
    for text in (MHA, LSTM, LAYERS):
        layers = ("MultiheadAttention", "LSTM", "GRU", "TransformerEncoderLayer", "TransformerDecoderLayer")
        plain = built(text)
        model = built(with_policies(text, *(f"checkpoint {layer}" for layer in layers if layer in text)))
        model.load_state_dict(plain.state_dict())
        for net in (plain, model):
            sum(t.square().sum() for t in flat(net(*tensors(text)))).backward()  # type: ignore[union-attr]
        assert_same([p.grad for p in model.parameters()], [p.grad for p in plain.parameters()])


def test_policies_reach_the_modules_of_a_layer() -> None:
    model = built(with_policies(
        LAYERS, "init Linear { weight = 0, bias = 3 }", 'init "enc.linear1" { weight = 1 }',
        'init MultiheadAttention { in_proj_weight = 2 }', 'freeze "list.*.self_attn.out_proj"', 'freeze "dec.norm*"',
    ))  # fmt: skip
    model.train()
    linears = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    assert len(linears) == 3 + 2 * 3 + 1 + 4  # enc, list, dec with two attentions
    for name, linear in linears:
        assert (linear.weight == (name == "enc.linear1")).all(), name
        assert (linear.bias == 3).all(), name
    attentions = [m for m in model.modules() if isinstance(m, nn.MultiheadAttention)]
    assert len(attentions) == 5
    assert all((m.in_proj_weight == 2).all() for m in attentions)
    frozen = {name.rpartition(".")[0] for name, p in model.named_parameters() if not p.requires_grad}
    assert frozen == {*(f"list.{i}.self_attn.out_proj" for i in (0, 1)), *(f"dec.norm{i}" for i in (1, 2, 3))}
    assert not any(model.get_submodule(name).training for name in frozen)


# ------------------------------------------------------------------------------------------------ mistakes


def only(body: str, before: str = "") -> tuple[str, str, str]:
    """Code, message and help of the only mistake."""
    masks = "input m: bool[L, L]\n" if "=m" in body or ", m)" in body else ""
    (found,) = mistakes_of(f"{before}\nnetwork N() {{\ninput x: [B, L, 8]\n{masks}{body}\n}}")
    return found.code, found.message, str(found.help)


@pytest.mark.parametrize(
    ("body", "code", "message", "help"),
    [
        ("output x -> a: MultiheadAttention(2)", "NS300",
         "MultiheadAttention takes 3 tensors, and may take key_padding_mask and attn_mask, got 1", "(x, x, x) ->"),
        ("output (x, x, x) -> a: MultiheadAttention(3)", "NS300", "8 features do not part into 3 heads", "2 does"),
        ("output x -> a: LSTM(8, 4)", "NS204", "`LSTM` takes 1 argument by position, not 2", "leave it out"),
        ("output x -> a: LSTM(4, batch_first=True)", "NS201", "`LSTM` has no argument `batch_first`", "leave it out"),
        ("output x -> a: [LSTM(4), Linear(2)]", "NS305", "a member of a list gives one tensor, not 3", ""),
        ("y = x -> a: LSTM(4)\noutput y -> b: Linear(2)", "NS300", "Linear takes 1 tensor, got 3", "`y[0]`"),
        ("output (x, x) -> a: LSTM(4)", "NS300",
         "LSTM begins with a state and a cell, got the state alone", "(x, h, c)"),
        ("output x -> a: [Linear(8), TransformerEncoderLayer(2, src_mask=m)]", "NS405",
         "the tensor for `src_mask` is not in this list or block", "inputs"),
        ("output (x, m) -> a: TransformerEncoderLayer(2, src_key_padding_mask=m)", "NS205",
         "`TransformerEncoderLayer` gets `src_key_padding_mask` twice", "before"),
        ('output x -> a: TransformerEncoderLayer(2)\ncheckpoint "a.linear1"', "NS402",
         '`checkpoint "a.linear1"` names a part of a layer, which computes its parts itself', "whole layer"),
        ('output x -> a: TransformerEncoderLayer(2)\ninit "a.linear3" { weight = 0 }', "NS402",
         '`init "a.linear3"` names nothing in N', "`linear2`"),
        ("y, h, c = x -> a: LSTM(4)\noutput y\ninit LSTM { weight = 0 }", "NS201",
         "no module that `LSTM` names has `weight`", "weight_hh_l0"),
    ],
)  # fmt: skip
def test_mistakes_are_explained(body: str, code: str, message: str, help: str) -> None:
    found = only(body)
    assert found[:2] == (code, message)
    assert help in found[2]


def test_a_tensor_does_not_leave_its_block_in_an_argument() -> None:
    block = "block Layer(of: block) { input x; output x -> of: of() }"
    code, message, _ = only("output x -> a: Layer(TransformerEncoderLayer(2, src_mask=m))", block)
    assert (code, message) == ("NS405", "the tensor for `src_mask` is not in this list or block")


# ------------------------------------------------------------------------------------------------ the specs


def words() -> tuple[Tensor, Tensor]:
    tokens = torch.randint(1, 50, (3, 7), generator=torch.Generator().manual_seed(0))
    return tokens, (torch.arange(7) >= 5).expand(3, -1)


def test_the_text_specs_run() -> None:
    tokens, padding = words()
    assert netspec.build(SPECS / "lstm.netspec", vocab=50, dim=8, hidden=6)(tokens).shape == (3, 2)
    transformer = netspec.build(SPECS / "transformer.netspec", vocab=50, dim=8, heads=2, num_layers=2)
    assert transformer(tokens, padding).shape == (3, 2)


def test_padding_has_no_effect() -> None:
    tokens, padding = words()
    model = netspec.build(SPECS / "transformer.netspec", vocab=50, dim=8, heads=2, num_layers=2).eval()
    assert_same(model(tokens, padding), model(tokens.masked_fill(padding, 7), padding))
    assert not torch.allclose(model(tokens, padding), model(tokens, torch.zeros_like(padding)))
