"""Runs a `TorchCall` without source generation."""

from __future__ import annotations

import linecache
import sys
from functools import reduce
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from netspec.ops.base import Operand, TorchCall
from tests.ops.oracle import OPERATORS

SYMBOLS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def build(call: TorchCall) -> nn.Module:
    """The module that a call makes."""
    namespace, name = call.target.split(".")
    assert namespace == "nn"
    module: nn.Module = getattr(nn, name)(*call.args, **call.kwargs)
    return module


def apply(call: TorchCall, tensors: list[Tensor]) -> Tensor:
    """What the call of a function or method gives."""
    args = [_value(a, tensors) for a in call.args]
    result: Tensor
    if call.target.startswith("."):
        result = getattr(args[0], call.target[1:])(*args[1:], **call.kwargs)
    elif call.target in SYMBOLS:
        result = reduce(OPERATORS[SYMBOLS[call.target]], args)
    elif call.target == "[]":
        result = args[0][tuple(_index(a) for a in args[1:])]
    else:
        result = function(call)(*args, **call.kwargs)
    return result


def function(call: TorchCall) -> Any:
    if call.target.startswith("torch."):
        return getattr(torch, call.target.removeprefix("torch."))
    text = "import torch\n" + "".join(call.helpers)
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
    if isinstance(argument, Operand):
        return tensors if argument.index == -1 else tensors[argument.index]
    return argument
