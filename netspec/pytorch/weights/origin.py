"""Where a model comes from, as the text pairs that a weight file carries: network, arguments, the spec and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import zip_longest
from pathlib import PurePosixPath

from netspec import limits
from netspec.elaborate.values.words import bounded, show
from netspec.graph import Graph
from netspec.pytorch.names import plain
from netspec.source import Source

Origin = Mapping[str, str]
"""Empty where nothing is known, else the keys below, and one `IMPORT` with its name for each imported file."""

#: The attribute in which a built module keeps its own.
ORIGIN = "_netspec_origin"

NETWORK = "netspec.network"
ARGUMENTS = "netspec.arguments"
HASH = "netspec.hash"
FILE = "netspec.file"
SPEC = "netspec.spec"
IMPORT = "netspec.import."
#: Longest text of an argument that a file keeps.
_LONGEST = 100_000
#: How much of a value or line is quoted.
_QUOTED = 60


@lru_cache(32)
def origin_of(graph: Graph) -> Origin:
    """What a weight file of this network carries. Names of files are relative to the spec's folder.

    The hash is that of the network's name, its arguments and the texts.
    """
    main, *imports = graph.sources.values()
    folder = PurePosixPath(main.name).parent
    arguments = {name: show(value, _LONGEST) for name, value in graph.definition.arguments.items()}
    texts = [source.text for source in (main, *imports)]
    identity = json.dumps([graph.name, arguments, texts])
    origin = {
        NETWORK: graph.name,
        ARGUMENTS: json.dumps(arguments, ensure_ascii=False),
        HASH: hashlib.sha256(identity.encode()).hexdigest(),
        FILE: PurePosixPath(main.name).name,
        SPEC: main.text,
    }
    return origin | {f"{IMPORT}{_relative(source.name, folder)}": source.text for source in imports}


def _relative(name: str, folder: PurePosixPath) -> str:
    path = PurePosixPath(name)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else name


def differences(own: Origin, saved: Origin) -> Iterator[str]:
    """How a model's architecture differs from the one that a file was saved from; comments and spaces do not count.

    Nothing where one of them is not known.
    """
    if not own or not saved or own.get(HASH) == saved.get(HASH):
        return
    alike = own.get(NETWORK) == saved.get(NETWORK)
    if not alike:
        yield f"the network is {_quoted(own.get(NETWORK))}, and {_quoted(saved.get(NETWORK))} in the file"
    yield from _arguments(_read_arguments(own), _read_arguments(saved), alike)
    if not alike:
        return
    for key in dict.fromkeys([SPEC, *sorted(k for k in {**own, **saved} if k.startswith(IMPORT))]):
        name = own.get(FILE, "the spec") if key == SPEC else key.removeprefix(IMPORT)
        yield from _texts(plain(name), own.get(key), saved.get(key))


def _arguments(own: Mapping[str, str], saved: Mapping[str, str], alike: bool) -> Iterator[str]:
    """The arguments that differ; of networks that are not ``alike`` those that both have."""
    for name in dict.fromkeys([*own, *saved]):
        if own.get(name) != saved.get(name) and (alike or (name in own and name in saved)):
            here, there = _quoted(own.get(name)), _quoted(saved.get(name))
            yield f"the argument {_quoted(name)} is {here}, and {there} in the file"


def _read_arguments(origin: Origin) -> dict[str, str]:
    """The arguments by name; none where a file's are not as `origin_of` writes them."""
    try:
        found = json.loads(origin.get(ARGUMENTS, "{}"))
    except (ValueError, RecursionError):
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _texts(name: str, own: str | None, saved: str | None) -> Iterator[str]:
    """Where two texts of one file begin to differ."""
    if own is None or saved is None:
        yield f"{name} is used {'in the file' if own is None else 'here'} only"
        return
    for (mine, here), (theirs, there) in zip_longest(_words(own), _words(saved), fillvalue=("", None)):
        if mine != theirs:
            yield f"{name} differs at {_excerpt(own, here)}, which is {_excerpt(saved, there)} in the file"
            return


def _words(text: str) -> list[tuple[str, int | None]]:
    """Words and signs with their places; a text too long for a spec is one word."""
    from netspec.syntax.lexer import Lexer
    from netspec.syntax.table import load

    if len(text) > limits.MAX_SOURCE_BYTES:
        return [(text, 0)]
    tokens = Lexer(Source("", text), load(), 0, len(text)).run().tokens
    return [(word, t.start) for t in tokens if (word := t.text.strip())]


def _excerpt(text: str, place: int | None) -> str:
    """What stands around a place on its line."""
    if place is None:
        return "its end"
    line = text.rfind("\n", 0, place) + 1
    start = max(line, place - _QUOTED // 2)
    excerpt = text[start : start + 2 * _QUOTED].partition("\n")[0].strip()
    return f"`{'…' if start > line else ''}{_quoted(excerpt)}`"


def _quoted(text: str | None) -> str:
    return "not there" if text is None else bounded(plain(text), _QUOTED)
