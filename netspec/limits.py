"""The public limits: past one of them a spec is refused with a diagnostic, never with a crash or a hang."""

from __future__ import annotations

#: Size of one spec, in bytes of UTF-8.
MAX_SOURCE_BYTES = 1_000_000
#: How deep brackets, blocks and operators may nest, counted together.
MAX_NESTING = 100
#: Digits of one number.
MAX_DIGITS = 18
#: Syntax errors told in one run.
MAX_SYNTAX_ERRORS = 20
#: Mistakes of one network told in one run, and of the names of one spec.
MAX_ERRORS = 100
#: Files that a spec may import, itself included.
MAX_FILES = 200
#: Steps of elaboration: expressions, elements, iterations and definitions together.
FUEL = 1_000_000
#: The parts that one value may have, written out.
MAX_VALUE_SIZE = 100_000
#: Ints lie between ``-MAX_INTEGER`` and ``MAX_INTEGER``.
MAX_INTEGER = 2**63 - 1
#: How deep blocks, lists of steps and functions may stand in each other, and files import each other.
MAX_DEPTH = 40
#: Nodes of one network, repetitions unfolded.
MAX_NODES = 1_000_000
#: Parameters of one network; `netspec.build` takes ``max_parameters`` to change it.
MAX_PARAMETERS = 2_000_000_000
