"""The page of each code: what it means, why it is told, a wrong and a right example.

Pages are Markdown files of the package, ``pages/NS301.md``, read when somebody asks for one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from netspec.diagnostics.codes import CODES

PAGES = Path(__file__).parent / "pages"
_fence = re.compile(r"^```netspec (wrong|right)(?:: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A spec of a page, and the command with its options that is right or wrong about it: ``check --network Net``."""

    right: bool
    command: str
    text: str


def page(code: str) -> str:
    """The page of a code as Markdown: a title, what and why, the examples.

    >>> page("NS301").splitlines()[0]
    '# NS301: a join of tensors of different shapes'
    """
    return f"# {code}: {CODES[code]}\n\n{body(code)}"


def body(code: str) -> str:
    """A page without its title."""
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def examples(code: str) -> list[Example]:
    """The examples of a page, in order."""
    return [Example(kind == "right", command or "check", text) for kind, command, text in _fence.findall(body(code))]
