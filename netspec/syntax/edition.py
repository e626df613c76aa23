"""The first line of a spec: ``netspec 1``."""

from __future__ import annotations

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Source, Span
from netspec.syntax.characters import first_offset
from netspec.syntax.tokens import Token
from netspec.syntax.words import DECLARATIONS

EDITION = 1


def edition_mistake(source: Source, tokens: list[Token]) -> Diagnostic | None:
    """What is wrong with the first line, if anything."""
    first = tokens[0]
    line = next(n for n, t in enumerate(tokens) if t.type in ("NEWLINE", "$END"))
    if first.type != "NETSPEC":
        span = Span(source, first.start, first.end)
        return Diagnostic("NS100", "the edition line is missing", Label(span, "a spec begins with its edition"),
                          help=Help(f"add `netspec {EDITION}` as the first line", _first_line(source)))  # fmt: skip
    if line == 2 and tokens[1].type == "INT":
        return _check_number(source, tokens[1])
    span = Span(source, tokens[1].start, max(tokens[line - 1].end, tokens[1].end))
    return Diagnostic("NS100", "expected the number of the edition alone after `netspec`", Label(span),
                      help=Help(f"write `netspec {EDITION}`", Edit(span, f"{EDITION}")))  # fmt: skip


def _first_line(source: Source) -> Edit:
    start = first_offset(source)
    return Edit(Span(source, start, start), f"netspec {EDITION}\n\n")


def _check_number(source: Source, number: Token) -> Diagnostic | None:
    if int(number.text) == EDITION:
        return None
    label = Label(Span(source, number.start, number.end))
    if int(number.text) < EDITION:
        return Diagnostic("NS100", f"there is no edition {number.text}", label,
                          help=Help(f"write `netspec {EDITION}`", Edit(label.span, f"{EDITION}")))  # fmt: skip
    return Diagnostic(
        "NS102", f"this spec is of edition {number.text}; this netspec knows editions up to {EDITION}", label,
        help="update netspec",
    )  # fmt: skip


def with_edition(tokens: list[Token]) -> list[Token]:
    """The tokens with a right first line, so that the rest can be read."""
    if tokens[0].type not in DECLARATIONS.values() or tokens[0].type == "NETSPEC":
        line = next(n for n, t in enumerate(tokens) if t.type in ("NEWLINE", "$END"))
        tokens = tokens[line + 1 :] if tokens[line].type == "NEWLINE" else tokens[line:]
    place = tokens[0].start
    start = [Token("NETSPEC", "netspec", place, place), Token("INT", str(EDITION), place, place)]
    if tokens[0].type != "$END":
        start.append(Token("NEWLINE", "", place, place))
    return start + tokens
