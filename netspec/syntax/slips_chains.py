"""Slips in chains, steps and labels."""

from __future__ import annotations

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic
from netspec.syntax.failure import Failure
from netspec.syntax.tokens import Token


def _other_arrow(f: Failure) -> Diagnostic | None:
    """``=>``, ``|>``, ``-->``."""
    if f.token.text in ("=", "|") and f.after.text == ">" and f.after.start == f.token.end:
        help = Help("write `->`", f.put("->", to=f.after))
        return f.say(f"`{f.token.text}>` is no arrow of netspec", help=help, to=f.after)
    if f.token.type == "ARROW" and f.before().text == "-" and f.before().end == f.token.start:
        help = Help("write `->`", f.put("->", f.before(), f.token))
        return f.say("`-->` is no arrow of netspec", help=help, at=f.before(), to=f.token)
    return None


def _label_with_equal(f: Failure) -> Diagnostic | None:
    if f.token.type != "EQUAL" or f.before().type not in ("NAME", "STRING"):
        return None
    in_list = f.opener is not None and f.opener.text == "["
    if f.before(2).type not in ("ARROW", "STAGE") and not (in_list and f.before(2).type in ("LSQB", "COMMA")):
        return None
    help = Help(f"write `{f.before().text}: …`", f.instead(":"))
    return f.say("a step's label is followed by `:`, not `=`", "expected `:`", help)


def _stage_without_label(f: Failure) -> Diagnostic | None:
    if f.before(2).type != "STAGE" or f.before().type not in ("NAME", "STRING"):
        return None
    label = Help(f"write `stage label: {f.before().text}…`", f.before_token("stage1: ", f.before()))
    return f.say("a stage has a label", "expected a label and `:`", label, at=f.before())


def _dotted_label(f: Failure) -> Diagnostic | None:
    if f.token.type != "COLON" or f.before().type not in ("NAME", "FLOAT") or f.start == f.index - 1:
        return None
    at = f.index - 1
    while at > f.start and f.tokens[at - 1].type in ("DOT", "NAME"):
        at -= 1
    first = f.tokens[at]
    label = f.source.text[first.start : f.before().end]
    if "." not in label or len(label) > 60:
        return None
    return _quoted(f, label, first, f.before())


def _numbered_label(f: Failure) -> Diagnostic | None:
    """``-> layer.0: …``, where ``.0`` is read as a number."""
    if f.token.type != "FLOAT" or f.before().type != "NAME" or f.before().end != f.token.start:
        return None
    if f.before(2).type not in ("ARROW", "STAGE", "LSQB", "COMMA"):
        return None
    label = f.before().text + f.token.text
    return _quoted(f, label, f.before(), f.token)


def _quoted(f: Failure, label: str, first: Token, last: Token) -> Diagnostic:
    help = Help(f'write `"{label}": …`', f.put(f'"{label}"', first, last))
    return f.say("a label with dots stands in quotes", help=help, at=first, to=last)


def _braces_in_label(f: Failure) -> Diagnostic | None:
    if f.token.text != "{" or f.before().end != f.token.start or f.before(2).type not in ("ARROW", "STAGE"):
        return None
    end = next((n for n in range(f.index, len(f.tokens)) if f.tokens[n].text == "}"), f.index)
    quotes = [f.before_token('"', f.before()), f.after_token('"', f.tokens[end])]
    known = f.tokens[min(end + 1, len(f.tokens) - 1)].type == "COLON"
    help = Help(f'write `"{f.before().text}{{…}}": …`', *(quotes if known else []))
    return f.say("a label with `{…}` stands in quotes", help=help, at=f.before(), to=f.token)


def _hyphenated_label(f: Failure) -> Diagnostic | None:
    """``-> conv-1: …``, which is read as a difference."""
    at = f.index - 1
    while at > f.start and f.tokens[at - 1].end == f.tokens[at].start and f.tokens[at - 1].type in _PARTS:
        at -= 1
    first = f.tokens[at]
    text = f.source.text[first.start : f.before().end]
    if f.token.type != "COLON" or first.type != "NAME" or "-" not in text or f.tokens[at - 1].type not in _HEADS:
        return None
    label = text.replace("-", "_")
    help = Help(f"write `{label}: …`", f.put(label, first, f.before()))
    return f.say("a label has letters, digits and `_`", help=help, at=first, to=f.before())


_PARTS = frozenset({"NAME", "INT", "MINUS"})
_HEADS = frozenset({"ARROW", "STAGE", "LSQB", "COMMA", "MODULE"})


