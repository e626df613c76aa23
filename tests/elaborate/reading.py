"""What tests read from a graph."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.graph import Definition, Graph, OpCall, Repeat, leaves, state
from tests.texts import graph_of, mistakes_of

__all__ = ["bodies", "graph_of", "keys", "mistakes_of", "modules", "only", "ops", "outputs", "shapes", "writing"]


def keys(graph: Graph) -> list[str]:
    """The keys of the state dict, without those of norms beyond their weight."""
    return [key for key, _ in state(graph.definition)]


def shapes(graph: Graph) -> dict[str, list[int]]:
    return {key: list(weight.shape) for key, weight in state(graph.definition)}


def outputs(graph: Graph) -> list[str]:
    """The types of the outputs, ``name: type`` where they are named."""
    return [f"{o.label}: {o.type}" if o.label else str(o.type) for o in graph.definition.outputs]


def ops(graph: Graph) -> list[str]:
    """Every call of an op in execution order: ``path Op``."""
    return [f"{leaf.path} {leaf.call.name}" for leaf in leaves(graph.definition)]


def modules(definition: Definition) -> dict[str, str]:
    """The modules of a definition in order with what they are: ``3 x Block``, ``[]`` for a list."""
    return {m.label: writing(m.body) for m in definition.modules}


def writing(body: object) -> str:
    if isinstance(body, Repeat):
        return f"{body.count} x {writing(body.body)}"
    if isinstance(body, OpCall):
        return body.name
    return (body.name or "[]") if isinstance(body, Definition) else type(body).__name__


def bodies(definition: Definition) -> Iterator[Definition]:
    """A definition and those in it."""
    yield definition
    for module in definition.modules:
        body = module.body.body if isinstance(module.body, Repeat) else module.body
        if isinstance(body, Definition):
            yield from bodies(body)


def only(text: str) -> tuple[str, str, str]:
    """Code, message and underlined text of the only mistake."""
    found = mistakes_of(text)
    assert len(found) == 1, "\n\n".join(map(str, found)) or "no mistake"
    return found[0].code, found[0].message, found[0].primary.span.text
