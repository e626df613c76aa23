"""Writes what the blocks print today into the pages: ``python -m tests.docs.update [PAGE…]``. Read the difference."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from docs import generate
from tests.docs.blocks import blocks_of, matches
from tests.docs.running import reader, run
from tests.docs.test_documentation import PAGES


def main(names: list[str]) -> None:
    generate.main()
    for page in PAGES:
        if not names or page.name in names:
            update(page)


def update(page: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, reader(Path(folder)):
        results = [r for r in run(blocks_of(page), Path(folder)) if not matches(r.expected, r.actual)]
    text = page.read_text(encoding="utf-8")
    for result in sorted(results, key=lambda r: -r.start):
        if result.start == result.end and result.block.language in ("netspec", "json"):
            print(f"{result.block.place}: not right:\n{result.actual}")
            continue
        actual = "".join(f"{line.rstrip()}\n" for line in result.actual.rstrip().splitlines())
        text = text[: result.start] + actual + text[result.end :]
        print(f"{result.block.place}: written")
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
