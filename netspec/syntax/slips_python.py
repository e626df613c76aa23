"""What people write who think in Python."""

from __future__ import annotations

import re
from itertools import pairwise

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit
from netspec.syntax.failure import Failure
from netspec.syntax.rewriting import as_product
from netspec.syntax.tokens import Token
from netspec.syntax.words import HARD

_FUNCTION = "write `fn name(x) = …` for a function of values, `block Name(…) { … }` for a part of a network"
_NETWORK = "write `network Name(…) { … }`, or `block Name(…) { … }` for a part of one"
_USE = 'leave it out: the ops of torch.nn are known; `use "std/conv" { ConvModule }` takes blocks from a file'
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
    return f.say(f"`{at.text}` is no word of netspec", help=Help(_WORDS[at.text], *_other_word(f, at)), at=at)


def _other_word(f: Failure, at: Token) -> list[Edit]:
    """`output` for `return`; statements that only do something are left out."""
    if at is not f.leader:
        return []
    if at.text in ("import", "from", "print"):
        return [f.put("", at, f.statement_tokens[-1])]
    if at.text == "var" and f.after.type == "NAME":
        return [f.put("let", at)]
    return [f.put("output", at)] if at.text == "return" else []


def self_name(f: Failure) -> Diagnostic | None:
    if f.leader.text != "self" or f.token.type != "DOT" or f.index != f.start + 1:
        return None
    name, end = f.after.text or "name", f.tokens[min(f.index + 2, len(f.tokens) - 1)]
    help = f"write `module {name}: …`, or a step `x -> {name}: …`"
    if end.type == "EQUAL":
        help = Help(help, f.put(f"module {name}:", f.leader, end))
    return f.say("there is no `self` in a spec", help=help, at=f.leader, to=f.after if f.after.type == "NAME" else None)


def else_if(f: Failure) -> Diagnostic | None:
    if f.token.type != "IF" or f.before().type != "ELSE":
        return None
    return f.say("`else if` is written `elif`", help=Help("write `elif`", f.put("elif", f.before(), f.token)),
                 at=f.before(), to=f.token)  # fmt: skip


def hard_word(f: Failure) -> Diagnostic | None:
    """A word of the language as a name."""
    if f.token.text not in HARD or "NAME" not in f.expected or "INT" in f.expected or f.index == f.start:
        return None
    return f.say(f"`{f.token.text}` is a word of the language", "a name is expected here", "choose another name")


def _is(f: Failure) -> Diagnostic | None:
    if f.token.text != "is" or f.before().type not in _OPERAND_ENDS:
        return None
    last = f.after if f.after.type == "NOT" else f.token
    sign = "==" if last is f.token else "!="
    help = Help(f"write `{sign}`", f.put(sign, to=last))
    return f.say("`is` is no operator of netspec", help=help, to=last)


def _string_prefix(f: Failure) -> Diagnostic | None:
    prefix = f.before()
    if f.token.type != "STRING" or prefix.end != f.token.start:
        return None
    if prefix.text.lower() not in ("f", "r", "b", "fr", "rf"):
        return None
    return f.say("strings have no prefix", help=Help("drop it: every string takes `{expr}`", f.put("", prefix)),
                 at=prefix)  # fmt: skip


#: A parameter, or a name that ``let`` binds, no tensor.
_VALUE = r"[(,]\s*{name}\s*:|\blet\s+{name}\b"


def _augmented(f: Failure) -> Diagnostic | None:
    sign, equal = (f.token, f.after) if f.after.type == "EQUAL" else (f.before(), f.token)
    if sign.text not in _AUGMENTED or equal.type != "EQUAL" or sign.end != equal.start:
        return None
    name = f.leader.text
    value = re.search(_VALUE.format(name=re.escape(name)), f.source.text[: f.leader.start]) is not None
    edits = [f.before_token("let ", f.leader)] * value + [f.put(f"= {name} {sign.text}", sign, equal)]
    help = Help(f"write `{'let ' * value}{name} = {name} {sign.text} …`", *edits)
    return f.say(f"`{sign.text}=` is no operator of netspec", help=help, at=sign, to=equal)


