"""Slips in declarations, parameters, inputs and policies."""

from __future__ import annotations

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit
from netspec.diagnostics.suggest import closest
from netspec.source import Span
from netspec.syntax.failure import Failure
from netspec.syntax.tokens import Token
from netspec.syntax.words import DECLARATIONS

_TYPES = ("int", "float", "bool", "str", "block")
_NETWORKS = ("model", "Model", "net", "Net", "Network", "module", "arch", "architecture")


def _unknown(f: Failure) -> Diagnostic | None:
    if f.block is not None or f.index != f.start or f.token.type != "NAME" or f.fragment:
        return None
    word = f.token.text
    meant = "network" if word in _NETWORKS else closest(word, sorted(DECLARATIONS.keys() - {"netspec"}))
    known = "a file has `use`, `const`, `fn`, `block`, `network` and `example`"
    help = Help(f"did you mean `{meant}`?", f.put(meant)) if meant else known
    return f.say(f"`{word}` begins no declaration", help=help)


def _path_without_quotes(f: Failure) -> Diagnostic | None:
    if f.leader.type != "USE" or f.index != f.start + 1 or f.token.type == "NEWLINE":
        return None
    names = next((n for n, t in enumerate(f.statement_tokens) if t.text == "{"), 0)
    edits = [f.before_token('"', f.token), f.after_token('"', f.statement_tokens[names - 1])] if names > 1 else []
    return f.say("the path of a `use` stands in quotes", "expected a string",
                 Help('write `use "std/conv" { ConvModule }`', *edits))  # fmt: skip


def _function_body(f: Failure) -> Diagnostic | None:
    if f.leader.type != "FN" or f.token.text not in ("{", ":") or f.before().type != "RPAR":
        return None
    name = f.tokens[f.start + 1].text
    help = Help(f"write `fn {name}(…) = …`", *_expression_alone(f))
    return f.say("a function is one expression", "expected `=`", help)


def _expression_alone(f: Failure) -> list[Edit]:
    """``=`` for a colon or for braces around one expression."""
    if f.token.text == ":":
        return [f.put("=")]
    braces = [n for n in range(f.index, len(f.tokens)) if f.tokens[n].text in ("{", "}")][:2]
    last = f.tokens[braces[-1]]
    if len(braces) < 2 or last.text == "{":
        return []
    return [f.put("="), Edit(Span(f.source, f.tokens[braces[1] - 1].end, last.end), "")]


def _variant_with_parameters(f: Failure) -> Diagnostic | None:
    if f.leader.type != "BLOCK" or f.token.type != "EQUAL" or f.before().type != "RPAR":
        return None
    word, name = f.leader.text, f.tokens[f.start + 1].text
    empty = [f.put("", f.before(2), f.before())] if f.before(2).type == "LPAR" else []
    return f.say(f"a `{word}` with `=` has no parameters", "expected `{`",
                 Help(f"write `{word} {name} = …`, or a body in braces", *empty))  # fmt: skip


def _no_parameters(f: Failure) -> Diagnostic | None:
    if f.token.type != "LBRACE" or f.before().type != "NAME" or f.before(2).type != "BLOCK":
        return None
    name = f.before().text
    return f.say(f"`{name}` has no parameter list", "expected `(`",
                 Help(f"write `{f.leader.text} {name}() {{ … }}`", f.after_token("()", f.before())))  # fmt: skip


def _parameter_type(f: Failure) -> Diagnostic | None:
    if f.token.type != "NAME" or f.before().type != "NAME" or f.leader.type != "BLOCK" or f.opener is None:
        return None
    first, second = f.before().text, f.token.text
    if f.before(2).type in ("COLON", "VBAR") and f.after.type in ("COLON", "EQUAL"):
        return f.say("expected `,` between two parameters", "expected `,`",
                     Help(f"put a `,` before `{second}`", f.after_token(",", f.before())))  # fmt: skip
    if first in _TYPES:
        help = Help(f"write `{second}: {first}`", f.put(f"{second}: {first}", f.before(), f.token))
        return f.say("a parameter's type follows its name", help=help, at=f.before(), to=f.token)
    if second in _TYPES:
        help = Help(f"write `{first}: {second}`", f.after_token(":", f.before()))
        return f.say("expected `:` between a parameter and its type", help=help)
    return None


def _star_parameter(f: Failure) -> Diagnostic | None:
    if f.leader.type not in ("BLOCK", "FN") or f.token.type != "STAR" or f.before().type not in ("LPAR", "COMMA"):
        return None
    name = f.after.text or "options"
    help = f"write `**{name}` to forward named ones, or take one list: `{name}: int[]`"
    return f.say("parameters have names, so none takes all positions", "expected a name", help)


