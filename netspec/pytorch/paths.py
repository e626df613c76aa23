"""Where the modules of a network are, and how its constructor gets at them: by class, by block, by path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from netspec.graph import Definition, OpCall, RawTensor, state
from netspec.graph.walk import modules
from netspec.pytorch.layout import INDENT, WIDTH
from netspec.pytorch.names import literal
from netspec.types import TensorType

#: Up to so many paths are written out, more are looped over.
FEW = 3

ClassOf = Callable[[Definition], str | None]
TargetOf = Callable[[OpCall, tuple[TensorType, ...]], str]


class Paths:
    """The paths of a network's modules by class: ops by torch's, instances of blocks by their base class; those of its
    raw tensors; the keys of its state dict.
    """

    def __init__(self, root: Definition, target_of: TargetOf, class_of: ClassOf) -> None:
        self.class_of = class_of
        self.ops: dict[str, set[str]] = {}
        self.blocks: dict[str, set[str]] = {}
        self.tensors: set[str] = set()
        self.keys = {key for key, _ in state(root)}
        for path, module, body in modules(root):
            if isinstance(body, OpCall):
                self.ops.setdefault(target_of(body, module.inputs), set()).add(path)
            elif isinstance(body, Definition) and (name := class_of(body)):
                self.blocks.setdefault(name, set()).add(path)
            elif isinstance(body, RawTensor):
                self.tensors.add(path)

    @property
    def plain(self) -> bool:
        """Whether all ops are torch's own: a class of the user's may be a subclass of one."""
        return all(target.startswith("nn.") for target in self.ops)


def tested(classes: Sequence[str]) -> str:
    """The condition that a module is of one of these classes."""
    return f"if isinstance(module, {classes[0] if len(classes) == 1 else '(' + ', '.join(classes) + ')'}):"


def loop(test: str, place: str, scope: str = "self") -> list[str]:
    """``for module in self.modules():`` with a condition; what follows is indented twice."""
    return [f"for module in {scope}.modules():", f"{INDENT}{test}  # {place}"]


def named_loop(paths: Iterable[str], place: str) -> Iterator[str]:
    """``for name in ("layer1.0", …):``; what follows is indented once."""
    yield "for name in ("
    yield from _wrapped([literal(p) + "," for p in paths])
    yield f"):  # {place}"


def member(path: str, base: str = "self", getter: str = "get_submodule") -> str:
    """``self.layer1``; ``self.get_submodule("layer1.0")`` where a label is a number."""
    if all(part.isidentifier() for part in path.split(".")):
        return f"{base}.{path}"
    return f"{base}.{getter}({literal(path)})" if path else base


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    line = INDENT + words[0]
    for word in words[1:]:
        if len(line) + len(word) + 9 > WIDTH:
            yield line
            line = INDENT + word
        else:
            line += f" {word}"
    yield line
