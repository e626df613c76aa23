"""Documents as hypothesis draws them: every construct of the language, deep and wide, as a parser could have read it.

`documents` gives ASTs without texts of their own. What the language refuses is not drawn: two arguments of one name,
a ``self``, strings three deep in each other.
"""

from __future__ import annotations

from hypothesis import strategies as st

from netspec.syntax import ast
from tests.syntax.strategy.declarations import Drawing


@st.composite
def documents(draw: st.DrawFn, most: int = 60) -> ast.Document:
    """A document of about ``most`` nodes at most."""
    return Drawing(draw, draw(st.integers(5, most))).document()


@st.composite
def expressions(draw: st.DrawFn, most: int = 40) -> ast.Expr:
    """An expression by itself."""
    return Drawing(draw, draw(st.integers(1, most))).expression()


__all__ = ["documents", "expressions"]