def _input_sizes(f: Failure) -> Diagnostic | None:
    if f.leader.type != "INPUT":
        return None
    name = f.tokens[f.start + 1].text
    if f.token.type == "LSQB" and f.index == f.start + 2:
        help = Help(f"write `input {name}: […]`", f.after_token(":", f.before()))
        return f.say("expected `:` between an input and its sizes", "expected `:`", help)
    if f.token.type == "COLON" and f.before(2).type == "COMMA" and f.opener is None:
        return _each_input(f)
    if "LSQB" in f.expected and f.before().type in ("COLON", "NAME") and f.tokens[f.start + 2].type == "COLON":
        help = Help(f"write `input {name}: [B, C, H, W]`", *_in_brackets(f, f.statement_tokens[3:]))
        return f.say("an input's sizes stand in brackets", "expected `[`", help)
    return None


def _each_input(f: Failure) -> Diagnostic:
    """``input q, k: [B, L, 64]``."""
    names = [t.text for t in f.tokens[f.start + 1 : f.index] if t.type == "NAME"]
    sizes = f.source.text[f.token.end : f.statement_tokens[-1].end].strip()
    line = f.source.text.rfind("\n", 0, f.leader.start) + 1
    indent = f.source.text[line : f.leader.start]
    joint = f"\n{indent}" if not indent.strip() else "; "
    help = Help(f"write an `input` for each: `input {names[0]}: …`",
                f.put(joint.join(f"input {n}: {sizes}" for n in names), f.leader, f.statement_tokens[-1]))  # fmt: skip
    return f.say("an input with sizes has a statement of its own", "one name has sizes", help)


def _in_brackets(f: Failure, sizes: list[Token]) -> list[Edit]:
    """Square brackets around sizes, or in place of their parentheses."""
    where = next((n for n, t in enumerate(sizes) if t.type == "WHERE"), len(sizes))
    if where < 2:
        return []
    first, last = sizes[0], sizes[where - 1]
    if first.type == "LPAR" and last.type == "RPAR":
        return [f.put("[", first), f.put("]", last)]
    return [f.before_token("[", first), f.after_token("]", last)]


def _value_with_type(f: Failure) -> Diagnostic | None:
    """``let width: int = 16``."""
    if f.leader.type not in ("LET", "CONST") or f.token.type != "COLON" or f.index != f.start + 2:
        return None
    equal = next((t for t in f.statement_tokens if t.type == "EQUAL"), None)
    edits = [Edit(f.span(f.token, equal)._replace(end=equal.start), " ")] if equal else []
    word, name = f.leader.text, f.before().text
    return f.say(f"a `{word}` has no type", "expected `=`", Help(f"write `{word} {name} = …`", *edits))


def _output_name(f: Failure) -> Diagnostic | None:
    if f.leader.type != "OUTPUT" or f.token.type != "EQUAL" or f.before().type != "NAME" or f.index != f.start + 2:
        return None
    name = f.before().text
    return f.say("the name of an output stands in quotes", at=f.before(),
                 help=Help(f'write `output "{name}" = …`', f.put(f'"{name}"', f.before())))  # fmt: skip


def _setting(f: Failure) -> Diagnostic | None:
    if f.token.type != "COLON" or f.before().type != "NAME" or f.expected != {"EQUAL"}:
        return None
    return f.say("a setting is written with `=`", "expected `=`",
                 Help(f"write `{f.before().text} = …`", f.instead("=")))  # fmt: skip


def _settings_without_braces(f: Failure) -> Diagnostic | None:
    if f.leader.type != "POLICY" or f.token.type != "NAME" or f.after.type != "EQUAL" or "LBRACE" not in f.expected:
        return None
    selector, last = f.before().text, f.statement_tokens[-1]
    edits = [f.before_token("{ ", f.token)]
    if "\n" in f.source.text[last.end : f.tokens[f.start + len(f.statement_tokens)].start + 1]:
        edits.append(f.after_token(" }", last))
    help = Help(f"write `{f.leader.text} {selector} {{ {f.token.text} = … }}`", *edits)
    return f.say("settings stand in braces", "expected `{`", help)


SLIPS = (
    _setting, _settings_without_braces, _unknown, _path_without_quotes, _function_body, _variant_with_parameters,
    _no_parameters, _parameter_type, _star_parameter, _input_sizes, _value_with_type, _output_name,
)  # fmt: skip
