"""The data of a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union

from netspec.dims import Condition, Dim, Domain
from netspec.source import Source, Span
from netspec.types import TensorType

if TYPE_CHECKING:
    import networkx as nx

    from netspec.ops.base import Op


class Ref(NamedTuple):
    """An output of a node of the same definition."""

    node: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class AxisSize:
    """The size of an axis of a tensor of this definition, read when the module runs."""

    tensor: Ref
    axis: int


@dataclass(frozen=True, slots=True)
class SizeCall:
    """Arithmetic on sizes at run time; ``function`` is one of ``+ - * // % min max``."""

    function: str
    args: tuple[RunSize, ...]


RunSize = int | AxisSize | SizeCall


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing annotation ``@name(args)`` with the values of all its parameters in order.

    ``Drawing("link", ("down<br>sampling", "down"))``; see `netspec.syntax.annotations`.
    """

    name: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class InputPort:
    """The body of a node that stands for an input of the definition; ``declared`` is its dims as written, if any."""

    name: str
    declared: str = ""


@dataclass(frozen=True, slots=True)
class OpCall:
    """An op with its attributes. ``written`` is the name in the spec (``Conv``), ``name`` the resolved ``Conv3d``."""

    written: str
    name: str
    op: Op


@dataclass(frozen=True, slots=True)
class Initial:
    """Initial values by a function of torch.nn.init: ``kaiming_normal(mode="fan_out")``; a number is ``constant``."""

    function: str
    args: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class RawTensor:
    """``param`` or ``buffer``: ``value`` is an `Initial`, or the nested tuple of its numbers (buffers)."""

    kind: Literal["param", "buffer"]
    label: str
    value: Initial | tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``count`` modules of one body in a row, each with weights of its own; its type is its input's."""

    count: int
    body: OpCall | Definition


Body = Union[InputPort, OpCall, RawTensor, Repeat, "Definition"]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One step. ``types`` are its outputs' types; ``module`` is the label of the module that it calls, if any.

    In a sequential definition labels are numbers; a `Repeat` at label ``"1"`` with count 3 takes ``1``, ``2``, ``3``.
    A second use of a module is another node with the same ``module``.
    """

    name: str
    body: Body
    inputs: tuple[Ref, ...]
    types: tuple[TensorType, ...]
    span: Span
    module: str | None = None
    stage: bool = False
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A registered module. ``label`` may be dotted (``layers.0``); ``self``: the definition itself is this module."""

    label: str
    body: OpCall | Definition | Repeat | RawTensor
    inputs: tuple[TensorType, ...]
    span: Span
    stage: bool = False
    used: bool = True


@dataclass(frozen=True, slots=True)
class Output:
    """A result of a definition; ``label`` is its key where outputs are named."""

    label: str | None
    ref: Ref
    type: TensorType
    span: Span