def _no_colon(f: Failure) -> Diagnostic | None:
    """``-> conv1 Conv2d(…)``."""
    if f.token.type not in ("NAME", "LSQB") or f.before().type not in ("NAME", "STRING"):
        return None
    if f.before(2).type not in ("ARROW", "STAGE", "MODULE") or (f.token.type == "NAME" and f.after.type != "LPAR"):
        return None
    label = f.before().text
    return f.say("expected `:` after a step's label", "expected `:`",
                 Help(f"write `{label}: {f.token.text}…`", f.after_token(":", f.before())))  # fmt: skip


def _no_source(f: Failure) -> Diagnostic | None:
    if f.token.type != "ARROW" or f.before().type not in ("EQUAL", "OUTPUT", "LBRACE", "LPAR"):
        return None
    return f.say("a chain begins with its source", "what goes into the step?", "write the tensor before `->`")


def _no_arrow(f: Failure) -> Diagnostic | None:
    """``y = x conv1: Conv2d(…)``."""
    if f.token.type not in ("NAME", "STRING") or f.after.type != "COLON" or f.index == f.start:
        return None
    if f.opener is not None or "ARROW" not in f.expected or f.leader.type not in ("NAME", "OUTPUT", "STAR"):
        return None
    arrow = f.before_token("-> ", f.token)
    return f.say("expected `->` before a step", "expected `->`", Help(f"write `-> {f.token.text}: …`", arrow))


def _arrow_after_choice(f: Failure) -> Diagnostic | None:
    if f.token.type != "ARROW" or not any(t.type == "ELSE" for t in f.tokens[f.start : f.index]):
        return None
    return f.say("`->` cannot follow `… if … else …`", "which of the two goes into the step?",
                 "put parentheses around the choice, or around the chain")  # fmt: skip


def _no_name(f: Failure) -> Diagnostic | None:
    """``x -> conv: Conv2d(…)`` and ``conv(x)`` as statements."""
    if f.block is None or f.opener is not None or f.leader.type not in ("NAME", "LPAR"):
        return None
    if f.token.type != "ARROW" and not (f.token.type == "LPAR" and f.index <= f.start + 1):
        return None
    help = "write `y = …`, or `output …`"
    if f.token.type == "ARROW" and f.before() is f.leader and f.leader.type == "NAME":
        name = f.leader.text
        help = Help(f"write `{name} = {name} -> …`, or `output …`", f.before_token(f"{name} = ", f.leader))
    return f.say("the result of this statement has no name", "a statement binds a name or is an output", help,
                 at=f.leader)  # fmt: skip


def _step_alone(f: Failure) -> Diagnostic | None:
    if f.token.type != "COLON" or f.index != f.start + 1 or f.leader.type not in ("NAME", "STRING", "POLICY"):
        return None
    if f.expected == {"EQUAL"} or f.fragment:
        return None
    label = f.leader.text
    if _is_shape(f.statement_tokens[2:]):
        help = Help(f"write `input {label}: …`", f.before_token("input ", f.leader))
        return f.say("an input begins with `input`", "a name and its sizes", help, at=f.leader)
    help = Help(f"write `y = x -> {label}: …`, or declare it: `module {label}: …`", f.before_token("module ", f.leader))
    return f.say("a step stands in a chain", "no `->` before it", help, at=f.leader)


def _is_shape(tokens: list[Token]) -> bool:
    """``[B, 3, H, W]``, ``int[B, L]``: sizes, no steps."""
    kinds = [t.type for t in tokens]
    if kinds[:1] == ["NAME"] and tokens[0].text in ("int", "float", "bool"):
        kinds = kinds[1:]
    where = kinds.index("WHERE") if "WHERE" in kinds else len(kinds)
    bracketed = len(kinds) > 2 and kinds[0] == "LSQB" and kinds[where - 1] == "RSQB"
    return bracketed and not {"LPAR", "COLON"} & set(kinds[:where])


def _number_as_label(f: Failure) -> Diagnostic | None:
    """``-> 3: …``."""
    if f.token.type != "COLON" or f.before().type != "INT" or f.before(2).type not in ("ARROW", "STAGE", "MODULE"):
        return None
    label = f"layer{f.before().text}"
    help = Help(f"write `{label}: …`; the members of a list have numbers", f.put(label, f.before()))
    return f.say("a label begins with a letter", help=help, at=f.before())


def _annotation_after_if(f: Failure) -> Diagnostic | None:
    if f.token.type != "AT" or not any(t.type == "IF" for t in f.tokens[f.start : f.index]):
        return None
    return f.say(f"`@{f.after.text}` stands too late", "a step's annotations stand before its `if`",
                 f"write `step @{f.after.text} if …`", to=f.after)  # fmt: skip


SLIPS = (
    _other_arrow, _label_with_equal, _no_colon, _hyphenated_label, _stage_without_label, _dotted_label,
    _numbered_label, _braces_in_label, _no_source, _no_arrow, _arrow_after_choice, _no_name, _step_alone,
    _annotation_after_if, _number_as_label,
)  # fmt: skip
