"""What proofs cost in a check: ``python -m tests.benchmarks.proofs``.

For ResNet3d-152 and a U-Net of depth 6 (with its contract, and without, where a diagnostic is made) the CPU time in
the functions that decide, as a part of the rest of the check: at most 0.30. Nothing is remembered between runs. Then
specs that are made to take long: each must end within `PATIENCE` seconds, right or with a diagnostic.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from statistics import median
from time import process_time
from typing import Any

from netspec.check import check
from netspec.files import FileSource, read_import
from netspec.source import Source
from tests.benchmarks.check import RESNET

#: Where a check goes into the proofs, and comes out of them again.
DOORS = ("check_needs", "run_contracts", "settle", "decide", "together")
PATIENCE = 2.0
UNET = """netspec 1
block Double(planes: int) {
    input x
    output x -> conv1: Conv2d(planes, 3, padding=1) -> ReLU() -> conv2: Conv2d(planes, 3, padding=1) -> ReLU()
}
network UNet(depth: int = 6) {
    input x: [B, 3, H, W]WHERE
    for i in range(depth) {
        skip[i] = x -> "down.{i}": Double(8 + i)
        x = skip[i] -> MaxPool2d(2)
    }
    for i in reversed(range(depth)) {
        up = x -> "up.{i}": ConvTranspose2d(8 + i, 2, stride=2)
        x = concat(up, skip[i]) -> "merge.{i}": Double(8 + i)
    }
    output x
}
"""
#: Specs that are made to take long, each with the number that makes them longer.
ADVERSARIAL = {
    "crops of many lengths": """network N() { input x: [B, 4, H, W]
    for i in range(400) {
        p = x[:, :, i:] -> MaxPool2d(1, stride=(55, 1))
        q = x -> MaxPool2d(1, stride=(56, 1))
        t = crop(crop(p, like=q), size=(1000 + i, 5)) + crop(crop(q, like=p), size=(1000 + i, 5))
    }
    output t }""",
    "pools of large primes, cropped": """network N() { input x: [B, 4, H, W]
    for i in range(1000) {
        a = x[:, :, i:] -> MaxPool2d(1, stride=(97, 1)) -> MaxPool2d(1, stride=(89, 1))
        b = x -> MaxPool2d(1, stride=(101, 1)) -> MaxPool2d(1, stride=(83, 1))
        y = concat(crop(a, like=b), crop(b, like=a))
    }
    output y }""",
    "tokens of two grids": """network N() { input x: [B, 4, H, W]
    for i in range(500) {
        a = x[:, :, i:] -> MaxPool2d(1, stride=(9, 16)) -> flatten(2)
        y = concat(a, x -> MaxPool2d(1, stride=(16, 9)) -> flatten(2))
    }
    output y }""",
    "joins of all multiples": """network N() { input x: [B, 4, H, W]
    for i in range(300) {
        y = concat(x -> MaxPool2d(1, stride=(2 + i, 1)) -> Upsample(scale_factor=(2 + i, 1)), x)
    }
    output y }""",
}
_fresh = itertools.count()


def forget() -> None:
    """Empty what the decisions remember."""
    for name, module in list(sys.modules.items()):
        if name.startswith("netspec.dims"):
            for value in vars(module).values():
                if isinstance(value, _lru_cache_wrapper):
                    value.cache_clear()


@contextmanager
def clocked() -> Iterator[list[float]]:
    """Seconds spent in the proofs, a number for each call from outside."""
    spent: list[float] = []

    inside = False

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal inside
            if inside:
                return function(*args, **kwargs)
            inside, start = True, process_time()
            try:
                return function(*args, **kwargs)
            finally:
                inside = False
                spent.append(process_time() - start)

        return call

    modules = [module for module in sys.modules.values() if getattr(module, "__name__", "").startswith("netspec.")]
    found = {(m, name): getattr(m, name) for name in DOORS for m in modules if callable(getattr(m, name, None))}
    for (module, name), function in found.items():
        setattr(module, name, timed(function))
    try:
        yield spent
    finally:
        for (module, name), function in found.items():
            setattr(module, name, function)


def resnet() -> object:
    text = RESNET.read_text(encoding="utf-8")
    source = FileSource(str(RESNET), f"{text}\n# {next(_fresh)}\n", RESNET.parent)
    return check(source, read_import, "ResNet3d", {"depth": 152})


def unet(where: str) -> Callable[[], object]:
    text = UNET.replace("WHERE", where)
    return lambda: check(Source("unet.netspec", f"{text}# {next(_fresh)}\n"), read_import, "UNet")


def share(action: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Seconds of proofs and of the rest of a check: medians."""
    rows = []
    action()
    for _ in range(rounds):
        forget()
        with clocked() as spent:
            start = process_time()
            action()
            whole = process_time() - start
        rows.append((sum(spent), whole - sum(spent)))
    return median(proofs for proofs, _ in rows), median(rest for _, rest in rows)


def main(rounds: int = 31) -> None:
    cases = {
        "ResNet3d-152": resnet,
        "U-Net of depth 6, with its contract": unet(" where H % 64 == 0, W % 64 == 0"),
        "U-Net of depth 6, without": unet(""),
    }
    for name, action in cases.items():
        proofs, rest = share(action, rounds)
        print(f"{name}: {1e3 * proofs:.1f} ms of proofs, {1e3 * rest:.1f} ms else: {proofs / rest:.2f} (at most 0.30)")
    for name, text in ADVERSARIAL.items():
        forget()
        start = process_time()
        _, found = check(Source("spec.netspec", f"netspec 1\n{text}\n"), read_import)
        codes = ", ".join(dict.fromkeys(d.code for d in found)) or "right"
        print(f"{name}: {process_time() - start:.2f} s, {codes} (at most {PATIENCE} s)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
