"""Specs from texts, for tests."""

from __future__ import annotations

from typing import Any

from netspec.check import check, errors
from netspec.diagnostics import Diagnostic
from netspec.files import read_import
from netspec.graph import Graph
from netspec.source import Source


def result_of(text: str, network: str | None = None, **arguments: Any) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
    """The graph of a text's network and its diagnostics; the edition line may be left out."""
    whole = text if text.lstrip().startswith("netspec") else f"netspec 1\n{text}"
    return check(Source("spec.netspec", whole), read_import, network, arguments)


def graph_of(text: str, network: str | None = None, **arguments: Any) -> Graph:
    graph, diagnostics = result_of(text, network, **arguments)
    assert graph is not None, "\n\n".join(map(str, diagnostics))
    return graph


def mistakes_of(text: str, network: str | None = None, **arguments: Any) -> tuple[Diagnostic, ...]:
    """What is wrong with a text, warnings left out."""
    return errors(result_of(text, network, **arguments)[1])
