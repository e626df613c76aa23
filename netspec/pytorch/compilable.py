"""What elaborates and could not be compiled, which a check must not pass. Never imports torch."""

from __future__ import annotations

from netspec.diagnostics import Diagnostic, SpecError
from netspec.graph import Definition, Graph, OpCall
from netspec.graph.filling import unfit
from netspec.graph.policies import definitions
from netspec.pytorch.readings import dims_in

#: A check takes seconds at most: larger networks than these are left to `build`, which looks at all. Layers of which
#: initial values are looked at one by one, and steps, equal blocks counted once, of which the source is generated.
MOST_LAYERS = 100_000
MOST_STEPS = 500


def uncompilable(graph: Graph) -> tuple[Diagnostic, ...]:
    """Why a network cannot be built: initial values that torch would refuse; a module used again that would need other
    code; a size that nothing can be read from when the module runs. Empty where all is well.

    The source is generated only where its text is in question, so that a check costs what it did.
    """
    found = tuple(unfit(graph)) if graph.definition.node_count <= MOST_LAYERS else ()
    distinct = definitions(graph.definition)
    if found or sum(len(d.nodes) for d in distinct) > MOST_STEPS or not any(map(_in_question, distinct)):
        return found
    from netspec.pytorch.source import generate

    try:
        generate(graph)
    except SpecError as error:
        return error.diagnostics
    return ()


def _in_question(definition: Definition) -> bool:
    """Whether a module is used again at other sizes, or a function takes sizes that it has to read."""
    modules = {m.label: m.body for m in definition.modules}
    for node in definition.nodes:
        if node.module is not None:
            if node.body is not modules[node.module]:
                return True
        elif isinstance(node.body, OpCall) and node.inputs:
            call = node.body.op.lower(*map(definition.type_of, node.inputs))
            if any(True for _ in dims_in((*call.args, *call.kwargs.values()))):
                return True
    return False
