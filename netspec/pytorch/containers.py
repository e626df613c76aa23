"""The containers that dotted labels make: ``head.cls`` is the member ``cls`` of a plain module ``head``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.graph import Module, Repeat


class Container:
    """Members by name in registration order: modules, or containers again. A repetition stands at its first number.

    ``kind`` is ``ModuleList`` for 0 … n-1, ``ModuleDict`` for other numbers (no attribute has such a name), else
    ``Module``.
    """

    def __init__(self) -> None:
        self.members: dict[str, Module | Container] = {}
        self.kind = "Module"

    def access(self, parts: Sequence[str], base: str = "self") -> str:
        """The code that gets a member: ``self.layers[0]``, ``self.head.cls``."""
        name, member = parts[0], self.members[parts[0]]
        code = {"ModuleList": f"{base}[{name}]", "ModuleDict": f'{base}["{name}"]'}.get(self.kind, f"{base}.{name}")
        return member.access(parts[1:], code) if isinstance(member, Container) and len(parts) > 1 else code


def is_numbered(modules: Sequence[Module]) -> bool:
    """Whether the labels of a list are 0 … n-1."""
    return _kind({m.label: m for m in modules}) == "ModuleList"


def _kind(members: Mapping[str, Module | Container]) -> str:
    numbers = [n for name, member in members.items() for n in _numbers(name, member)]
    if numbers == list(range(len(numbers))):
        return "ModuleList"
    return "ModuleDict" if any(n is not None for n in numbers) else "Module"


def _numbers(name: str, member: Module | Container) -> Sequence[int | None]:
    if not name.isdigit():
        return [None]
    count = member.body.count if isinstance(member, Module) and isinstance(member.body, Repeat) else 1
    return range(int(name), int(name) + count)


def tree(modules: Sequence[Module]) -> Container:
    """The modules of a definition by label; the members of a container stand where its first one does."""
    root = Container()
    for module in modules:
        if module.label == "self":
            continue
        here = root
        *heads, last = module.label.split(".")
        for head in heads:
            inner = here.members.setdefault(head, Container())
            if not isinstance(inner, Container):
                raise ValueError(f"the label {module.label} lies inside a module")
            here = inner
        if last in here.members:
            raise ValueError(f"the label {module.label} is used twice")
        here.members[last] = module
    _finish(root)
    return root


def _finish(container: Container) -> None:
    """Put numbered members in the order of their numbers, and settle the kind."""
    if all(name.isdigit() for name in container.members):
        container.members = dict(sorted(container.members.items(), key=lambda m: int(m[0])))
    container.kind = _kind(container.members)
    for member in container.members.values():
        if isinstance(member, Container):
            _finish(member)
