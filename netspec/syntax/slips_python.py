"""What people write who think in Python."""

from __future__ import annotations

from netspec.diagnostics.model import Diagnostic
from netspec.syntax.failure import Failure
from netspec.syntax.words import HARD

_FUNCTION = "write `fn name(x) = …` for a function of values, `block Name(…) { … }` for a part of a network"
_NETWORK = "write `network Name(…) { … }`, or `block Name(…) { … }` for a part of one"
_USE = 'write `use "std/conv" { ConvModule }`; the ops of torch.nn are known without'
_NOTHING = "leave it out: a spec only describes"
#: Words that begin statements of Python, and what netspec has instead.
_WORDS = {
    "def": _FUNCTION, "lambda": "write `fn name(x) = …` at the top of the file", "class": _NETWORK, "import": _USE,
    "from": _USE, "return": "write `output …`", "while": "write `for i in range(n) { … }`",
    "pass": "leave the braces empty: `{ }`", "raise": 'write `assert condition, "message"`',
    "super": "leave it out: blocks have no parent", "print": _NOTHING, "with": _NOTHING, "try": _NOTHING,
    "del": _NOTHING, "var": "write `let name = …` for a value, `name = …` for a tensor",
}  # fmt: skip
_OPERAND_ENDS = frozenset({"NAME", "INT", "FLOAT", "STRING", "TRUE", "FALSE", "NONE", "RPAR", "RSQB", "DICT_CLOSE"})
_AUGMENTED = ("+", "-", "*", "/", "//", "%", "**")


def word(f: Failure) -> Diagnostic | None:
    near = (f.token, f.before())
    if f.leader.type == "NAME" and f.leader.text in _WORDS and f.leader in near:
        at = f.leader
    else:
        at = next((t for t in near if t.text == "lambda"), f.token)
    if at.text not in _WORDS or at.type != "NAME" or f.token.type == "EQUAL":
        return None
    return f.say(f"`{at.text}` is no word of netspec", help=_WORDS[at.text], at=at)


def self_name(f: Failure) -> Diagnostic | None:
    if f.leader.text != "self" or f.token.type != "DOT" or f.index != f.start + 1:
        return None
    name = f.after.text or "name"
    return f.say("there is no `self` in a spec", help=f"write `module {name}: …`, or a step `x -> {name}: …`",
                 at=f.leader, to=f.after if f.after.type == "NAME" else None)  # fmt: skip


def else_if(f: Failure) -> Diagnostic | None:
    if f.token.type != "IF" or f.before().type != "ELSE":
        return None
    return f.say("`else if` is written `elif`", help="write `elif`", at=f.before(), to=f.token)


def hard_word(f: Failure) -> Diagnostic | None:
    """A word of the language as a name."""
    if f.token.text not in HARD or "NAME" not in f.expected or "INT" in f.expected or f.index == f.start:
        return None
    return f.say(f"`{f.token.text}` is a word of the language", "a name is expected here", "choose another name")


def _is(f: Failure) -> Diagnostic | None:
    if f.token.text != "is" or f.before().type not in _OPERAND_ENDS:
        return None
    negated = f.after.type == "NOT"
    return f.say("`is` is no operator of netspec", help=f"write `{'!=' if negated else '=='}`",
                 to=f.after if negated else None)  # fmt: skip


def _string_prefix(f: Failure) -> Diagnostic | None:
    prefix = f.before()
    if f.token.type != "STRING" or prefix.end != f.token.start:
        return None
    if prefix.text.lower() not in ("f", "r", "b", "fr", "rf"):
        return None
    return f.say("strings have no prefix", help="drop it: every string takes `{expr}`", at=prefix)


def _augmented(f: Failure) -> Diagnostic | None:
    sign, equal = (f.token, f.after) if f.after.type == "EQUAL" else (f.before(), f.token)
    if sign.text not in _AUGMENTED or equal.type != "EQUAL" or sign.end != equal.start:
        return None
    name = f.leader.text
    return f.say(f"`{sign.text}=` is no operator of netspec", help=f"write `{name} = {name} {sign.text} …`", at=sign,
                 to=equal)  # fmt: skip


def _double_bar(f: Failure) -> Diagnostic | None:
    if f.token.type != "VBAR" or (f.after.type == "COMPARE" and f.after.text == ">"):
        return None
    both = f.after.type == "VBAR" and f.after.start == f.token.end
    return f.say("`|` joins types, not values", help="write `or`", to=f.after if both else None)


def _equal_in_condition(f: Failure) -> Diagnostic | None:
    if f.token.type != "EQUAL" or f.opener is not None or f.after.text == ">":
        return None
    conditions = {"IF", "ELIF", "ASSERT", "WHERE", "AND", "OR", "NOT"}
    if not any(t.type in conditions for t in f.tokens[f.start : f.index]):
        return None
    return f.say("`=` gives a name; `==` compares", "expected `==`", "write `==`")


OPERATORS = (_is, _string_prefix, _augmented, _double_bar, _equal_in_condition)
