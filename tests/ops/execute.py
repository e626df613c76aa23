"""Runs a `TorchCall` without source generation."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from functools import reduce
from operator import attrgetter
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from netspec.ops.base import ModuleCall, Operand, TorchCall
from netspec.ops.contract import Returned, SizesOf
from tests.ops.oracle import OPERATORS, results

SYMBOLS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def build(call: TorchCall) -> nn.Module:
    """The module that a call makes."""
    module: nn.Module = function(call)(*call.args, **call.kwargs)
    return module


def invoke(net: nn.Module, call: ModuleCall, tensors: list[Tensor]) -> list[Tensor]:
    """What the call of a module gives, output by output."""
    args = tensors if call.args is None else [_value(a, tensors) for a in call.args]
    found = net(*args, **{name: _value(a, tensors) for name, a in call.kwargs.items()})
    if call.returns is None:
        return results(found)
    outputs = dict(_picked(found, call.returns))
    return [outputs[number] for number in range(len(outputs))]


def _picked(found: Any, returned: Returned | None) -> Iterator[tuple[int, Tensor]]:
    """The outputs in what came back, by number."""
    if isinstance(returned, tuple):
        for each, part in zip(found, returned, strict=True):
            yield from _picked(each, part)
    elif returned is not None:
        yield returned, found


def apply(call: TorchCall, tensors: list[Tensor]) -> Any:
    """What the call of a function or method gives: a tensor, or several."""
    args = [_value(a, tensors) for a in call.args]
    kwargs = {name: _value(a, tensors) for name, a in call.kwargs.items()}
    result: Any
    if call.target.startswith("."):
        result = getattr(args[0], call.target[1:])(*args[1:], **kwargs)
    elif call.target in SYMBOLS:
        result = reduce(OPERATORS[SYMBOLS[call.target]], args)
    elif call.target == "[]":
        result = args[0][tuple(_index(a) for a in args[1:])]
    else:
        result = function(call)(*args, **kwargs)
    return result


def function(call: TorchCall) -> Any:
    if call.target.startswith(("torch.", "nn.")):
        return attrgetter(call.target.removeprefix("torch."))(torch)
    text = "import torch\nfrom torch import Tensor, nn\n" + "".join(call.helpers)
    file = f"<{call.target}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)  # scripting reads the source
    module = ModuleType(f"generated{call.target}")
    sys.modules[module.__name__] = module  # compiling looks it up
    exec(compile(text, file, "exec"), vars(module))
    return getattr(module, call.target)


def _index(entry: Any) -> Any:
    if entry == "...":
        return ...
    return slice(*entry) if isinstance(entry, tuple) else entry


def _value(argument: Any, tensors: list[Tensor]) -> Any:
    if isinstance(argument, TorchCall):
        return apply(argument, tensors)
    if isinstance(argument, SizesOf):
        return tensors[argument.index].shape[argument.start :]
    if isinstance(argument, Operand):
        return tensors if argument.index == -1 else tensors[argument.index]
    if isinstance(argument, tuple):
        return tuple(_value(a, tensors) for a in argument)
    return argument
