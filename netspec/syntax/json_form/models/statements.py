"""Statements: each is told by the field that has the word of the text form."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Tag
from typing_extensions import TypeAliasType

from netspec.syntax.json_form.models.base import Identifier, Model, optional, required, told_by
from netspec.syntax.json_form.models.values import Annotation, Code, CodeText, Flow, Label, Step, Target, Text, Value

Doc = Annotated[str, Field(title="Documentation", description="What the text form has in `##` comments.")]
Sizes = Annotated[list[Code], Field(title="Sizes", description="`\"B\"`, `3`, `\"2 * C\"`; `\"*L[n]\"` for several.")]


class InputModel(Model):
    """A tensor that goes in."""

    input: Identifier = required("Input", "Its name.")
    dtype: Identifier = optional("Type", "`int` or `bool`; float where it is left out.")
    dims: Annotated[
        Annotated[CodeText, Tag("<text>"),
                    Field(pattern=r"^\*$", title="Family",
                          description="`*`: all other tensors that the block is given.")]
        | Annotated[Sizes, Tag("<array>"), Field(min_length=1)],
        told_by("sizes"),
    ] = optional("Sizes", "Its sizes, open ones by name; or `\"*\"`.")  # fmt: skip
    where: list[Code] = optional("Contract", "What its sizes must fulfil: `\"H % 2 == 0\"`.", min_length=1)
    annotations: list[Annotation] = optional("Annotations", "What pictures show.", min_length=1)
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")


class OutputModel(Model):
    """One result, or several."""

    output: Flow = required("Output", "The tensor or chain; a list of them for several results.")
    name: Text = optional("Name", "The key of the result.")


class TensorModel(Model):
    """A tensor gets a name: `main = x -> …`."""

    tensor: Annotated[
        Annotated[CodeText, Tag("<text>"), Field(title="Name", description="`y`, `skip[i]`, `*c`.")]
        | Annotated[list[CodeText], Tag("<array>"),
                    Field(min_length=1, title="Names", description="One for each tensor of the chain.")],
        told_by("a name"),
    ] = required("Tensor", "Its name; a list of names where the chain gives several.")  # fmt: skip
    from_: Flow = required("From", "The tensor that goes in; without `steps` the tensor that gets the name.")
    annotations: list[Annotation] = optional("Annotations", "What pictures show of the source.", min_length=1)
    steps: list[Step] = optional("Steps", "The steps in order.", min_length=1)


class LetModel(Model):
    """A value gets a name."""

    let: Target = required("Let", "The name; a list of names takes a list apart.")
    value: Value = required("Value", "The value.")


class ConstModel(Model):
    """A value that is readable from outside: of the file, or of a block."""

    const: Identifier = required("Const", "Its name.")
    value: Value = required("Value", "The value.")
    doc: Doc = optional("Documentation", "What the text form has in `##` comments.")


class AssertModel(Model):
    """What must hold."""

    assert_: Code = required("Assert", "The condition.")
    message: Text = optional("Message", "What is told where it does not hold.")


class ForModel(Model):
    """Statements for each element of a list."""

    for_: Target = required("For", "The name of the element; a list of names takes it apart.")
    in_: Code = required("In", "The list: `range(n)`.")
    annotations: list[Annotation] = optional("Annotations", "What pictures show.", min_length=1)
    body: list[Statement] = required("Body", "The statements.")


class Branch(Model):
    """Another condition with its statements."""

    if_: Code = required("If", "The condition.")
    then: list[Statement] = required("Then", "The statements where it holds.")


class IfModel(Model):
    """Statements under a condition."""

    if_: Code = required("If", "The condition.")
    then: list[Statement] = required("Then", "The statements where it holds.")
    elif_: list[Branch] = optional("Else if", "Further conditions, each with its statements.", min_length=1)
    else_: list[Statement] = optional("Else", "The statements where none holds.")


class ModuleModel(Model):
    """A module that is declared here and used by its label."""

    module: Label = required("Module", "Its label.")
    value: Value = required("Value", "The op, block or list of steps.")
    annotations: list[Annotation] = optional("Annotations", "What pictures show.", min_length=1)


class _RawTensor(Model):
    dtype: Identifier = optional("Type", "`int` or `bool`; float where it is left out.")
    dims: Sizes = required("Sizes", "Its sizes.", min_length=1)
    value: Value = optional("Value", "A number, or a function of `torch.nn.init`; zero where it is left out.")


class _Param(Model):
    param: Identifier = required("Param", "Its name.")


class _Buffer(Model):
    buffer: Identifier = required("Buffer", "Its name.")


class ParamModel(_RawTensor, _Param):
    """A weight of the block itself."""


class BufferModel(_RawTensor, _Buffer):
    """A buffer of the block itself."""


class OpSelector(Model):
    """Every op or block of a name."""

    op: Identifier = required("Op", "The name.")


class PathSelector(Model):
    """A label in quotes: one that could be read as a word otherwise."""

    path: Text = required("Path", "A path or glob.")


Selector = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[OpSelector, Tag("<op>")],
    told_by("a path", "op"),
]


class _Policy(Model):
    if_: Code = optional("If", "Only where this holds.")


class InitModel(_Policy):
    """Initial values."""

    init: Selector = required("Init", "A path or glob; `{\"op\": …}` for all ops or blocks of a name.")
    settings: dict[Identifier, Value] = optional(
        "Settings", "For each weight a number, or a function of `torch.nn.init`.", min_length=1
    )


class FreezeModel(_Policy):
    """No gradient for the parameters, and the modules stay in evaluation mode."""

    freeze: Selector = required("Freeze", "A path or glob; `{\"op\": …}` for all ops or blocks of a name.")


class FreezeWeightsModel(_Policy):
    """No gradient for the parameters."""

    freeze_weights: Selector = required("Freeze weights", "A path or glob; `{\"op\": …}` for all of a name.")


class FreezeStatsModel(_Policy):
    """Norms with running statistics stay in evaluation mode."""

    freeze_stats: Selector = required("Freeze statistics", "A path or glob; `{\"op\": …}` for all of a name.")


class CheckpointModel(_Policy):
    """What is inside is computed again in the backward pass instead of kept."""

    checkpoint: Selector = required("Checkpoint", "A path or glob; `{\"op\": …}` for all ops or blocks of a name.")


class OrderModel(Model):
    """The order of registration, where it is not that of first appearance."""

    order: list[
        Annotated[
            Annotated[Text, Tag("<text>"), Field(title="Label", description="A label, a glob, or `*` for all others.")]
            | Annotated[PathSelector, Tag("<path>")],
            told_by("a label", "path"),
        ]
    ] = required("Order", "Labels in order.", min_length=1)  # fmt: skip


Statement = TypeAliasType(
    "Statement",
    Annotated[
        Annotated[InputModel, Tag("<input>")]
        | Annotated[OutputModel, Tag("<output>")]
        | Annotated[TensorModel, Tag("<tensor>")]
        | Annotated[LetModel, Tag("<let>")]
        | Annotated[ConstModel, Tag("<const>")]
        | Annotated[AssertModel, Tag("<assert>")]
        | Annotated[ForModel, Tag("<for>")]
        | Annotated[ModuleModel, Tag("<module>")]
        | Annotated[ParamModel, Tag("<param>")]
        | Annotated[BufferModel, Tag("<buffer>")]
        | Annotated[InitModel, Tag("<init>")]
        | Annotated[FreezeModel, Tag("<freeze>")]
        | Annotated[FreezeWeightsModel, Tag("<freeze_weights>")]
        | Annotated[FreezeStatsModel, Tag("<freeze_stats>")]
        | Annotated[CheckpointModel, Tag("<checkpoint>")]
        | Annotated[OrderModel, Tag("<order>")]
        | Annotated[IfModel, Tag("<if>")],
        told_by(
            "a statement", "input", "output", "tensor", "let", "const", "assert", "for", "module", "param", "buffer",
            "init", "freeze", "freeze_weights", "freeze_stats", "checkpoint", "order", "if",
        ),
        Field(title="Statement", description="What stands in the body of a block; told by its first word."),
    ],
)  # fmt: skip
