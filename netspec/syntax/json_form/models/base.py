"""What all models share: strictness, fields, and unions that are told apart by what is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from netspec.syntax.words import HARD


def written(name: str) -> str:
    """``if_`` stands for ``if``."""
    return name.rstrip("_")


class Model(BaseModel):
    """One object of the JSON form: its types as they are, and no field that it does not know."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, alias_generator=written, populate_by_name=True,
        defer_build=True,
    )  # fmt: skip


def required(title: str, description: str, **constraints: Any) -> Any:
    """A field that must be there."""
    return Field(title=title, description=description, **constraints)


def optional(title: str, description: str, **constraints: Any) -> Any:
    """A field that may be left out, and cannot be null. Whether it is there says the tree, not the model."""
    return Field(default=None, title=title, description=description, **constraints)



def told_by(what: str, *keys: str) -> Discriminator:
    """Tells a union's members apart: an object by the first of the keys that it has, anything else by its type.

    ``what`` is what the union is called, where nothing fits: ``a step``.
    """
    return _discriminator(lambda value: kind_of(value, keys), what, keys)


def kind_of(value: Any, keys: tuple[str, ...]) -> str | None:
    """The tag of a union's member."""
    if isinstance(value, (dict, Model)):
        fields = value if isinstance(value, dict) else {written(name) for name in value.model_fields_set}
        return next((f"<{key}>" for key in keys if key in fields), None)
    if value is None:
        return "<null>"
    return "<array>" if isinstance(value, list) else "<text>" if isinstance(value, str) else "<literal>"


def _discriminator(kind: Callable[[Any], str | None], what: str, keys: tuple[str, ...]) -> Discriminator:
    return Discriminator(kind, custom_error_type="no_kind", custom_error_message=f"{what}: {' '.join(keys)}")


def bound_or_not(what: str, *keys: str) -> Discriminator:
    """As `told_by`, for blocks and networks: one with a ``value`` and no ``body`` is another one, arguments bound."""

    def kind(value: Any) -> str | None:
        found = kind_of(value, keys)
        fields = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
        bound = found in ("<block>", "<network>") and "value" in fields and "body" not in fields
        return f"{found[:-1]}=>" if found and bound else found

    return _discriminator(kind, what, keys)


def _no_keyword(name: str) -> str:
    if name in HARD:
        raise PydanticCustomError("keyword", "is a word of the language")
    return name


_IDENTIFIER = "^[A-Za-z_][A-Za-z0-9_]*$"
_NO_KEYWORD = {"not": {"enum": sorted(HARD)}}

Identifier = Annotated[
    str, StringConstraints(pattern=_IDENTIFIER), AfterValidator(_no_keyword), Field(json_schema_extra=_NO_KEYWORD)
]
"""A name: ASCII letters, digits and ``_``, no digit first, none of the words ``if``, ``for``, …"""

Keyword = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z_][A-Za-z0-9_]*|\*\*)$"), AfterValidator(_no_keyword),
    Field(json_schema_extra=_NO_KEYWORD),
]  # fmt: skip
"""The name of an argument, or ``**`` for those of a dict."""
