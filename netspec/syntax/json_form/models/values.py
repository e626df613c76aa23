"""Values, chains and steps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Strict, Tag, WithJsonSchema
from typing_extensions import TypeAliasType

from netspec.syntax.json_form.models.base import Keyword, Model, optional, required, told_by

Null = Annotated[None, Field(title="None", description="The value None.")]
Scalar = Annotated[
    bool | int | float,
    WithJsonSchema({
        "type": ["boolean", "number"], "title": "Literal", "description": "A number, true or false.",
    }),
]  # fmt: skip
Text = Annotated[
    str, Field(title="String", description="A string; `{…}` in it puts in a value, `{{` and `}}` are braces.")
]
CodeText = Annotated[
    str, Field(min_length=1, title="Expression", description="The text of an expression: `x.shape != main.shape`.")
]
Code = TypeAliasType(
    "Code",
    Annotated[
        Annotated[CodeText, Tag("<text>")] | Annotated[Scalar, Tag("<literal>")],
        told_by("an expression"),
        Field(title="Expression", description="The text of an expression, `x.shape != main.shape`; or a number, true "
              "or false."),
    ],
)  # fmt: skip
"""Where only an expression can stand, a string is its text."""

Count = TypeAliasType(
    "Count",
    Annotated[
        Annotated[CodeText, Tag("<text>")]
        | Annotated[int, Tag("<literal>"), Field(ge=0, title="Number", description="So many.")],
        told_by("a count"),
        Field(title="Count", description="A number of at least 0, or the text of an expression: `len(widths)`."),
    ],
)  # fmt: skip

Value = TypeAliasType(
    "Value",
    Annotated[
        Annotated[Null, Tag("<null>")]
        | Annotated[Scalar, Tag("<literal>")]
        | Annotated[Text, Tag("<text>")]
        | Annotated["list[Value]", Tag("<array>"), Field(title="List", description="A list of values.")]
        | Annotated["Expression", Tag("<expr>")]
        | Annotated["Call", Tag("<op>")]
        | Annotated["StepList", Tag("<list>")]
        | Annotated["Chain", Tag("<from>")]
        | Annotated["Dictionary", Tag("<dict>")],
        told_by("a value", "expr", "op", "list", "from", "dict"),
        Field(title="Value", description="Literals and lists of JSON stand for themselves; all else is an object."),
    ],
)  # fmt: skip
"""Where a value can stand, a string is itself."""

Flow = TypeAliasType(
    "Flow",
    Annotated[
        Annotated[CodeText, Tag("<text>"),
                    Field(title="Name", description="A tensor's name, or any expression: `main + skip`.")]
        | Annotated["list[Flow]", Tag("<array>"),
                    Field(min_length=1, title="Tensors", description="Several tensors.")]
        | Annotated["Expression", Tag("<expr>")]
        | Annotated["Call", Tag("<op>")]
        | Annotated["Chain", Tag("<from>")],
        told_by("a tensor", "expr", "op", "from"),
        Field(title="Tensor", description="A tensor, or several: a string is the text of an expression."),
    ],
)  # fmt: skip

Step = TypeAliasType(
    "Step",
    Annotated[
        Annotated[CodeText, Tag("<text>"),
                    Field(title="Step", description="A step without a label, as text: `flatten()`, or `relu` for a "
                          "module that is used again. In a list `*xs` puts in the elements of another one.")]
        | Annotated["CallStep", Tag("<op>")]
        | Annotated["ListStep", Tag("<list>")]
        | Annotated["ExpressionStep", Tag("<expr>")],
        told_by("a step", "op", "list", "expr"),
        Field(title="Step", description="What a tensor goes through: a layer, a block, a function, a list of steps."),
    ],
)  # fmt: skip

Target = TypeAliasType(
    "Target",
    Annotated[
        Annotated[CodeText, Tag("<text>"), Field(title="Name", description="The name.")]
        | Annotated["list[Target]", Tag("<array>"),
                    Field(min_length=1, title="Names", description="Names for the elements of a list.")],
        told_by("a name"),
        Field(title="Target", description="A name, or a list of names that a list's elements get."),
    ],
)  # fmt: skip


class Expression(Model):
    """Any expression of the language, by its text."""

    expr: CodeText = required("Expression", "The text: `4 * planes`, `[k // 2 for k in kernel]`; `*xs` in a list.")


class Call(Model):
    """An op, a block or a function with arguments."""

    repeat: Count = optional("Repeat", "So many in a row, each with weights of its own: `n * Block(…)`.")
    op: CodeText = required("Op", "The name of an op, block, function or label; or an expression: `norms[kind]`.")
    args: list[Value] = optional("Arguments", "The arguments without names, in order.")
    kwargs: dict[Keyword, Value] = optional("Named arguments", "By name; `**` holds those of a dict.")


class StepList(Model):
    """A list of steps, which becomes an `nn.Sequential`."""

    repeat: Count = optional("Repeat", "So many in a row, each with weights of its own: `n * […]`.")
    list_: Annotated[
        Annotated[list[Step], Tag("<array>"), Field(title="Steps", description="The steps in order.")]
        | Annotated[Comprehension, Tag("<each>")],
        told_by("a list of steps", "each"),
    ] = required("List", "The steps in order, or one for each element of another list.")


class Comprehension(Model):
    """A list with one step for each element of another one."""

    each: Step = required("Each", "The step.")
    for_: Target = required("For", "The name of the element; a list of names takes it apart.")
    in_: Code = required("In", "The other list.")
    if_: Code = optional("If", "Only for elements for which this holds.")


class Chain(Model):
    """A tensor that goes through steps."""

    from_: Flow = required("From", "The tensor that goes in.")
    annotations: list[Annotation] = optional("Annotations", "What pictures show of the source.", min_length=1)
    steps: list[Step] = required("Steps", "The steps in order.", min_length=1)


class Dictionary(Model):
    """A dict."""

    dict_: list[
        Annotated[list[Value], Field(min_length=2, max_length=2, title="Entry", description="A key and its value.")]
    ] = required("Dict", "Pairs of a key and its value: `[[18, [2, 2, 2, 2]], [34, [3, 4, 6, 3]]]`.")


class AnnotationCall(Model):
    """A drawing annotation with arguments."""

    name: Literal["label", "optional", "link", "hide", "draw"] = required("Name", "Which annotation.")
    args: list[Value] = optional("Arguments", "The arguments without names, in order.")
    kwargs: dict[Keyword, Value] = optional("Named arguments", "By name.")


Annotation = TypeAliasType(
    "Annotation",
    Annotated[
        Annotated[Literal["label", "optional", "link", "hide", "draw"], Tag("<text>"),
                    Field(title="Name", description="An annotation without arguments.")]
        | Annotated[AnnotationCall, Tag("<name>")],
        told_by("an annotation", "name"),
        Field(title="Annotation", description="What pictures show, never what is computed."),
    ],
)  # fmt: skip


Label = TypeAliasType(
    "Label",
    Annotated[
        Annotated[Text, Tag("<text>")] | Annotated[Expression, Tag("<expr>")],
        told_by("a label", "expr"),
        Field(title="Label", description="A name, in the keys of the state dict too; it may have dots and `{…}`."),
    ],
)  # fmt: skip


class _Placed(Model):
    """What a step has besides the layer."""

    label: Label = optional("Label", "Its name, in the keys of the state dict too.")
    stage: Annotated[bool, Strict()] = optional("Stage", "Whether it is a level in pictures.")


class _Conditional(Model):
    """What may come after a step."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"else": ["if"]}})

    annotations: list[Annotation] = optional("Annotations", "What pictures show.", min_length=1)
    if_: Code = optional("If", "The step is left out where this is false.")
    else_: Step = optional("Else", "The step that stands instead where `if` is false.")


class CallStep(_Conditional, Call, _Placed):
    """A step that is an op, a block or a function."""


class ListStep(_Conditional, StepList, _Placed):
    """A step that is a list of steps."""


class ExpressionStep(_Conditional, Expression, _Placed):
    """A step by its text."""


