"""Recurrent layers over sequences ``[batch, length, features]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from netspec.dims import Size, product
from netspec.ops.base import Op, PositiveInt
from netspec.ops.contract import Inferred, ModuleCall, Need, Operand, Refused, TorchCall, Weight, shown
from netspec.ops.rules.sequence import Share, features, sequence_input
from netspec.types import TensorType


class _Recurrent(Op):
    """``[B, L, input_size]`` gives all states ``[B, L, D * H]`` of the last layer and the last states
    ``[D * num_layers, B, H]`` of all layers, with D = 2 for bidirectional ones, else 1."""

    family: ClassVar[str] = "sequence"
    operands: ClassVar[tuple[str, ...]] = ("h_0",)
    positional: ClassVar[tuple[str, ...]] = ("hidden_size",)  # ``LSTM(128, 256)`` would set num_layers
    unrolled: ClassVar[bool] = True
    inferred_names: ClassVar[tuple[str, ...]] = ("input_size",)
    #: how many products a layer computes of its input, and of its state
    gates: ClassVar[int] = 1

    if TYPE_CHECKING:  # the subclasses declare them, in torch's order
        hidden_size: int
        num_layers: int
        bias: bool
        dropout: float
        bidirectional: bool

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def state_size(self) -> int:
        """The features of a state ``h``."""
        return self.hidden_size

    def infer(self, *inputs: TensorType) -> Inferred:
        x = inputs[0]
        sequence_input(self, x)
        features(self, x)
        batch, length = x.dims[:2]
        states = self._states(batch)
        needs = [n for i, h in enumerate(inputs[1:]) for n in self._initial(h, i + 1, states[i].dims)]
        y = TensorType("float", (batch, length, self.directions * self.state_size))
        return Inferred((y, *states), tuple(needs))

    def _states(self, batch: Size) -> tuple[TensorType, ...]:
        return (TensorType("float", (self.num_layers * self.directions, batch, self.state_size)),)

    def _initial(self, state: TensorType, operand: int, shape: tuple[Size, ...]) -> Iterator[Need]:
        """What an initial state must be: of the shape of the last one."""
        name, wanted = self.operands[operand - 1], TensorType("float", shape)
        if state.dtype != "float" or state.rank != 3:
            message = f"{name} is a float tensor {shown(wanted)}, got {shown(state)}"
            raise Refused(message, operand=operand, listed="dtype" if state.rank == 3 else None)
        for size, known_size in zip(state.dims, shape, strict=True):
            yield Need(size, "==", known_size, f"{name} has the shape {shown(wanted)}, got {shown(state)}")

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        return {"input_size": features(self, inputs[0])}

    def _layers(self, x: TensorType) -> Iterator[tuple[str, int]]:
        """The end of the names of each layer's weights, and the size of its input."""
        size = features(self, x)
        for layer in range(self.num_layers):
            yield from ((f"l{layer}{suffix}", size) for suffix in ("", "_reverse")[: self.directions])
            size = self.directions * self.state_size

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return tuple(w for end, size in self._layers(inputs[0]) for w in self._layer(end, size))

    def _layer(self, end: str, size: int) -> Iterator[Weight]:
        rows = self.gates * self.hidden_size
        yield Weight(f"weight_ih_{end}", (rows, size))
        yield Weight(f"weight_hh_{end}", (rows, self.state_size))
        if self.bias:
            yield Weight(f"bias_ih_{end}", (rows,))
            yield Weight(f"bias_hh_{end}", (rows,))

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        """One product with each matrix for each element of the sequence."""
        matrices = (w.shape for w in self.weights(*inputs) if w.name.startswith("weight"))
        return product([*inputs[0].dims[:2], sum(rows * columns for rows, columns in matrices)])

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**super().settings(*inputs), "batch_first": True}

    def lower(self, *inputs: TensorType) -> TorchCall:
        call = super().lower(*inputs)
        return TorchCall(call.target, call.args, {**call.kwargs, "batch_first": True})