def _double_bar(f: Failure) -> Diagnostic | None:
    if f.token.type != "VBAR" or (f.after.type == "COMPARE" and f.after.text == ">"):
        return None
    both = f.after.type == "VBAR" and f.after.start == f.token.end
    last = f.after if both else f.token
    return f.say("`|` joins types, not values", help=Help("write `or`", f.put("or", to=last)), to=last)


def _equal_in_condition(f: Failure) -> Diagnostic | None:
    if f.token.type != "EQUAL" or f.opener is not None or f.after.text == ">":
        return None
    conditions = {"IF", "ELIF", "ASSERT", "WHERE", "AND", "OR", "NOT"}
    if not any(t.type in conditions for t in f.tokens[f.start : f.index]):
        return None
    return f.say("`=` gives a name; `==` compares", "expected `==`", Help("write `==`", f.put("==")))


def _method(f: Failure) -> Diagnostic | None:
    """``skips.append(x)`` and ``y.relu_()`` as statements."""
    called = f.tokens[min(f.index + 2, len(f.tokens) - 1)].type == "LPAR"
    if f.token.type != "DOT" or f.index != f.start + 1 or f.leader.type != "NAME" or not called:
        return None
    name, method = f.leader.text, f.after.text
    message = f"`{name}.{method}(…)` is no statement: a tensor does not change"
    if method in ("append", "extend", "insert"):
        help = f"tensors are collected in a family: `{name}[i] = …` in a loop, and `*{name}` are its members"
        return f.say(message, help=help, at=f.leader, to=f.after)
    function, end = method.removesuffix("_"), f.statement_tokens[-1]
    sign = {"add": "+", "sub": "-", "mul": "*", "div": "/"}.get(function)
    if sign:
        return f.say(message, help=f"write `{name} = {name} {sign} …`", at=f.leader, to=f.after)
    empty = end is f.tokens[min(f.index + 3, len(f.tokens) - 1)]
    edits = [f.put(f"{name} = {function}({name})", f.leader, end)] if empty else []
    return f.say(message, help=Help(f"write `{name} = {function}({name}{'' if empty else ', …'})`", *edits),
                 at=f.leader, to=f.after)  # fmt: skip


def _nested_names(f: Failure) -> Diagnostic | None:
    """``y, (h, c) = …``, as Python takes an LSTM's outputs apart."""
    if f.token.type != "LPAR" or f.before().type != "COMMA" or f.opener is not None or f.leader.type != "NAME":
        return None
    end = next((n for n in range(f.index, len(f.tokens)) if f.tokens[n].type not in ("LPAR", "NAME", "COMMA")), 0)
    if f.tokens[end].type != "RPAR" or f.tokens[end + 1].type != "EQUAL":
        return None
    names = [t for t in f.tokens[f.start : end] if t.type == "NAME"]
    listed = ", ".join(t.text for t in names)
    help = Help(f"write `{listed} = …`", f.put(listed, f.leader, f.tokens[end]))
    return f.say("the names of several tensors stand in one row", "names in names", help, to=f.tokens[end])


def _matrix_product(f: Failure) -> Diagnostic | None:
    """``x @ (…)`` and ``x @ y * 2``; the product of two names alone is read as an annotation."""
    if f.token.type == "AT" and f.after.type == "EQUAL":
        return f.say(*NO_PRODUCT)
    if f.before().type == "AT" and f.token.type not in ("NAME", "NEWLINE"):
        return f.say(*NO_PRODUCT, at=f.before())
    if f.token.text not in _AUGMENTED:
        return None
    pairs = pairwise(f.tokens[f.start : f.index])
    at = next((sign for sign, name in pairs if sign.type == "AT" and name.start > sign.end), None)
    if at is None:
        return None
    message, label, help = NO_PRODUCT
    return f.say(message, label, Help(help, *as_product(f.span(at), f.before().end)), at=at)


#: ``x @ y``: the message, nothing under the sign, and the help.
NO_PRODUCT = ("`@` is no operator of netspec", "", "write `matmul(a, b)` for the matrix product")


OPERATORS = (_is, _string_prefix, _augmented, _double_bar, _equal_in_condition, _method, _nested_names, _matrix_product)
