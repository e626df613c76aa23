"""A source to its AST, in whichever form it is written."""

from __future__ import annotations

from netspec.source import Source
from netspec.syntax.parse import Result, parse

#: What the name of a spec in the JSON form ends with.
JSON = ".json"


def read(source: Source) -> Result:
    """The document that a source says, or None and what is wrong; its name tells which form it has.

    The JSON form needs models that a text does not: they are imported when the first one is read.
    """
    if not source.name.lower().endswith(JSON):
        return parse(source)
    from netspec.syntax.json_form import read_json

    return read_json(source)
