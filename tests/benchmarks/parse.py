"""How fast specs are parsed: ``python tests/benchmarks/parse.py [KB]`` prints KB/s, AST included, and start-up.

The text is the blocks of the design's examples (or of ``specs/``), repeated under names of their own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from netspec.source import Source
from netspec.syntax.parse import parse

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT.parent / "shared" / "design" / "examples"
START_UP = """
import sys, time, types
begin = time.perf_counter()
package = types.ModuleType("netspec")  # netspec/__init__.py brings the whole tool
package.__path__ = [sys.argv[1]]
sys.modules["netspec"] = package
from netspec.syntax import parse, table
table.load()
print((time.perf_counter() - begin) * 1000)
"""


def text_of(size: int) -> str:
    """About ``size`` bytes of spec."""
    paths = sorted(EXAMPLES.glob("*.netspec")) or sorted((ROOT / "specs").rglob("*.netspec"))
    files = [path.read_text(encoding="utf-8") for path in paths]
    parts, length, turn = ["netspec 1\n"], 0, 0
    while length < size:
        body = files[turn % len(files)].split("\n", 1)[1]
        part = re.sub(r"(?m)^(block|network|fn|const) (\w+)", rf"\1 \2_{turn}", body)
        parts.append(part)
        length, turn = length + len(part), turn + 1
    return "\n".join(parts)


def kilobytes_per_second(text: str, runs: int = 7) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(runs):
        begin = time.perf_counter()
        document, mistakes = parse(Source("benchmark.netspec", text))
        best = min(best, time.perf_counter() - begin)
        assert document is not None, mistakes[0]
    return len(text.encode()) / 1000 / best


def start_up(runs: int = 7) -> float:
    """Milliseconds to import the parser, lark included, and to load its table; bytecode is there already."""
    command = [sys.executable, "-c", START_UP, str(ROOT / "netspec")]
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder
        took = [subprocess.run(command, capture_output=True, check=True, env=environment) for _ in range(runs)]
    return min(float(run.stdout) for run in took)


def main() -> None:
    text = text_of(1000 * int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    print(f"{len(text.encode()) / 1000:.0f} KB: {kilobytes_per_second(text):.0f} KB/s")
    print(f"import and table: {start_up():.0f} ms")


if __name__ == "__main__":
    main()
