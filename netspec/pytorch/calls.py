"""`TorchCall` as code: constructors of modules, calls of functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netspec.dims import Dim
from netspec.ops.base import Operand, TorchCall
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


class FunctionCall:
    """Prints one call of a function; ``inputs`` are the codes of its tensors, ``size`` gives that of an open size."""

    def __init__(self, torch_call: TorchCall, inputs: Sequence[Text], size: Callable[[Dim], Text]) -> None:
        self.call = torch_call
        self.inputs = inputs
        self.size = size

    def code(self) -> tuple[Code, int]:
        """The code, and how tightly it binds."""
        if self.call.target in OPERATORS:
            return self._infix()
        if self.call.target == "[]":
            return self._indexed()
        return self._called(self.call), TIGHT

    def _called(self, torch_call: TorchCall) -> Group:
        """``torch.cat([x, y], 1)``; of a method ``x.permute(0, 2, 1).flatten(1, 2)``."""
        target, args = torch_call.target, torch_call.args
        if target.startswith("."):
            function, args = f"{self._receiver(args[0])}.{identifier(target[1:])}", args[1:]
        else:
            function = target_of(torch_call)
        keywords = [(identifier(k), self._argument(v)[0]) for k, v in torch_call.kwargs.items()]
        return call(function, [self._argument(a)[0] for a in args], keywords)

    def _receiver(self, value: object) -> str:
        """What a method is called of: a tensor, or the call of another method."""
        if isinstance(value, TorchCall):
            group = self._called(value)
            return f"{group.opening}{', '.join(f'{i.prefix}{i.code}' for i in group.items)}{group.closing}"
        text, binds = self._argument(value)
        return text if binds == TIGHT else f"({text})"

    def _indexed(self) -> tuple[str, int]:
        """``x[:, 1:, None, ..., 0]``."""
        (tensor, tightness), *_ = self._spread(self.call.args[0])
        entries = ", ".join(map(self._entry, self.call.args[1:]))
        return f"{tensor if tightness == TIGHT else f'({tensor})'}[{entries}]", TIGHT

    def _entry(self, entry: object) -> str:
        """One index: an int or open size, None, ``...``, or a slice as its three bounds."""
        if entry == "...":
            return "..."
        if not isinstance(entry, tuple):
            return self._argument(entry)[0]
        lower, upper, step = ("" if bound is None else self._argument(bound)[0] for bound in entry)
        return f"{lower}:{upper}" + (f":{step}" if step else "")

    def _infix(self) -> tuple[str, int]:
        args = [t for a in self.call.args or (Operand(-1),) for t in self._spread(a)]
        if self.call.target != "/":
            return infix(self.call.target, args)
        parts = [args[0][0] if args[0][1] >= PRODUCT else f"({args[0][0]})"]
        return " / ".join(parts + [t if b == TIGHT else f"({t})" for t, b in args[1:]]), PRODUCT

    def _spread(self, argument: object) -> list[Text]:
        return list(self.inputs) if argument == Operand(-1) else [self._argument(argument)]

    def _argument(self, value: object) -> Text:
        if isinstance(value, Operand):
            if value.index < 0:
                return f"[{', '.join(t for t, _ in self.inputs)}]", TIGHT
            return self.inputs[value.index]
        if isinstance(value, Dim):
            return self.size(value)
        if isinstance(value, (tuple, list)):
            return bracketed([self._argument(v)[0] for v in value]), TIGHT
        text = literal(value)
        return text, SUM if text.startswith("-") else TIGHT
