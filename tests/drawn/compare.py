"""Compares what netspec says of a drawn network with what torch does, size by size.

- Accepted: at each assignment that netspec's door admits, torch runs; and the shapes that netspec knew before, those of
  the built module's forward and those of torch's own modules are the same, with equal weights the numbers too. The door
  refuses exactly when `bind_inputs` does and when a condition of `netspec sizes` does not hold, and then torch refuses
  too, or there is a listed reason.
- Refused: torch refuses at the same statement, at the sizes drawn or others, or there is a listed reason there. Sizes
  that are equal sometimes: the condition that netspec gives holds exactly where torch runs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from netspec.analysis.inputs import bind_inputs
from netspec.analysis.sizes import size_conditions
from netspec.check import check, errors, load
from netspec.diagnostics import Diagnostic, SpecError
from netspec.dims import evaluate
from netspec.elaborate import elaborate
from netspec.files import read_import
from netspec.graph import Graph
from netspec.graph.walk import leaves
from netspec.pytorch.build import build_graph
from netspec.source import Source
from tests.drawn.description import Drawn
from tests.drawn.permissions import GATE
from tests.drawn.scopes import DTYPES
from tests.drawn.truth import Truth, counterexamples, further, larger, truth
from tests.drawn.writing import Writer, written

#: refusals for what torch does not know: the code says the reason
BY_CODE = {
    "NS213": "a structure that depends on an open size",
    "NS214": "an open size where weights need a number",
    "NS303": "not proven",
    "NS306": "in place on a tensor that something else reads",
}
KINDS = {dtype: kind for kind, dtype in DTYPES.items()}


#: what a condition of `netspec sizes` may name beside open sizes
NAMES: dict[str, Any] = {"min": min, "max": max, "ceil": math.ceil, "floor": math.floor}


@dataclass
class Verdict:
    """What came of one network."""

    text: str
    accepted: bool = False
    #: how often which reason explains a refusal, of the spec or at the door
    reasons: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)
    #: assignments that were run and compared, and those that the door refused
    compared: int = 0
    closed: int = 0
    ops: set[str] = field(default_factory=set)

    def disagree(self, text: str) -> None:
        self.disagreements.append(text)


def compare(drawn: Drawn) -> Verdict:
    """What netspec and torch say of a drawn network."""
    writer = written(drawn)
    verdict = Verdict("\n".join(writer.lines))
    source = Source("drawn.netspec", verdict.text)
    with torch.no_grad():
        graph, diagnostics = check(source, read_import)
        found = truth(drawn, [*drawn.sizes, *larger(drawn, verdict.text)])
        if graph is None:
            _refused(drawn, writer, source, errors(diagnostics), found, verdict)
        else:
            verdict.accepted = True
            verdict.ops = {leaf.call.written for leaf in leaves(graph.definition)}
            _accepted(graph, found, verdict)
    return verdict


# ------------------------------------------------------------------------------------------------ accepted


def _accepted(graph: Graph, found: Truth, verdict: Verdict) -> None:
    try:
        module = build_graph(graph).double().eval()
    except SpecError as error:
        verdict.disagree(f"checked, but not built: {error}")
        return
    if found.run.alive:
        state = dict(found.scope.part.state())
        if list(state) != list(module.state_dict()):
            verdict.disagree(f"keys: {list(module.state_dict())}\n  torch: {list(state)}")
            return
        module.load_state_dict(state)
    for k in range(len(found.run.sizes)):
        _at(k, graph, module, found, verdict)


def _at(k: int, graph: Graph, module: nn.Module, found: Truth, verdict: Verdict) -> None:
    """One assignment of sizes."""
    sizes, refusal = found.run.sizes[k], found.run.failures.get(k)
    values = _bound(graph, found, k)
    result = _forward(module, [t.clone() for b in found.inputs.values() if (t := b[k]) is not None])
    if isinstance(values, SpecError):
        verdict.closed += 1
        if "scaled[" in str(values) and not isinstance(result, ValueError):
            verdict.reasons["door: a scaled size that no code reads"] += 1
        elif not isinstance(result, ValueError):
            verdict.disagree(f"{sizes}: netspec says {values}, the module's door does not: {_shown(result)}")
        _explain_door(k, graph, values, found, verdict)
    elif refusal is not None:
        verdict.disagree(f"{sizes}: accepted, but torch: {type(refusal[0]).__name__}: {refusal[0]}")
    elif isinstance(result, Exception):
        verdict.disagree(f"{sizes}: torch runs, the module raises {type(result).__name__}: {result}")
    else:
        verdict.compared += 1
        _same(k, graph, values, result, found, verdict)


def _bound(graph: Graph, found: Truth, k: int) -> dict[str, int] | SpecError:
    try:
        return bind_inputs(graph, found.sizes(k))
    except SpecError as error:
        return error


def _forward(module: nn.Module, inputs: list[Tensor]) -> Exception | list[tuple[str | None, Tensor]]:
    try:
        result = module(*inputs)
    except Exception as error:
        return error
    if isinstance(result, dict):
        return list(result.items())
    return [(None, t) for t in (result if isinstance(result, tuple) else (result,))]


def _shown(result: Exception | list[Any]) -> str:
    return f"{type(result).__name__}: {result}" if isinstance(result, Exception) else "it runs"


def _same(k: int, graph: Graph, values: dict[str, int], result: list[tuple[str | None, Tensor]], found: Truth,
          verdict: Verdict) -> None:  # fmt: skip
    """Shapes, dtypes and numbers of all outputs."""
    sizes = found.run.sizes[k]
    outputs = graph.definition.outputs
    static = [(o.label, o.type.dtype, tuple(evaluate(d, values) for d in o.type.dims)) for o in outputs]
    built = [(label, KINDS[t.dtype], tuple(t.shape)) for label, t in result]
    expected = [(label, t) for label, b in found.scope.outputs if (t := b[k]) is not None]
    real = [(label, KINDS[t.dtype], tuple(t.shape)) for label, t in expected]
    if not static == built == real:
        verdict.disagree(f"{sizes}: netspec: {static}\n  module: {built}\n  torch: {real}")
        return
    for (_, ours), (_, theirs) in zip(result, expected, strict=True):
        largest = theirs.double().nan_to_num(posinf=0, neginf=0).abs().max().item()
        if not torch.allclose(ours.double(), theirs.double(), rtol=1e-6, atol=1e-9 * (1 + largest), equal_nan=True):
            verdict.disagree(f"{sizes}: numbers differ by {(ours.double() - theirs.double()).abs().max()} of {largest}")


def _explain_door(k: int, graph: Graph, error: SpecError, found: Truth, verdict: Verdict) -> None:
    """Why the door is closed for an assignment; and that `netspec sizes` says so too."""
    sizes = found.run.sizes[k]
    stated = [c for c in graph.definition.contracts if c.kind == "stated"]
    broken = [c for c in stated if not c.condition.holds(sizes)]
    conditions = size_conditions(graph)
    if not broken and all(_holds(c.holds, sizes) for c in conditions if c.proven) and all(c.proven for c in conditions):
        verdict.disagree(f"{sizes}: the door says {error}, `sizes` nothing: {[c.holds for c in conditions]}")
    events = {reason for number, reason, _ in found.run.events if number == k and reason != GATE}
    if k in found.run.failures:
        verdict.reasons["door: torch refuses too"] += 1
    elif broken:
        verdict.reasons["door: contract"] += 1
    elif events:
        verdict.reasons[f"door: {min(events)}"] += 1
    else:
        verdict.disagree(f"{sizes}: the door says {error}, but torch runs")


def _holds(condition: str, sizes: dict[str, int]) -> bool:
    """A condition as `netspec sizes` prints it."""
    return bool(eval(condition, {"__builtins__": {}}, NAMES | sizes))


class _Scaled:
    """``scaled[1.3](H)``, as sizes print what interpolation makes of one."""

    def __getitem__(self, factor: float) -> Callable[[int], int]:
        return lambda size: math.floor(float(size) * factor)


NAMES["scaled"] = _Scaled()


# ------------------------------------------------------------------------------------------------ refused


def _refused(drawn: Drawn, writer: Writer, source: Source, diagnostics: Sequence[Diagnostic], found: Truth,
             verdict: Verdict) -> None:  # fmt: skip
    """One of the diagnostics must be explained; statements after what torch refuses were not run."""
    join = {d.code for d in diagnostics} == {"NS301"}
    reasons = [r for r in (_reason(d, writer, found) for d in diagnostics) if r]
    if reasons and not join:
        verdict.reasons[_simplest(reasons)] += 1
        return
    more = truth(drawn, [*drawn.sizes, *further(drawn), *counterexamples(drawn, diagnostics)])
    reasons += [r for r in (_reason(d, writer, more) for d in diagnostics) if r]
    if join:
        _assumed(source, more, verdict)
    if join and not reasons and more.run.failures and not verdict.disagreements:
        reasons = ["torch refuses too, an earlier statement"]
    if not reasons:
        shown = "\n".join(map(str, diagnostics))
        failures = [(more.run.sizes[k], str(e)[:80]) for k, (e, _) in list(more.run.failures.items())[:3]]
        verdict.disagree(f"refused:\n{shown}\n  torch: {failures}")
        return
    verdict.reasons[_simplest(reasons)] += 1


def _simplest(reasons: Sequence[str]) -> str:
    return min(reasons, key=lambda r: r != "torch refuses too")


def _reason(diagnostic: Diagnostic, writer: Writer, found: Truth) -> str | None:
    """What explains a diagnostic at the sizes of a run."""
    places = [diagnostic.primary, *diagnostic.related] if diagnostic.code in BY_CODE else [diagnostic.primary]
    lines = {label.span.line for label in places}
    if any(lines & found.lines(stack, writer) for _, stack in found.run.failures.values()):
        return "torch refuses too"
    for _, reason, stack in found.run.events:
        if lines & found.lines(stack, writer):
            return "broadcast" if reason == GATE else reason
    if diagnostic.code == "NS404":
        return "a module used again would need other code" if "other code" in diagnostic.message else None
    open_ = diagnostic.code == "NS300" and "needs to know" in diagnostic.message
    return BY_CODE.get("NS214" if open_ else diagnostic.code)


def _assumed(source: Source, more: Truth, verdict: Verdict) -> None:
    """Sizes that are equal sometimes: what netspec needs holds exactly where torch runs without spreading."""
    program, _ = load(source, read_import)
    assert program is not None
    graph, _ = elaborate(program, assuming=True)
    if graph is None or not more.run.alive:
        return
    conditions = size_conditions(graph)
    if not all(c.proven for c in conditions):
        verdict.reasons["a condition that is not proven"] += 1
        return
    for k, sizes in enumerate(more.run.sizes):
        stated = all(c.condition.holds(sizes) for c in graph.definition.contracts if c.kind == "stated")
        needs = all(_holds(c.holds, sizes) for c in conditions)
        reasons = {reason for number, reason, _ in more.run.events if number == k}
        runs = k not in more.run.failures and not reasons - {GATE}
        if stated and needs != runs and not (runs and reasons):
            said = [c.holds for c in conditions]
            verdict.disagree(f"{sizes}: `sizes` says {said}, but torch {'runs' if runs else 'refuses'}")
            return
