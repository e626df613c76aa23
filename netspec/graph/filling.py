"""Whether a function of torch.nn.init can fill a tensor, as torch itself would find when the module is made."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.diagnostics import Diagnostic, Label
from netspec.graph.decisions import assignments
from netspec.graph.model import Graph, Initial, RawTensor
from netspec.graph.policies import definitions
from netspec.graph.walk import join, state
from netspec.source import Span

#: The least and the greatest number of axes that a function fills; others fill any.
AXES = {
    "eye": (2, 2), "sparse": (2, 2), "dirac": (3, 5), "orthogonal": (2, None), "xavier_uniform": (2, None),
    "xavier_normal": (2, None), "kaiming_uniform": (2, None), "kaiming_normal": (2, None),
}  # fmt: skip
_CONVOLUTIONS = tuple(f"conv{transposed}{axes}d" for transposed in ("", "_transpose") for axes in (1, 2, 3))
#: The strings that an argument may be; all other arguments are numbers.
WORDS = {
    "mode": ("fan_in", "fan_out"),
    "nonlinearity": ("linear", *_CONVOLUTIONS, "sigmoid", "tanh", "relu", "leaky_relu", "selu"),
}


def unfit(graph: Graph) -> list[Diagnostic]:
    """A diagnostic for each place where initial values do not go with the tensor that they are for."""
    found: dict[Span, Diagnostic] = {}
    for initial, name, shape, span in _uses(graph):
        message = refusal(initial, name, shape)
        if message:
            found.setdefault(span, Diagnostic("NS203", message, Label(span)))
    return list(found.values())


def _uses(graph: Graph) -> Iterator[tuple[Initial, str, tuple[int, ...], Span]]:
    decided = assignments(graph.definition)
    shapes = {key: weight.shape for key, weight in state(graph.definition)} if decided else {}
    for a in decided:
        name = join(a.path, a.attribute)
        yield a.initial, name, shapes[name], a.policy.span
    for definition in definitions(graph.definition):
        for module in definition.modules:
            if isinstance(module.body, RawTensor) and isinstance(module.body.value, Initial):
                shape = tuple(d for d in module.inputs[0].dims if isinstance(d, int))
                yield module.body.value, module.label, shape, module.span


def refusal(initial: Initial, name: str, shape: tuple[int, ...]) -> str:
    """Why the tensor ``name`` cannot be filled so; empty where it can.

    >>> refusal(Initial("kaiming_normal"), "bn.weight", (64,))
    'kaiming_normal fills 2 axes or more; bn.weight is [64]'
    """
    for argument, value in initial.keywords:
        problem = _argument(argument, value)
        if problem:
            return problem
    least, most = AXES.get(initial.function, (0, None))
    if len(shape) < least or (most is not None and len(shape) > most):
        axes = (
            f"{least} axes" if least == most else f"{least} axes or more" if most is None else f"{least} to {most} axes"
        )
        return f"{initial.function} fills {axes}; {name} is {list(shape)}"
    groups = dict(initial.keywords).get("groups", 1)
    if initial.function == "dirac" and (not isinstance(groups, int) or groups < 1 or shape[0] % groups):
        return f"groups={groups} does not divide the first axis of {name}: {list(shape)}"
    return ""


def _argument(name: str, value: object) -> str:
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    if name not in WORDS:
        return f"{name} is a number, not {shown}" if isinstance(value, str) else ""
    if value in WORDS[name]:
        return ""
    words = [f'"{w}"' for w in WORDS[name]]
    return f"{name} is {', '.join(words[:-1])} or {words[-1]}, not {shown}"
