"""One network, built by hand and from its spec: what each does."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import netspec
from netspec.analysis.rows import attribute_rows, layer_rows
from netspec.analysis.summary import Summary
from netspec.graph import Graph, state
from tests.golden import fill
from tests.golden.further.draws import Draw
from tests.golden.reference import construct, observed
from tests.golden.reference.sums import Broadcast
from tests.golden.systems import locate

#: What the originals and torch raise for arguments or sizes that do not work.
FAILURES = (RuntimeError, ValueError, AssertionError, KeyError, IndexError, TypeError, AttributeError)


@dataclass(frozen=True)
class Outcome:
    """What one side does: ``step`` is where it stopped (``construct``, ``run``, ``train``), ``done``, or ``crash``."""

    step: str
    why: str = ""
    broadcast: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[Tensor, ...] = ()


def of_reference(draw: Draw, projects_time: bool = False) -> Outcome:
    """The network written by hand: its rows, its outputs, how it starts and what is frozen.

    ``projects_time``: not as the original does it, but with the projection that a temporal stride alone needs.
    """
    facts: dict[str, Any] = {}
    step = "construct"
    torch.manual_seed(draw.seed)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model = construct(draw.system, draw.arguments, projects_time)
            facts |= {"state": observed.state_rows(model), "attributes": observed.attribute_rows(model)}
            facts["nlayers"] = getattr(model, "nlayers", None)
            facts["start"] = start(model)
            if hasattr(model, "init_weights"):
                model.init_weights()
                facts["start"] |= dict.fromkeys(zeros(model), 0.0)
            step = "run"
            outputs, facts["layers"] = _run(model, draw.shape)
            step = "train"
            facts |= _after_train(model, draw.shape)
    except FAILURES as error:
        return Outcome(step, f"{type(error).__name__}: {str(error)[:200]}", facts=facts)
    broadcast = any(issubclass(w.category, Broadcast) for w in caught)
    return Outcome("done", broadcast=broadcast, facts=facts, outputs=outputs)


def of_spec(draw: Draw) -> Outcome:
    """The network of the spec: the same facts, the rows from the graph, and nothing else than its refusals caught."""
    step = "construct"
    torch.manual_seed(draw.seed)
    try:
        graph = elaborated(draw)
        facts = {"state": [[k, list(w.shape), w.dtype] for k, w in state(graph.definition)]}
        facts["attributes"] = attribute_rows(graph)
        step = "run"
        model = netspec.build(graph)
        assert observed.state_rows(model) == facts["state"], "the module's state dict is not that of the graph"
        facts["start"] = start(model)
        summary = _summarised(graph, model, draw.shape)
        facts |= {"layers": layer_rows(summary), "nlayers": summary.nlayers}
        outputs, called = _run(model, draw.shape)
        assert called == facts["layers"], "the module's calls are not those of the graph"
        step = "train"
        facts |= _after_train(model, draw.shape)
    except netspec.SpecError as error:
        return Outcome(step, _first_lines(str(error)))
    except ValueError as error:
        return Outcome("crash" if step == "construct" else step, f"ValueError: {error}")
    except Exception as error:  # a bug of netspec, to be reported with its arguments
        return Outcome("crash", f"{type(error).__name__}: {error}")
    return Outcome("done", facts=facts, outputs=outputs)


@cache
def _loaded(path: Path) -> netspec.Spec:
    return netspec.load(path)


def elaborated(draw: Draw) -> Graph:
    path, network, arguments = locate(draw.system, draw.arguments)
    return _loaded(path).elaborate(network, **arguments)


def _summarised(graph: Graph, model: nn.Module, shape: list[int]) -> Summary:
    """The summary for an input; what it refuses, the module has to refuse too."""
    names = [node.name for node in graph.definition.inputs]
    try:
        return netspec.summary(graph, **dict(zip(names, [shape], strict=True)))
    except netspec.SpecError:
        with contextlib.suppress(ValueError):
            _run(model, shape)
            raise AssertionError("the module runs what the summary refuses") from None
        raise


def zeros(model: nn.Module) -> list[str]:
    """The parameters of norms that are all zero, as the originals' ``init_weights`` leaves them."""
    weights = {k: v for k, v in model.state_dict().items() if k.endswith("bn.weight") and not v.any()}
    return [k.removesuffix("weight") + name for k in weights for name in ("weight", "bias")]


def start(model: nn.Module) -> dict[str, Any]:
    """How every entry starts: its one value, or ``[standard deviation, number]`` of values drawn at random."""
    found: dict[str, Any] = {}
    for key, value in model.state_dict().items():
        spread = value.double().std(unbiased=False).item()
        if (value.numel() > 1 and spread == 0) or (value.numel() == 1 and value.item() in (0, 0.25, 1)):
            found[key] = value.flatten()[0].item()
        elif value.numel() >= 64:
            found[key] = [spread, value.numel()]
    return found


def _run(model: nn.Module, shape: list[int]) -> tuple[tuple[Tensor, ...], list[list[Any]]]:
    model.eval()
    fill.fill_module(model)
    return observed.run(model, *fill.inputs_for([shape]))


def _after_train(model: nn.Module, shape: list[int]) -> dict[str, Any]:
    """What is frozen, and a forward pass in training mode with the statistics that it leaves."""
    model.train()
    found: dict[str, Any] = {"frozen": observed.frozen(model), "in eval": observed.in_eval(model)}
    try:
        outputs, _ = observed.run(model, *fill.inputs_for([shape]))
    except ValueError as error:  # torch's batch norm over one value
        return found | {"trained": str(error)[:40]}
    return found | {"trained": {f"output {i}": o for i, o in enumerate(outputs)} | dict(model.named_buffers())}


def _first_lines(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines()[:2])
