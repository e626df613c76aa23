"""The data of a JSON text, checked against the models; what does not fit is told at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.diagnostics.suggest import closest
from netspec.limits import MAX_NESTING
from netspec.source import Span
from netspec.syntax.json_form import models
from netspec.syntax.json_form.models.base import written
from netspec.syntax.json_form.tree import JsonText, Node, plain

#: What is wrong, by the kind of error, where the wrong value tells the rest.
_WANTED = {
    "string_type": "a string", "int_type": "an int", "bool_type": "true or false", "list_type": "a list",
    "dict_type": "an object", "model_type": "an object", "model_attributes_type": "an object",
}  # fmt: skip
#: What people call what the JSON form has.
_ELSEWHERE = {
    "type": "op", "name": "label", "layers": "steps", "layer": "op", "arguments": "args", "inputs": "input",
    "outputs": "output", "parameters": "params", "description": "doc", "docs": "doc", "comment": "doc", "shape": "dims",
    "id": "label", "class": "op", "if_": "if", "condition": "if", "statements": "body", "source": "from",
}  # fmt: skip


def checked(text: JsonText) -> tuple[models.DocumentModel | None, list[Diagnostic]]:
    """The model of a text, or what is wrong with it."""
    try:
        return models.DocumentModel.model_validate(plain(text.tree)), []
    except ValidationError as error:
        found = (_diagnostic(text, detail) for detail in error.errors(include_url=False, include_input=False))
        return None, [diagnostic for diagnostic in found if diagnostic]


def _diagnostic(text: JsonText, error: Mapping[str, Any]) -> Diagnostic | None:
    """What is told of an error; nothing of a field that is missing because another one is misspelt."""
    kind, place = error["type"], _Place(text, error["loc"])
    if kind == "extra_forbidden":
        return place.unknown_field()
    if kind == "missing":
        return place.missing_field()
    if kind == "recursion_loop":
        help_ = "give parts of it names of their own"
        return place.tell(f"nesting deeper than {MAX_NESTING}", code="NS105", help=help_)
    if kind == "no_kind":
        what, _, keys = str(error["msg"]).partition(": ")
        return place.no_kind(what, keys.split())
    return place.wrong_value(kind)


class _Place:
    """Where an error is: ``node`` the value, ``key`` the field in it that is missing or wrong, ``tag`` the kind of the
    innermost object (the word that tells it)."""

    def __init__(self, text: JsonText, location: tuple[int | str, ...]) -> None:
        self.text = text
        self.node, self.tag, self.field, self.key = text.tree, "netspec", "", ""
        self.is_key = False
        for part in location:
            self._enter(part)

    def _enter(self, part: int | str) -> None:
        node = self.node
        if part == "[key]":
            self.is_key = True
        elif isinstance(part, int) and part < len(node.items):
            self.node = node[part]
        elif isinstance(part, str) and part.startswith("<"):
            self.tag = part.strip("<>=")
        elif isinstance(part, str) and node.get(part) is not None:
            self.parent, self.field, self.node = node, part, node[part]
        else:
            self.key = str(part)

    @property
    def span(self) -> Span:
        if self.is_key:
            start, end = self.parent.keys[self.field]
            return Span(self.text, start + 1, end - 1)
        return self.text.span(self.node)

    @property
    def object(self) -> str:
        return f"an object with `{self.tag}`" if self.tag != "netspec" else "a spec"

    def tell(self, message: str, label: str = "", help: str = "", code: str = "NS100") -> Diagnostic:
        return Diagnostic(code, message, Label(self.span, label), help=help)

    # ------------------------------------------------------------------------------------------------- fields

    def unknown_field(self) -> Diagnostic:
        self.is_key = True
        known = [f for f in _fields()[self.tag] if f not in self.parent.keys]
        meant = _meant(self.field, known)
        help_: str = f"it can have {_listed(known)}" if known else ""
        if meant:
            help_ = Help(f"did you mean `{meant}`?", Edit(self.span, meant))
        return self.tell(f"{self.object} has no `{self.field[:60]}`", help=help_)

    def missing_field(self) -> Diagnostic | None:
        known = [f for f in _fields()[self.tag] if f not in self.node.keys]
        if any(_meant(k, known) == self.key for k in self.node.keys if k not in _fields()[self.tag]):
            return None  # it is told of that field
        start, end = next(iter(self.node.keys.values()), (self.node.start,) * 2)
        label = Label(Span(self.text, start, max(end, start + 1)))
        return Diagnostic("NS100", f"{self.object} needs `{self.key}`", label)

    # ------------------------------------------------------------------------------------------------- values

    def no_kind(self, what: str, keys: list[str]) -> Diagnostic:
        """A value of which no kind of object can be told, or of a type that cannot stand here."""
        found = _called(self.node)
        if not isinstance(self.node.value, dict):
            return self.tell(f"expected {what}, found {found}", help=_write(what))
        if "expr" in self.node.keys and "expr" not in keys:
            return self.tell(f"expected {what}, found an object", help=f'write the text alone: `"{self.field}": "…"`')
        if not keys:
            return self.tell(f"expected {what}, found an object", help=_write(what))
        start, end = next(iter(self.node.keys.values()), (self.node.start, self.node.start + 1))
        meant = [(k, m) for k in self.node.keys for m in [_meant(k, keys)] if m]
        help_: str = f"{what} has {_listed(keys, 'or')}"
        if meant:
            start, end = self.node.keys[meant[0][0]]
            help_ = Help(f"did you mean `{meant[0][1]}`?", Edit(Span(self.text, start + 1, end - 1), meant[0][1]))
        message = f"{what} without a word that tells it" if self.node.keys else f"{what} without fields"
        return Diagnostic("NS100", message, Label(Span(self.text, start, end)), help=help_)

    def wrong_value(self, kind: str) -> Diagnostic:
        where = "a name" if self.is_key else f"`{self.field or '$'}`"
        value = self.node.value
        text = str(self.field if self.is_key else value)[:60]
        if kind in _WANTED:
            return self.tell(f"expected {_WANTED[kind]} in {where}, found {_called(self.node)}")
        if kind == "keyword":
            return self.tell(f"`{text}` is a word of the language", "not a name", "choose another name")
        if kind == "string_pattern_mismatch" and self.field == "dims":
            return self.tell("expected sizes, found a string", help=f"{_write('sizes')}; `\"*\"` is a family")
        if kind == "string_pattern_mismatch":
            return self.tell(f"`{text}` is no name", help="names have the letters a-z and A-Z, digits and `_`")
        if kind == "literal_error":
            from netspec.syntax.annotations import ANNOTATIONS

            meant = closest(text, ANNOTATIONS)
            help_ = f"did you mean `{meant}`?" if meant else f"the annotations are {_listed(ANNOTATIONS)}"
            return self.tell(f"there is no annotation `{text}`", help=help_, code="NS200")
        if kind == "greater_than_equal" and self.field == "repeat":
            return self.tell(f"nothing repeats {text} times", help="write a number of at least 0")
        if kind == "greater_than_equal":
            return self.tell(f"there is no edition {text}", help="write 1")
        if kind in ("too_short", "string_too_short"):
            return self.tell(f"nothing stands in {where}")
        return self.tell(f"expected two values, a key and what it stands for, found {_called(self.node)}")


@cache
def _fields() -> dict[str, list[str]]:
    """The fields that objects can have, by the word that tells them."""
    found: dict[str, list[str]] = {}
    for model in _models(models.Model):
        fields = [f.alias or written(name) for name, f in model.model_fields.items()]
        for field in fields:
            found.setdefault(field, [])
            found[field] += [f for f in fields if f not in found[field]]
    return found


def _models(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for each in model.__subclasses__():
        yield each
        yield from _models(each)


def _meant(name: str, known: list[str]) -> str | None:
    elsewhere = _ELSEWHERE.get(name.lower())
    return elsewhere if elsewhere in known else closest(name, known)


def _called(node: Node) -> str:
    """What a value of JSON is called."""
    value = node.value
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return "a number"
    return "a string" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"


def _listed(words: Any, last: str = "and") -> str:
    *first, end = (f"`{w}`" for w in words)
    return f"{', '.join(first)} {last} {end}" if first else end


def _write(what: str) -> str:
    return {
        "an expression": 'write its text, `"4 * planes"`', "a step": 'write `{"label": …, "op": …, "args": […]}`',
        "a tensor": "write its name, or a chain with `from` and `steps`", "sizes": 'write a list, `["B", 3, "H", "W"]`',
        "a name": "write a string", "a count": 'write a number, or the text of an expression, `"n"`',
        "a statement": 'write an object, `{"input": "x"}`',
        "a declaration": 'write an object, `{"network": …, "body": […]}`',
    }.get(what, "")  # fmt: skip
