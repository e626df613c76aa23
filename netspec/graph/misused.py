"""Policies that name nothing, or nothing that they can act on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from netspec.diagnostics import Diagnostic, Edit, Help, Label, did_you_mean
from netspec.graph.decisions import STATISTIC, acted_on, with_statistics
from netspec.graph.model import Definition, Graph, Module, OpCall, Policy, RawTensor
from netspec.graph.policies import definitions, fits, matches, named, unrepeated
from netspec.graph.walk import held, instances
from netspec.ops.contract import Weight
from netspec.source import Span
from netspec.syntax.rewriting import without_inplace

#: The most labels that a help lists.
SHOWN = 8


def misused(graph: Graph) -> list[Diagnostic]:
    """A diagnostic for each policy of a network whose selector names nothing, or nothing that the policy is about."""
    holding = definitions(graph.definition)
    return [mistake for definition in holding for policy in definition.policies for mistake in _of(definition, policy)]


def _of(definition: Definition, policy: Policy) -> Iterator[Diagnostic]:
    names = f"`{policy.kind} {_selector(policy)}` names"
    if not matches(definition, policy):
        message = f"{names} nothing in {definition.name}"
        yield _diagnostic("NS402", message, policy, help_=_nearest(definition, policy))
    elif policy.kind == "init":
        yield from _unknown_attributes(definition, policy)
    elif policy.kind == "checkpoint":
        yield from _not_computed_again(definition, policy, names)
    elif not _acts(definition, policy):
        message = f"{names} nothing with {_OBJECTS[policy.kind]} in {definition.name}"
        help_ = _norms(definition, policy) or _with_weights(definition, policy)
        yield _diagnostic("NS402", message, policy, help_=help_)


def _diagnostic(code: str, message: str, policy: Policy, *related: Label, help_: str = "") -> Diagnostic:
    return Diagnostic(code, message, Label(policy.selector_span), related, help=help_)


def _selector(policy: Policy) -> str:
    return f'"{policy.selector}"' if policy.quoted else policy.selector


# ------------------------------------------------------------------------------------------------ nothing is named


def _nearest(definition: Definition, policy: Policy) -> str:
    """What the selector may have meant."""
    if not policy.quoted:
        bodies = [unrepeated(m.body) for d in definitions(definition) for m in d.modules]
        names = dict.fromkeys(b.name for b in bodies if isinstance(b, (OpCall, Definition)) and b.name)
        return did_you_mean(policy.selector, names, policy.selector_span) or "a name is that of an op or a block in it"
    places: list[_Place] = [((), definition.modules)]
    before, start = "", 0
    for segment in policy.selector.split("."):
        below = [place for way, inside in places for place in _below(way, inside)]
        labels = dict.fromkeys(way[0] for way, _ in below)
        if not labels:
            return f"nothing is below `{before}`"
        places = [(way[1:], inside) for way, inside in below if fits(segment, way[0])]
        if not places:
            place = _segment(policy, start, segment)
            near = _elsewhere(definition, policy) or did_you_mean(segment, labels, place)
            return near or f"the labels there are {_listed(list(labels))}"
        before = segment
        start += len(segment) + 1
    return "a path starts at this block; `*` stands for one label"


def _elsewhere(definition: Definition, policy: Policy) -> str:
    """A path that starts a level too high, or too low."""
    path = policy.selector
    shorter = path.removeprefix(f"{definition.name}.")
    if shorter != path and matches(definition, replace(policy, selector=shorter)):
        return Help(f'a path starts at this block: `"{shorter}"`', Edit(policy.selector_span, f'"{shorter}"'))
    for module in definition.modules:
        longer = f"{module.label}.{path}"
        if isinstance(module.body, Definition) and matches(definition, replace(policy, selector=longer)):
            return Help(f'it is in `{module.label}`: `"{longer}"`', Edit(policy.selector_span, f'"{longer}"'))
    return ""


def _segment(policy: Policy, start: int, segment: str) -> Span | None:
    """Where a part of a path is written, if it is written as it is."""
    span = policy.selector_span
    if span.text[1:-1] != policy.selector:
        return None
    return Span(span.source, span.start + 1 + start, span.start + 1 + start + len(segment))


_Place = tuple[tuple[str, ...], tuple[Module, ...]]
"""What is still to go of a module's label, and the modules in it."""


def _below(way: tuple[str, ...], inside: tuple[Module, ...]) -> Iterator[_Place]:
    """The next steps down from a place: the rest of a dotted label, or the modules in there."""
    if way:
        yield way, inside
        return
    for module in inside:
        if module.label == "self":
            yield from _below((), held(module))
        else:
            yield from ((tuple(label.split(".")), held(module)) for label, _ in instances(module.label, module.body))


def _listed(labels: list[str]) -> str:
    return ", ".join(f"`{label}`" for label in labels[:SHOWN]) + (", …" if len(labels) > SHOWN else "")


# ------------------------------------------------------------------------------------------------ nothing to act on

_OBJECTS = {"freeze": "parameters", "freeze_weights": "parameters", "freeze_stats": "running statistics"}