@dataclass(frozen=True, slots=True)
class Contract:
    """A condition on an input's sizes, checked at the network's door.

    ``stated``: a ``where`` clause, which proofs use. ``needed``: what ops need beside least sizes. ``unproven``: what
    joins need, and nobody has proven.
    """

    text: str
    condition: Condition
    input: str
    span: Span
    kind: Literal["stated", "needed", "unproven"] = "stated"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a network needs of its open sizes, with or without a contract: ``what`` (an op, or a block whose contract
    demands it) first needs it at ``span``. ``join``: sizes are equal; ``fit``: a size is large enough."""

    condition: Condition
    kind: Literal["join", "fit", "demand"]
    what: str
    span: Span
    trail: str


@dataclass(frozen=True, slots=True)
class Policy:
    """``init``, ``freeze`` … with its selector relative to the definition that holds it; only active ones are kept."""

    kind: Literal["init", "freeze", "freeze_weights", "freeze_stats", "checkpoint"]
    selector: str
    quoted: bool
    settings: tuple[tuple[str, Initial], ...]
    span: Span
    selector_span: Span


@dataclass(frozen=True, slots=True)
class Memory:
    """What a body does to memory. ``writes`` are the inputs (by number) that an in-place op writes into, with its
    place, ``reads`` those that something reads. ``shares`` says of each output whose memory it has: that of input
    ``n``, or as ``-1 - n`` that of the earlier output ``n``; None its own.
    """

    writes: Mapping[int, Span] = field(default_factory=dict)
    reads: frozenset[int] = frozenset()
    shares: tuple[int | None, ...] = ()


@dataclass(frozen=True, eq=False)
class Definition:
    """One block with one set of arguments and input types; compared by identity, shared by its instances.

    ``class_name`` is what repr and tables show. ``kind`` ``"sequential"`` is a list of steps (an nn.Sequential; its
    ``name`` is empty). ``sizes`` says how an open size that the definition computes is read when it runs.
    ``omitted`` are the labels of steps left out by their ``if``. ``memory`` is what in-place ops and views do to its
    inputs and outputs. ``tensors`` are the names that the spec gives to outputs of nodes (``main = …``), the first one
    of each. ``drawings`` hold for every instance that says nothing else. ``own_name``: the spec names its class by
    ``as``, so that it is one of its own, also where it is ``self``.
    """

    kind: Literal["block", "network", "sequential"]
    name: str
    class_name: str
    arguments: Mapping[str, Any]
    nodes: tuple[Node, ...]
    modules: tuple[Module, ...]
    outputs: tuple[Output, ...]
    span: Span
    doc: str = ""
    policies: tuple[Policy, ...] = ()
    contracts: tuple[Contract, ...] = ()
    omitted: tuple[str, ...] = ()
    sizes: Mapping[Dim, RunSize] = field(default_factory=dict)
    tensors: Mapping[Ref, str] = field(default_factory=dict)
    node_count: int = 0
    parameter_count: int = 0
    memory: Memory = field(default_factory=Memory)
    drawings: tuple[Drawing, ...] = ()
    own_name: bool = False

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes of its inputs, in order."""
        return tuple(n for n in self.nodes if isinstance(n.body, InputPort))

    @cached_property
    def by_name(self) -> dict[str, Node]:
        return {n.name: n for n in self.nodes}

    def type_of(self, ref: Ref) -> TensorType:
        return self.by_name[ref.node].types[ref.port]

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """Its children as a networkx graph: node attribute ``node``; edges keyed by the input's number (``add(x, x)``
        is two edges) with the attributes ``port`` (of the source) and ``type``."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=self.name)
        for node in self.nodes:
            graph.add_node(node.name, node=node)
        for node in self.nodes:
            for number, ref in enumerate(node.inputs):
                graph.add_edge(ref.node, node.name, key=number, port=ref.port, type=self.type_of(ref))
        return graph


@dataclass(frozen=True, eq=False)
class Graph:
    """A network elaborated with one set of arguments: what summary, diagrams and source are made of.

    ``minimums`` gives for an open size the least value that works, with the place that needs it. ``sources`` are the
    texts that it came from (the spec first, then its imports), by name. ``requirements`` are all conditions on open
    sizes that may not hold for every size, whatever the contract says (`netspec.analysis.sizes` joins them).
    ``again(recorder=…)`` elaborates it once more for a `netspec.elaborate.recording.Recorder`.
    """

    definition: Definition
    minimums: Mapping[str, tuple[int, Span]]
    domain: Domain
    sources: Mapping[str, Source]
    requirements: tuple[Requirement, ...] = ()
    again: Callable[..., Any] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def inputs(self) -> dict[str, TensorType]:
        """The inputs' types by name."""
        return {n.name: n.types[0] for n in self.definition.inputs}

    def networkx(self) -> nx.MultiDiGraph[str]:
        """The whole network flat: see `netspec.graph.flat.flatten`."""
        from netspec.graph.flat import flatten

        return flatten(self)
