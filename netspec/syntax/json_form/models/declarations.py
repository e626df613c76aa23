"""Declarations, parameters, and the document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Tag
from typing_extensions import TypeAliasType

from netspec.syntax.json_form.models.base import Identifier, Model, bound_or_not, optional, required, told_by
from netspec.syntax.json_form.models.statements import ConstModel, Doc, Statement
from netspec.syntax.json_form.models.values import Annotation, Call, CodeText, Expression, Text, Value


class Parameter(Model):
    """A parameter of a block, network or function."""

    name: Identifier = required("Name", "Its name.")
    type: CodeText = optional("Type", "As in the text form: `int`, `int[3]`, `block?`, `'plain' | 'double'`.")
    default: Value = optional("Default", "Its value where none is given; null is the value None.")
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")


class RestParameter(Model):
    """The parameter that takes all other named arguments: `**options`."""

    rest: Identifier = required("Rest", "Its name.")
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")


Parameters = Annotated[
    list[
        Annotated[
            Annotated[Identifier, Tag("<text>"),
                        Field(title="Name", description="A parameter without type and default.")]
            | Annotated[Parameter, Tag("<name>")]
            | Annotated[RestParameter, Tag("<rest>")],
            told_by("a parameter", "name", "rest"),
        ]
    ],
    Field(title="Parameters", description="The parameters in order."),
]  # fmt: skip


class ImportedName(Model):
    """A name of another file, under another name."""

    name: Identifier = required("Name", "Its name there.")
    as_: Identifier = required("As", "Its name here.")


class UseModel(Model):
    """Names of another file."""

    use: str = required("Use", "The file: `std/conv`, `./parts.netspec`, `./parts.json`.")
    names: list[
        Annotated[
            Annotated[Identifier, Tag("<text>"), Field(title="Name", description="A name of that file.")]
            | Annotated[ImportedName, Tag("<name>")],
            told_by("a name", "name"),
        ]
    ] = required("Names", "Which names.", min_length=1)  # fmt: skip


class FunctionModel(Model):
    """A function of values."""

    fn: Identifier = required("Function", "Its name.")
    params: Parameters = optional("Parameters", "The parameters in order.")
    value: Value = required("Value", "What it gives.")
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")


class _Body(Model):
    params: Parameters = optional("Parameters", "The parameters in order.")
    as_: Text = optional("Class", "The name of the class that `repr` and tables show.")
    annotations: list[Annotation] = optional("Annotations", "What pictures show.", min_length=1)
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")
    body: list[Statement] = required("Body", "The statements in order.")


class _Variant(Model):
    as_: Text = optional("Class", "The name of the class that `repr` and tables show.")
    value: Value = required("Value", "The block with its arguments: `{\"op\": \"Base\", \"kwargs\": {…}}`.")
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")


class _Block(Model):
    block: Identifier = required("Block", "Its name.")


class _Network(Model):
    network: Identifier = required("Network", "Its name.")


class BlockModel(_Body, _Block):
    """A part of networks."""


class NetworkModel(_Body, _Network):
    """A block that is an entry point: its inputs say their shapes."""


class BlockVariant(_Variant, _Block):
    """A block with arguments bound."""


class NetworkVariant(_Variant, _Network):
    """A network with arguments bound."""


class ExampleModel(Model):
    """A network with arguments that is checked too."""

    example: Annotated[
        Annotated[Call, Tag("<op>")] | Annotated[Expression, Tag("<expr>")],
        told_by("a call", "op", "expr"),
    ] = required("Example", "The network with its arguments.")


Declaration = TypeAliasType(
    "Declaration",
    Annotated[
        Annotated[UseModel, Tag("<use>")]
        | Annotated[ConstModel, Tag("<const>")]
        | Annotated[FunctionModel, Tag("<fn>")]
        | Annotated[BlockModel, Tag("<block>")]
        | Annotated[BlockVariant, Tag("<block=>")]
        | Annotated[NetworkModel, Tag("<network>")]
        | Annotated[NetworkVariant, Tag("<network=>")]
        | Annotated[ExampleModel, Tag("<example>")],
        bound_or_not("a declaration", "block", "network", "use", "const", "fn", "example"),
        Field(title="Declaration", description="What stands at the top level; told by its first word."),
    ],
)  # fmt: skip


class DocumentModel(Model):
    """A spec of netspec: blocks and networks of layers."""

    schema_: str = optional("Schema", "For editors: where this schema is.", alias="$schema")
    netspec: int = required("Edition", "The edition of the language: 1.", ge=1)
    doc: Doc = optional("Documentation", "What the text form has in `##` comments at its top.")
    declarations: list[Declaration] = required("Declarations", "Imports, constants, functions, blocks, networks.")
