"""The statements of a constructor: modules, containers, parameters and buffers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import Protocol

from netspec.graph import Initial, Module, Node, RawTensor, Repeat
from netspec.pytorch.containers import Container, is_numbered
from netspec.pytorch.initial import constant_of, init_call
from netspec.pytorch.layout import Code, Group, Item, call
from netspec.pytorch.names import literal, place
from netspec.types import TensorType


class Maker(Protocol):
    """Makes the code of a module's body."""

    def body(self, module: Module | Node, inputs: Iterable[TensorType]) -> Code: ...


def sequential(modules: Sequence[Module], maker: Maker) -> Group:
    """``nn.Sequential(...)``, with an OrderedDict where the labels are not 0 … n-1."""
    if is_numbered(modules):
        return Group("nn.Sequential(", tuple(_member(m, maker) for m in modules))
    return Group("nn.Sequential(OrderedDict([", tuple(_labelled(m, maker) for m in modules), "]))")


def _member(module: Module, maker: Maker) -> Item:
    """One module of a list, or ``*(Block() for _ in range(3))``."""
    code = maker.body(module, module.inputs)
    count = module.body.count if isinstance(module.body, Repeat) else 1
    if count == 1:
        return Item(code, place=place(module.span))
    return Item(code, "*(", f" for _ in range({count}))", place(module.span))


def _labelled(module: Module, maker: Maker) -> Item:
    code = maker.body(module, module.inputs)
    if isinstance(module.body, Repeat) and module.body.count > 1:
        first = int(module.label)
        return Item(code, "*((str(i), ", f") for i in range({first}, {first + module.body.count}))", place(module.span))
    return Item(code, f"({literal(module.label)}, ", ")", place(module.span))


def module_statements(container: Container, maker: Maker, base: str = "self") -> Iterator[Item]:
    """One statement per member, in registration order."""
    for name, member in container.members.items():
        if isinstance(member, Module) and isinstance(member.body, RawTensor):
            yield from _tensor(f"{base}.{name}", name, base, member)
        elif isinstance(member, Module):
            yield Item(maker.body(member, member.inputs), f"{base}.{name} = ", place=place(member.span))
        elif member.kind == "Module":
            yield Item("nn.Module()", f"{base}.{name} = ")
            yield from module_statements(member, maker, f"{base}.{name}")
        else:
            yield Item(_container(member, maker), f"{base}.{name} = ")
            yield from _fill(member, maker, f"{base}.{name}")


def _fill(container: Container, maker: Maker, base: str) -> Iterator[Item]:
    """The members of plain modules inside a list, which no expression can give them."""
    for name, member in container.members.items():
        if isinstance(member, Container):
            code = container.access([name], base)
            yield from module_statements(member, maker, code) if member.kind == "Module" else _fill(member, maker, code)


def _container(container: Container, maker: Maker) -> Group:
    """``nn.ModuleList([...])`` or ``nn.ModuleDict({...})``."""
    listed = container.kind == "ModuleList"
    items = [_entry(name, member, maker, listed) for name, member in container.members.items()]
    return Group("nn.ModuleList([", tuple(items), "])") if listed else Group("nn.ModuleDict({", tuple(items), "})")


def _entry(name: str, member: Module | Container, maker: Maker, listed: bool) -> Item:
    prefix = "" if listed else f"{literal(name)}: "
    if isinstance(member, Module):
        item = _member(member, maker)
        return Item(item.code, prefix + item.prefix, item.suffix, item.place)
    return Item("nn.Module()" if member.kind == "Module" else _container(member, maker), prefix)


# --------------------------------------------------------------------------------------------- params and buffers

_DTYPES = {"float": "", "int": "torch.long", "bool": "torch.bool"}


def _tensor(target: str, name: str, base: str, module: Module) -> Iterator[Item]:
    """A parameter or a buffer with its initial values."""
    raw = module.body
    assert isinstance(raw, RawTensor)
    code, filled = _values(raw, module)
    here = place(module.span)
    if raw.kind == "param":
        yield Item(Group("nn.Parameter(", (Item(code),)), f"{target} = ", place=here)
    else:
        yield Item(Group(f"{base}.register_buffer(", (Item(literal(name)), Item(code))), place=here)
    if not filled and isinstance(raw.value, Initial):
        yield Item(init_call(target, raw.value), place=here)


def _values(raw: RawTensor, module: Module) -> tuple[Code, bool]:
    """The code of the tensor, and whether its values are there already."""
    (type_,) = module.inputs
    dtype = [("dtype", _DTYPES[type_.dtype])] if _DTYPES[type_.dtype] else []
    shape = [literal(d) for d in type_.dims]
    if not isinstance(raw.value, Initial):
        return _listed(raw.value, [int(s) for s in shape], dtype), True
    value = constant_of(raw.value)
    if value is not None and value in (0, 1):
        return call("torch.ones" if value else "torch.zeros", shape or ["()"], dtype), True
    if value is not None:
        number = float(value) if type_.dtype == "float" else value
        return call("torch.full", [literal(type_.dims), literal(number)], dtype), True
    return call("torch.empty", shape or ["()"], dtype), False


def _listed(values: object, shape: Sequence[int], dtype: list[tuple[str, str]]) -> Code:
    """``torch.tensor([...])``; the numbers of more than one axis are listed flat and then viewed."""
    flat = list(_numbers(values))
    if len(flat) != prod(shape):
        raise ValueError(f"{len(flat)} numbers for a shape of {prod(shape)}")
    numbers = Group("[", tuple(Item(literal(v)) for v in flat), "]")
    keywords = tuple(Item(v, f"{k}=") for k, v in dtype or [("dtype", "torch.get_default_dtype()")])
    closing = ")" if len(shape) == 1 else f").view({', '.join(map(str, shape))})"
    return Group("torch.tensor(", (Item(numbers), *keywords), closing)


def _numbers(value: object) -> Iterator[object]:
    if isinstance(value, (tuple, list)):
        for member in value:
            yield from _numbers(member)
    else:
        yield value
