"""Forward of the built ResNet3d-50 on a tiny clip against a hand-written module: the ratio should be 0.97 to 1.03.

python -m tests.benchmarks.forward [rounds]
"""

from __future__ import annotations

import sys

import torch

import netspec
from tests.benchmarks.handwritten import ResNet3d50, tiny
from tests.benchmarks.ratios import interleaved


def main(rounds: int = 200) -> None:
    torch.set_num_threads(1)
    built, written, clip = netspec.build("specs/resnet3d50.netspec").eval(), ResNet3d50().eval(), tiny()
    written.load_state_dict(built.state_dict())
    with torch.inference_mode():
        assert torch.equal(built(clip), written(clip))
        interleaved(lambda: built(clip), lambda: written(clip), 10)
        ours, theirs, ratio = interleaved(lambda: built(clip), lambda: written(clip), rounds)
    print(f"forward: built {1e3 * ours:.2f} ms, hand-written {1e3 * theirs:.2f} ms, ratio {ratio:.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