def _acts(definition: Definition, policy: Policy) -> bool:
    """Whether freezing changes anything; nobody knows of a step left out by its ``if``, nor of an empty container."""
    if any(map(_lies_unused, definitions(definition))):
        return True
    found = named(definition, policy)
    if policy.kind == "freeze":
        return any(not isinstance(m.body, RawTensor) or m.body.kind == "param" for m in found)
    weights = [weight for module in found for weight in _weights(module)]
    return any(w.kind == "param" if policy.kind == "freeze_weights" else w.name == STATISTIC for w in weights)


def _weights(module: Module) -> Iterator[Weight]:
    """The entries of a module's state dict, those of a repetition and of a definition once."""
    body = unrepeated(module.body)
    inside = [m for d in definitions(body) for m in d.modules] if isinstance(body, Definition) else [module]
    return (weight for each in inside for weight in _own_weights(each))


def _own_weights(module: Module) -> Iterator[Weight]:
    """Those of the module itself, with nothing beneath."""
    body = unrepeated(module.body)
    if isinstance(body, RawTensor):
        yield Weight(body.label, (), body.kind)
    elif isinstance(body, OpCall):
        yield from body.op.weights(*module.inputs)
    elif isinstance(body, Definition):
        own = (m for m in body.modules if m.label == "self" or isinstance(m.body, RawTensor))
        yield from (weight for m in own for weight in _own_weights(m))


def _norms(definition: Definition, policy: Policy) -> str:
    """Where running statistics are."""
    has_some = any(w.name == STATISTIC for module in definition.modules for w in _weights(module))
    if policy.kind != "freeze_stats" or not has_some:
        return ""
    found = list(islice(with_statistics(definition), SHOWN + 1))
    edits = [Edit(policy.selector_span, f'"{found[0]}"')] if len(found) == 1 else []
    return Help(f"running statistics are in {_listed(found)}", *edits)


def _with_weights(definition: Definition, policy: Policy) -> str:
    """Where parameters are."""
    if policy.kind == "freeze_stats":
        return ""
    found = [m.label for m in definition.modules if any(w.kind == "param" for w in _weights(m))]
    edits = [Edit(policy.selector_span, f'"{found[0]}"')] if len(found) == 1 else []
    return Help(f"parameters are in {_listed(found)}", *edits) if found else ""


def _not_computed_again(definition: Definition, policy: Policy, names: str) -> Iterator[Diagnostic]:
    """Checkpoints of what is no module, and of a module that could not run again: it overwrites its input."""
    found = named(definition, policy)
    if found and all(isinstance(m.body, RawTensor) for m in found):
        yield _diagnostic("NS402", f"{names} no module in {definition.name}", policy)
    elif found and not acted_on(definition, policy) and not any(map(_lies_unused, definitions(definition))):
        message = f"{names} a part of a layer, which computes its parts itself"
        yield _diagnostic("NS402", message, policy, help_="a checkpoint is of the whole layer")
    for write in filter(None, map(_write, found)):
        message = f"{names} a module that overwrites its input, so that it cannot be computed again"
        help_ = Help("leave out `inplace=True`", *without_inplace(write))
        yield _diagnostic("NS306", message, policy, Label(write, "writes here"), help_=help_)
        return


def _lies_unused(definition: Definition) -> bool:
    """Whether modules wait for a use, or a step is left out: then nobody knows what is called."""
    return bool(definition.omitted) or not all(m.used for m in definition.modules)


def _write(module: Module) -> Span | None:
    """Where a module writes into one of its inputs."""
    body = unrepeated(module.body)
    if isinstance(body, OpCall):
        return module.span if body.op.mutates else None
    return next(iter(body.memory.writes.values()), None) if isinstance(body, Definition) else None


# ------------------------------------------------------------------------------------------------ init


def _unknown_attributes(definition: Definition, policy: Policy) -> list[Diagnostic]:
    """Attributes of ``init`` that no selected module has, nor could have."""
    modules = [m for m in named(definition, policy) if not isinstance(m.body, RawTensor)]
    known = {weight.name for module in modules for weight in _own_weights(module)}
    if not modules or not all(map(_names_its_weights, modules)):
        known |= _COMMON
    return [_unknown_attribute(policy, attribute, known) for attribute, _ in policy.settings if attribute not in known]


def _names_its_weights(module: Module) -> bool:
    """Whether a layer has weights, and no common one: ``weight_ih_l0`` of an LSTM, ``in_proj_weight`` of attention."""
    names = {weight.name for weight in _own_weights(module)}
    return isinstance(unrepeated(module.body), OpCall) and bool(names) and names.isdisjoint(_COMMON)


def _unknown_attribute(policy: Policy, attribute: str, known: Collection[str]) -> Diagnostic:
    written = re.search(rf"\b{attribute}(?=\s*=)", policy.span.text)
    start = policy.span.start + written.start() if written else 0
    place = Span(policy.span.source, start, start + len(attribute)) if written else policy.span
    other = _ELSEWHERE.get(attribute)
    help_ = did_you_mean(attribute, sorted(known), place)
    if other in known:
        help_ = Help(f"torch calls it `{other}`", Edit(place, str(other)))
    return Diagnostic("NS201", f"no module that `{policy.selector}` names has `{attribute}`", Label(place), help=help_)


#: What other libraries call the weights of norms.
_ELSEWHERE = {"gamma": "weight", "beta": "bias", "scale": "weight", "moving_mean": "running_mean"}
#: The attributes that a module may have or not, by its arguments.
_COMMON = frozenset({"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})