class RNN(_Recurrent):
    """``h_t = tanh(W_ih @ x_t + b_ih + W_hh @ h_(t-1) + b_hh)``, or relu in place of tanh (torch.nn.RNN, batch first;
    Elman, Finding Structure in Time, 1990).

    ``[B, L, input_size]`` gives ``[B, L, D * hidden_size]`` and the last states ``[D * num_layers, B, hidden_size]``;
    ``(x, h_0)`` begins with states of that shape. D is 2 with bidirectional, else 1; input_size is inferred; dropout is
    that between layers. Multiply-adds: one product with each matrix for each element.

        y, h = x -> rnn: RNN(256, nonlinearity="relu")
    """

    hidden_size: PositiveInt
    num_layers: PositiveInt = 1
    nonlinearity: Annotated[Literal["tanh", "relu"], Field(description='"tanh" or "relu"')] = "tanh"
    bias: bool = True
    dropout: Share = 0.0
    bidirectional: bool = False


class GRU(_Recurrent):
    """``h_t = (1 - z) * n + z * h_(t-1)`` with the gates ``r, z = sigmoid(W x_t + U h_(t-1) + b)`` and
    ``n = tanh(W_n x_t + b_n + r * (U_n h_(t-1) + c_n))`` (torch.nn.GRU, batch first; Cho et al., Learning Phrase
    Representations using RNN Encoder-Decoder, 2014).

    ``[B, L, input_size]`` gives ``[B, L, D * hidden_size]`` and the last states ``[D * num_layers, B, hidden_size]``;
    ``(x, h_0)`` begins with states of that shape. D is 2 with bidirectional, else 1; input_size is inferred; dropout is
    that between layers. Multiply-adds: one product with each matrix for each element.

        y, h = x -> gru: GRU(256, num_layers=2, bidirectional=True)
    """

    gates: ClassVar[int] = 3

    hidden_size: PositiveInt
    num_layers: PositiveInt = 1
    bias: bool = True
    dropout: Share = 0.0
    bidirectional: bool = False


class LSTM(_Recurrent):
    """``c_t = f * c_(t-1) + i * g`` and ``h_t = o * tanh(c_t)`` with the gates
    ``i, f, o = sigmoid(W x_t + U h_(t-1) + b)`` and ``g = tanh(W_g x_t + U_g h_(t-1) + b_g)`` (torch.nn.LSTM, batch
    first; Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; with the forget gate of Gers et al., 2000).

    ``[B, L, input_size]`` gives ``[B, L, D * H]``, the last states ``[D * num_layers, B, H]`` and the last cells
    ``[D * num_layers, B, hidden_size]``; ``(x, h_0, c_0)`` begins with states and cells of these shapes. H is
    hidden_size, or proj_size where states are projected to that (Sak et al., 2014); D is 2 with bidirectional, else 1.
    input_size is inferred; dropout is that between layers. Multiply-adds: one product with each matrix for each element
    (torch's counter sees them on its meta device only: the CPU has one kernel for all).

        y, h, c = x -> lstm: LSTM(256, num_layers=2, bidirectional=True)
    """

    operands: ClassVar[tuple[str, ...]] = ("h_0", "c_0")
    gates: ClassVar[int] = 4

    hidden_size: PositiveInt
    num_layers: PositiveInt = 1
    bias: bool = True
    dropout: Share = 0.0
    bidirectional: bool = False
    proj_size: Annotated[int, Field(ge=0, description="an int of at least 0")] = 0

    @property
    def state_size(self) -> int:
        return self.proj_size or self.hidden_size

    def infer(self, *inputs: TensorType) -> Inferred:
        if self.proj_size >= self.hidden_size:
            message = f"proj_size is smaller than hidden_size, but they are {self.proj_size} and {self.hidden_size}"
            raise Refused(message, attribute="proj_size")
        if len(inputs) == 2:
            raise Refused("LSTM begins with a state and a cell, got the state alone", help="`(x, h, c) -> lstm: …`")
        return super().infer(*inputs)

    def _states(self, batch: Size) -> tuple[TensorType, ...]:
        (states,) = super()._states(batch)
        return states, TensorType("float", (*states.dims[:2], self.hidden_size))

    def _layer(self, end: str, size: int) -> Iterator[Weight]:
        yield from super()._layer(end, size)
        if self.proj_size:
            yield Weight(f"weight_hr_{end}", (self.proj_size, self.hidden_size))

    def invoke(self, *inputs: TensorType) -> ModuleCall:
        args = (Operand(0), (Operand(1), Operand(2))) if len(inputs) == 3 else None
        return ModuleCall(args, returns=(0, (1, 2)))
