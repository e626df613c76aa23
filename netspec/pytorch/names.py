"""Names and texts that may stand in generated source: everything else is kept out here."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from keyword import iskeyword

from netspec.source import Span

#: What generated code refers to by these names, so that no tensor may take them.
USED_NAMES = frozenset({
    "self", "torch", "nn", "types", "Tensor", "OrderedDict", "ValueError", "dict", "float", "isinstance", "len", "list",
    "max", "min", "module", "name", "range", "str", "super", "tuple",
    "weakref",
})  # fmt: skip
#: What no class of a block may be called.
CLASS_NAMES = USED_NAMES | frozenset(dir(builtins))

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


class Names:
    """Hands out identifiers, each of them once.

    >>> names = Names({"torch"})
    >>> names.take("x"), names.take("x"), names.take("torch"), names.take("c[0]"), names.take("class")
    ('x', 'x_2', 'torch_', 'c_0', 'class_')
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self.taken = set(reserved)

    def take(self, wanted: str) -> str:
        base = identifier(wanted)
        if base in self.taken:
            base = numbered(base, self.taken)
        self.taken.add(base)
        return base

    def reserve(self, name: str) -> str:
        """A checked identifier that is free, with ``_`` after it where it is not."""
        base = identifier(name)
        while base in self.taken:
            base += "_"
        self.taken.add(base)
        return base


def numbered(base: str, taken: Iterable[str]) -> str:
    """``x_2``, ``x_3`` ...; a word of Python or of the generated code gets ``_`` instead."""
    if base in CLASS_NAMES and base + "_" not in taken:
        return base + "_"
    n = 2
    while f"{base}_{n}" in taken:
        n += 1
    return f"{base}_{n}"


def identifier(text: str) -> str:
    """An ASCII identifier close to ``text``, never a keyword."""
    if text.isidentifier() and text.isascii() and text[0] != "_" and text[-1] != "_" and not iskeyword(text):
        return text
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_") or "x"
    if name[0].isdigit():
        name = f"x{name}"
    return name + "_" if iskeyword(name) else name


def is_dotted(text: str) -> bool:
    """Whether this is a dotted Python path of identifiers: ``my_package.layers.Swish``."""
    return _DOTTED.fullmatch(text) is not None and not any(iskeyword(part) for part in text.split("."))


def dotted(text: str) -> str:
    """A dotted Python path, as it is. Raises ValueError for anything else."""
    if not is_dotted(text):
        raise ValueError(f"not a dotted Python path: {text!r}")
    return text


def plain(text: str) -> str:
    """A text without control, bidi and line-breaking characters: safe in a comment, and in quotes that it has not."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def place(span: Span) -> str:
    """``specs/resnet3d50.netspec:12``, as comments have it; never a type comment, which torch.jit.script would read."""
    text = plain(span.place).replace("#", "?")
    return f"./{text}" if text.startswith("type:") else text


def literal(value: object) -> str:
    """``repr`` of a number, bool, string, None or tuple of them, in double quotes. Raises TypeError for anything else.

    >>> literal((1, 2.5, "a", None)), literal("it's"), literal(float("inf"))
    ('(1, 2.5, "a", None)', '"it\\'s"', 'float("inf")')
    """
    if isinstance(value, (tuple, list)):
        return bracketed([literal(v) for v in value])
    if type(value) is float and value - value != 0:
        return f'float("{value}")'
    if type(value) is str:
        text = repr(value)
        return text if '"' in value or text[0] == '"' else f'"{text[1:-1]}"'
    if value is None or type(value) in (int, float, bool):
        return repr(value)
    raise TypeError(f"a {type(value).__name__} cannot stand in generated source")


def bracketed(items: list[str]) -> str:
    """A tuple of these texts."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
