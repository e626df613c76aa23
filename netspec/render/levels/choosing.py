"""Which blocks of a network are drawn: all of them, or one by its name or by the path of an instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netspec.diagnostics import closest
from netspec.graph import Definition, Graph
from netspec.graph.walk import instances, join
from netspec.render.levels.collect import definition_of
from netspec.render.levels.drawn import drawn

#: A block with its path.
Instance = tuple[str, Definition]


def shown_blocks(graph: Graph) -> list[Instance]:
    """The blocks of a network with their paths, less what stands behind labels."""
    return [i for i in _instances(graph.definition, labelled=False) if i[1].kind != "sequential"]


def blocks_of(graph: Graph) -> list[Instance]:
    """The blocks of a network with their paths."""
    return [i for i in _instances(graph.definition) if i[1].kind != "sequential"]


def _instances(definition: Definition, prefix: str = "", labelled: bool = True) -> Iterator[Instance]:
    """The blocks and lists in a definition, outer ones first; of what repeats the first. ``labelled``: also those
    behind a `@label`. What stands in a block is told at its first place."""
    seen: set[Definition] = set()

    def below(definition: Definition, prefix: str) -> Iterator[Instance]:
        for node in definition.nodes:
            body = definition_of(node.body)
            if body is None or not (labelled or drawn(node.drawings, body.drawings).label is None):
                continue
            path = join(prefix, next(instances(node.module or node.name, node.body))[0])
            yield path, body
            if body not in seen:
                seen.add(body)
                yield from below(body, path)

    return below(definition, prefix)


def named_blocks(graph: Graph, name: str) -> list[Instance]:
    """The instances of the block with a name, or the one at a path. Raises ValueError where there is none."""
    found = [("", graph.definition), *_instances(graph.definition)]
    at_path = _at(graph.definition, name)
    if at_path is not None:
        return [(name, at_path)]
    named = [(p, d) for p, d in found if d.kind != "sequential" and name in (d.name, d.class_name)]
    if not named:
        raise ValueError(_unknown(name, found))
    return named


def _at(definition: Definition, path: str) -> Definition | None:
    """The block or list at a path of the state dict."""
    for node in definition.nodes:
        body = definition_of(node.body)
        if body is None:
            continue
        label = node.module or node.name
        if label == "self":
            found = _at(body, path)
            if found is not None:
                return found
        for each, _ in instances(label, node.body):
            if path == each:
                return body
            if path.startswith(f"{each}."):
                return _at(body, path.removeprefix(f"{each}."))
    return None


def _unknown(name: str, found: Sequence[Instance]) -> str:
    names = list(dict.fromkeys(d.class_name for _, d in found if d.kind != "sequential"))
    near = closest(name, [*names, *(p for p, _ in found if p)])
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return f"there is no block `{name[:60]}`: " + (f"did you mean `{near}`?" if near else f"there are {listed}")
