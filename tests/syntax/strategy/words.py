"""Names, numbers and strings."""

from __future__ import annotations

from hypothesis import strategies as st

#: Names, most of them words that are keywords elsewhere.
NAMES = st.sampled_from([
    "a", "b", "x", "y", "conv1", "Conv2d", "planes", "_1", "T", "a_name_that_is_rather_long_as_names_go", "input",
    "output", "let", "const", "assert", "module", "order", "init", "freeze", "param", "buffer", "use", "fn", "block",
    "network",
    "example", "netspec", "checkpoint", "stage", "where", "freeze_stats",
])  # fmt: skip
INTEGERS = st.one_of(st.integers(0, 9), st.integers(0, 10**18 - 1))
FLOATS = st.one_of(
    st.sampled_from([0.0, 0.5, 1e-6, 1e-5, 1e16, 1e22, 1.5e300, 3.25, 0.1, 1e-300]),
    st.floats(0, 1e12, allow_nan=False).map(lambda value: float(f"{value:.9g}")),
)
_CHARACTERS = "abz 019_.*\"'{}\\\n\t#@:;,()[]<>-+=→é|?!%$"
TEXTS = st.one_of(
    st.sampled_from(["", "x", "mean", "a b", "{", "}", "{}", "\\", "'", '"', "#", "a # b", "->", "%d", "layer.0", " "]),
    st.text(_CHARACTERS, max_size=12),
    st.text("abc def", min_size=30, max_size=60),
)
#: One line of a ``##`` comment.
DOC_LINES = st.one_of(
    st.sampled_from(["Words.", "# more", "a -> b", "", "{", '"', "x" * 70, "two words", ":", "é"]),
    st.text(_CHARACTERS.replace("\n", "").replace("\t", ""), max_size=20).map(str.strip),
)
CHANCES = st.integers(0, 9)
COUNTS = st.integers(0, 9)
