"""The generated source of a network: plain PyTorch, one class per distinct code. Never imports torch."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.graph import Definition, Graph, OpCall
from netspec.graph.policies import definitions
from netspec.pytorch.calls import target_of
from netspec.pytorch.classes import Block, ClassCode, Classes, block_of, class_code
from netspec.pytorch.door import door_lines
from netspec.pytorch.initial import init_lines
from netspec.pytorch.layout import INDENT, ClassRef, Code, Group, Item, lines
from netspec.pytorch.names import CLASS_NAMES, Names, literal, plain
from netspec.pytorch.paths import Paths
from netspec.pytorch.policies import policy_helpers, policy_lines, scripting_lines
from netspec.types import TensorType

_METHOD = '''
def _method(function, name):
    """A copy of a method under another name, because torch.jit.script knows no ``super().forward``."""
    code, names = function.__code__, function.__globals__
    copy = types.FunctionType(code, names, name, function.__defaults__, function.__closure__)
    copy.__annotations__ = function.__annotations__
    return copy
'''


def generate(graph: Graph) -> str:
    """The source of a network as a Python module that needs torch alone; its last class has the network's name.

    Raises SpecError where a module is used again in a way that would need other code.

        open("resnet.py", "w").write(generate(graph))       # then: from resnet import ResNet3d50; ResNet3d50()
    """
    classes = Classes()
    return _Writer(graph, classes, class_code(graph.definition, classes)).text()


def class_name(graph: Graph) -> str:
    """The name of a network's class in its source: the network's own, unless Python uses it."""
    return Names(CLASS_NAMES).reserve(graph.name)


class _Writer:
    """Names the classes and prints them."""

    def __init__(self, graph: Graph, classes: Classes, root: ClassCode) -> None:
        self.graph = graph
        self.classes = classes
        self.root = root
        names = Names(CLASS_NAMES | {i.split(".")[0] for i in classes.imports})
        self.top = names.reserve(graph.name)
        self.codes = list(classes.codes)
        self.groups: dict[Block, list[int]] = {}
        for number, code in enumerate(self.codes):
            self.groups.setdefault(code.block, []).append(number)
        self.bases = {block: names.take(block.class_name) for block in self.groups}
        self.names = dict(self._variants(names))
        self.policies = self._policies() if any(d.policies for d in definitions(graph.definition)) else []

    def _variants(self, names: Names) -> Iterator[tuple[int, str]]:
        """The name of each class: its block's, numbered where the block has several."""
        for block, numbers in self.groups.items():
            base = self.bases[block]
            for i, number in enumerate(numbers, start=1):
                yield number, base if len(numbers) == 1 else names.take(f"{base}_{i}")

    def name_of(self, ref: ClassRef) -> str:
        return self.names[ref.number]

    def text(self) -> str:
        body = [*self._helpers(), *self._classes(), "\n".join(self._class(self.root, self.top, None))]
        code = "\n\n\n".join(body)
        return "\n".join([*self._header(code), "", "", code, ""])

    # ------------------------------------------------------------------------------------------------- the module

    def _header(self, code: str) -> Iterator[str]:
        origin = plain(self.graph.definition.span.source.name).replace("\\", "/").replace('"', "'")
        yield f'"""{self.top}, written by netspec from {origin}; it needs torch alone."""'
        yield ""
        standard = ["import types"] if self._inherits() else []
        standard += ["import weakref"] if "weakref.ref(" in code else []
        standard += ["from collections import OrderedDict"] if "OrderedDict(" in code else []
        if standard:
            yield from [*standard, ""]
        if "torch." in code.replace("import torch.", ""):
            yield "import torch"
        if "torch.utils.checkpoint." in code:
            yield "import torch.utils.checkpoint"
        yield "from torch import Tensor, nn"
        if self.classes.imports:
            yield from ["", *(f"import {module}" for module in sorted(self.classes.imports))]

    def _helpers(self) -> Iterator[str]:
        """The functions that the code calls, each once."""
        if self._inherits():
            yield _METHOD.strip()
        for helper in (*self.classes.helpers, *policy_helpers(self.policies)):
            yield helper.strip()

    def _classes(self) -> Iterator[str]:
        """Block by block; in order of need where a class is another one's base."""
        derived = any(isinstance(_opening(c.base), ClassRef) for c in self.codes)
        order = range(len(self.codes)) if derived else [n for numbers in self.groups.values() for n in numbers]
        begun: set[Block] = set()
        for number in order:
            code = self.codes[number]
            several = len(self.groups[code.block]) > 1
            if several and code.block not in begun:
                begun.add(code.block)
                yield "\n".join(self._base_class(code.block))
            yield "\n".join(self._class(code, self.names[number], self.bases[code.block] if several else None))

    def _inherits(self) -> bool:
        return any(code.inherited for code in (self.root, *self.codes))

    # ------------------------------------------------------------------------------------------------- one class

    def _base_class(self, block: Block) -> Iterator[str]:
        yield f"class {self.bases[block]}(nn.Module):{_comment(block)}"
        yield from _docstring(block.doc)
        yield from _get_name(block)

    def _class(self, code: ClassCode, name: str, base: str | None) -> Iterator[str]:
        """A class; ``base`` is the common base of its block's variants, where it has several."""
        opening = _opening(code.base)
        own = self.name_of(opening) if isinstance(opening, ClassRef) else opening.split("(")[0] if opening else ""
        bases = [b for b in (base, own) if b] or ["nn.Module"]
        yield f"class {name}({', '.join(bases)}):{'' if base else _comment(code.block)}"
        yield from [] if base else _docstring(code.block.doc)
        if base is None and (name != code.block.class_name or isinstance(opening, ClassRef)):
            yield from [*_get_name(code.block), ""]
        if code.inherited:
            yield from [f"{INDENT}{code.inherited} = _method({own}.forward, {literal(code.inherited)})", ""]
        yield from self._constructor(code, own)
        yield from self._forward(code)

    def _constructor(self, code: ClassCode, own: str) -> Iterator[str]:
        init = self.policies if code is self.root else []
        arguments = code.base.items if isinstance(code.base, Group) else ()
        if not (code.attributes or arguments or init):
            return
        yield f"{INDENT}def __init__(self) -> None:"
        yield from lines(Item(_super(code.base, own), place=code.place), 2, self.name_of)
        for statement in code.attributes:
            yield from lines(statement, 2, self.name_of)
        yield from (INDENT * 2 + line for line in init)
        yield from [""] if code.forward else []
        yield from (INDENT + line if line else "" for line in scripting_lines(self.top, init))

    def _forward(self, code: ClassCode) -> Iterator[str]:
        if not code.forward:  # it is the base's
            return
        parameters = ", ".join(f"{name}: Tensor" for name in code.inputs)
        yield f"{INDENT}def forward(self, {parameters}) -> {code.result}:"
        if code is self.root:
            yield from (INDENT * 2 + line for line in door_lines(self.graph, code.inputs))
        for statement in code.forward:
            yield from lines(statement, 2, self.name_of)

    def _policies(self) -> list[str]:
        """The statements of all policies, which stand at the end of the network's constructor."""

        def target(op: OpCall, inputs: tuple[TensorType, ...]) -> str:
            return target_of(self.classes.lower(op, inputs))

        root = self.graph.definition
        where = Paths(root, target, self._base_of)
        return [*init_lines(root, where), *policy_lines(root, where)]

    def _base_of(self, definition: Definition) -> str | None:
        """The class by which all instances of a block are known; None where it is no class."""
        made = self.classes.constructors.get(definition)
        opening = _opening(made)
        return self.bases.get(block_of(definition)) if isinstance(opening, ClassRef) else None


def _opening(code: Code | None) -> str | ClassRef:
    return code.opening if isinstance(code, Group) else ""


def _super(base: Code | None, own: str) -> Group:
    """``super().__init__(64, eps=1e-06)``."""
    if not isinstance(base, Group):
        return Group("super().__init__(")
    rest = base.opening[len(own) + 1 :] if isinstance(base.opening, str) else ""
    return Group(f"super().__init__({rest}", base.items, base.closing)


def _comment(block: Block) -> str:
    return f"  # {block.source}" if block.source else ""


def _docstring(doc: str) -> Iterator[str]:
    text = [plain(line.strip()).replace("\\", "\\\\").replace('"', "'") for line in doc.strip().splitlines()]
    if len(text) == 1:
        yield from [f'{INDENT}"""{text[0]}"""', ""]
    elif text:
        yield from [f'{INDENT}"""{text[0]}', *(INDENT + line if line else "" for line in text[1:])]
        yield f'{INDENT}"""'
        yield ""


def _get_name(block: Block) -> Iterator[str]:
    yield f"{INDENT}def _get_name(self) -> str:"
    yield f"{INDENT * 2}return {literal(block.class_name)}"
