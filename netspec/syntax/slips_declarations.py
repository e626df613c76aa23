"""Slips in declarations, parameters, inputs and policies."""

from __future__ import annotations

from netspec.diagnostics.model import Diagnostic
from netspec.diagnostics.suggest import closest
from netspec.syntax.failure import Failure
from netspec.syntax.words import DECLARATIONS

_TYPES = ("int", "float", "bool", "str", "block")
_NETWORKS = ("model", "Model", "net", "Net", "Network", "module", "arch", "architecture")


def _unknown(f: Failure) -> Diagnostic | None:
    if f.block is not None or f.index != f.start or f.token.type != "NAME" or f.fragment:
        return None
    word = f.token.text
    meant = "network" if word in _NETWORKS else closest(word, sorted(DECLARATIONS.keys() - {"netspec"}))
    known = "a file has `use`, `const`, `fn`, `block`, `network` and `example`"
    return f.say(f"`{word}` begins no declaration", help=f"did you mean `{meant}`?" if meant else known)


def _path_without_quotes(f: Failure) -> Diagnostic | None:
    if f.leader.type != "USE" or f.index != f.start + 1 or f.token.type == "NEWLINE":
        return None
    return f.say("the path of a `use` stands in quotes", "expected a string", 'write `use "std/conv" { ConvModule }`')


def _function_body(f: Failure) -> Diagnostic | None:
    if f.leader.type != "FN" or f.token.text not in ("{", ":") or f.before().type != "RPAR":
        return None
    return f.say("a function is one expression", "expected `=`", "write `fn name(x) = …`")


def _variant_with_parameters(f: Failure) -> Diagnostic | None:
    if f.leader.type != "BLOCK" or f.token.type != "EQUAL" or f.before().type != "RPAR":
        return None
    word, name = f.leader.text, f.tokens[f.start + 1].text
    return f.say(f"a `{word}` with `=` has no parameters", "expected `{`",
                 f"write `{word} {name} = …`, or a body in braces")  # fmt: skip


def _no_parameters(f: Failure) -> Diagnostic | None:
    if f.token.type != "LBRACE" or f.before().type != "NAME" or f.before(2).type != "BLOCK":
        return None
    name = f.before().text
    return f.say(f"`{name}` has no parameter list", "expected `(`", f"write `{f.leader.text} {name}() {{ … }}`")


def _parameter_type(f: Failure) -> Diagnostic | None:
    if f.token.type != "NAME" or f.before().type != "NAME" or f.leader.type != "BLOCK" or f.opener is None:
        return None
    first, second = f.before().text, f.token.text
    if first in _TYPES:
        message = "a parameter's type follows its name"
        return f.say(message, help=f"write `{second}: {first}`", at=f.before(), to=f.token)
    if second in _TYPES:
        return f.say("expected `:` between a parameter and its type", help=f"write `{first}: {second}`")
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
        return f.say("expected `:` between an input and its sizes", "expected `:`", f"write `input {name}: […]`")
    if "LSQB" in f.expected and f.before().type in ("COLON", "NAME") and f.tokens[f.start + 2].type == "COLON":
        return f.say("an input's sizes stand in brackets", "expected `[`", f"write `input {name}: [B, C, H, W]`")
    return None


def _output_name(f: Failure) -> Diagnostic | None:
    if f.leader.type != "OUTPUT" or f.token.type != "EQUAL" or f.before().type != "NAME" or f.index != f.start + 2:
        return None
    name = f.before().text
    return f.say("the name of an output stands in quotes", help=f'write `output "{name}" = …`', at=f.before())


def _setting(f: Failure) -> Diagnostic | None:
    if f.token.type != "COLON" or f.before().type != "NAME" or f.expected != {"EQUAL"}:
        return None
    return f.say("a setting is written with `=`", "expected `=`", f"write `{f.before().text} = …`")


def _settings_without_braces(f: Failure) -> Diagnostic | None:
    if f.leader.type != "POLICY" or f.token.type != "NAME" or f.after.type != "EQUAL" or "LBRACE" not in f.expected:
        return None
    selector = f.before().text
    return f.say("settings stand in braces", "expected `{`",
                 f"write `{f.leader.text} {selector} {{ {f.token.text} = … }}`")  # fmt: skip


SLIPS = (
    _setting, _settings_without_braces, _unknown, _path_without_quotes, _function_body, _variant_with_parameters,
    _no_parameters, _parameter_type, _star_parameter, _input_sizes, _output_name,
)  # fmt: skip
