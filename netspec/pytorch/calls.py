"""`TorchCall` as code: constructors of modules, calls of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from netspec.dims import Dim
from netspec.ops.base import ModuleCall, Operand, TorchCall
from netspec.ops.contract import Returned, SizesOf
from netspec.pytorch.layout import Code, Group, call
from netspec.pytorch.names import bracketed, dotted, identifier, literal
from netspec.pytorch.sizes import PRODUCT, SUM, TIGHT, Text, infix

OPERATORS = ("+", "-", "*", "/")


def target_of(torch_call: TorchCall) -> str:
    """The checked name of what is called."""
    return dotted(torch_call.target)


def user_module(torch_call: TorchCall) -> str | None:
    """The module to import for a target of the user's own: ``my_package.layers`` for ``my_package.layers.Swish``."""
    head, _, _ = torch_call.target.rpartition(".")
    return dotted(head) if head and head.split(".")[0] not in ("torch", "nn") else None


def constructor(torch_call: TorchCall) -> Code:
    """``nn.Conv3d(3, 64, 7, bias=False)``."""
    keywords = [(identifier(k), literal(v)) for k, v in torch_call.kwargs.items()]
    return call(target_of(torch_call), [literal(a) for a in torch_call.args], keywords)


def only(returned: Returned | None) -> tuple[int, ...]:
    """The way to the one output in what a module returns; empty where it is all that comes back, or one of several."""
    if not isinstance(returned, tuple) or len(outputs_in(returned)) != 1:
        return ()
    place = next(i for i, part in enumerate(returned) if outputs_in(part))
    return (place, *only(returned[place]))


def outputs_in(returned: Returned | None) -> list[int]:
    """The numbers of the outputs in what a module returns."""
    if isinstance(returned, tuple):
        return [n for part in returned for n in outputs_in(part)]
    return [] if returned is None else [returned]


class Calls:
    """Prints calls with tensors; ``inputs`` are their codes, ``size`` gives the code of an open size."""

    def __init__(self, inputs: Sequence[Text], size: Callable[[Dim], Text]) -> None:
        self.inputs = inputs
        self.size = size

    def function(self, torch_call: TorchCall) -> tuple[Code, int]:
        """The code of a function's call, and how tightly it binds."""
        if torch_call.target in OPERATORS:
            return self._infix(torch_call)
        if torch_call.target == "[]":
            return self._indexed(torch_call)
        return self._called(torch_call), TIGHT

    def module(self, callee: str, module_call: ModuleCall) -> Group:
        """``self.attn(q, k, v, need_weights=False)[0]``: with the index where one of what comes back is an output."""
        args = [t for t, _ in self.inputs] if module_call.args is None else self._arguments(module_call.args)
        group = call(callee, args, self._keywords(module_call.kwargs))
        return group._replace(closing=group.closing + "".join(f"[{i}]" for i in only(module_call.returns)))

    def _called(self, torch_call: TorchCall) -> Group:
        """``torch.cat([x, y], 1)``; of a method ``x.permute(0, 2, 1).flatten(1, 2)``."""
        target, args = torch_call.target, torch_call.args
        if target.startswith("."):
            function, args = f"{self._receiver(args[0])}.{identifier(target[1:])}", args[1:]
        else:
            function = target_of(torch_call)
        return call(function, self._arguments(args), self._keywords(torch_call.kwargs))

    def _arguments(self, args: Sequence[object]) -> list[str]:
        return [self._argument(a)[0] for a in args]

    def _keywords(self, kwargs: Mapping[str, object]) -> list[tuple[str, str]]:
        return [(identifier(k), self._argument(v)[0]) for k, v in kwargs.items()]

    def _receiver(self, value: object) -> str:
        """What a method is called of: a tensor, or the call of another method."""
        if isinstance(value, TorchCall):
            group = self._called(value)
            return f"{group.opening}{', '.join(f'{i.prefix}{i.code}' for i in group.items)}{group.closing}"
        text, binds = self._argument(value)
        return text if binds == TIGHT else f"({text})"

    def _indexed(self, torch_call: TorchCall) -> tuple[str, int]:
        """``x[:, 1:, None, ..., 0]``."""
        (tensor, tightness), *_ = self._spread(torch_call.args[0])
        entries = ", ".join(map(self._entry, torch_call.args[1:]))
        return f"{tensor if tightness == TIGHT else f'({tensor})'}[{entries}]", TIGHT

    def _entry(self, entry: object) -> str:
        """One index: an int or open size, None, ``...``, or a slice as its three bounds."""
        if entry == "...":
            return "..."
        if not isinstance(entry, tuple):
            return self._argument(entry)[0]
        lower, upper, step = ("" if bound is None else self._argument(bound)[0] for bound in entry)
        return f"{lower}:{upper}" + (f":{step}" if step else "")

    def _infix(self, torch_call: TorchCall) -> tuple[str, int]:
        args = [t for a in torch_call.args or (Operand(-1),) for t in self._spread(a)]
        if torch_call.target != "/":
            return infix(torch_call.target, args)
        parts = [args[0][0] if args[0][1] >= PRODUCT else f"({args[0][0]})"]
        return " / ".join(parts + [t if b == TIGHT else f"({t})" for t, b in args[1:]]), PRODUCT

    def _spread(self, argument: object) -> list[Text]:
        return list(self.inputs) if argument == Operand(-1) else [self._argument(argument)]

    def _argument(self, value: object) -> Text:
        if isinstance(value, Operand):
            if value.index < 0:
                return f"[{', '.join(t for t, _ in self.inputs)}]", TIGHT
            return self.inputs[value.index]
        if isinstance(value, SizesOf):
            text, binds = self.inputs[value.index]
            return f"{text if binds == TIGHT else f'({text})'}.shape[{value.start}:]", TIGHT
        if isinstance(value, Dim):
            return self.size(value)
        if isinstance(value, (tuple, list)):
            return bracketed([self._argument(v)[0] for v in value]), TIGHT
        text = literal(value)
        return text, SUM if text.startswith("-") else TIGHT
