"""Running another program on a text: within a time, within an amount of output, in an environment of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from netspec.render.picture import RenderError

#: Seconds that one program may take.
TIME_LIMIT = 60.0
#: Bytes that it may write.
MOST_BYTES = 256 * 2**20
#: Of what it says of an error, so many characters are told.
TOLD = 200

#: What a program gets of our variables: where programs, fonts and caches are. No variable of Graphviz changes pictures.
_HANDED_ON = (
    "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
)  # fmt: skip


class Failed(RenderError):
    """What became of one program, as the end of a sentence that begins with its name: ``crashed (signal 11)``."""


def run(command: Sequence[str], text: bytes, *, time_limit: float = TIME_LIMIT, most_bytes: int = MOST_BYTES) -> bytes:
    """What a program writes on its standard output when it is given a text on its standard input; no shell.

    Raises `Failed` where it does not start, takes too long, writes nothing or too much, or ends with an error. It is
    ended with all that it started.
    """
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=_environment(os.environ), start_new_session=True)  # fmt: skip
    except OSError as error:
        raise Failed(f"does not start ({error.strerror or error})") from None
    late = threading.Event()
    timer = threading.Timer(time_limit, _end, (process, late))
    timer.start()
    try:
        written, said = _talked(process, text, most_bytes)
    finally:
        timer.cancel()
        _end(process)
        process.wait()
    if late.is_set():
        raise Failed(f"took more than {time_limit:g} seconds")
    if len(written) > most_bytes:
        raise Failed(f"wrote more than {most_bytes:,} bytes")
    if process.returncode:
        raise Failed(_failure(process.returncode, said))
    if not written:
        raise Failed("wrote nothing")
    return written


def _talked(process: subprocess.Popen[bytes], text: bytes, most_bytes: int) -> tuple[bytes, bytes]:
    """What a program wrote and said; too much ends it."""
    assert process.stdin
    assert process.stdout
    assert process.stderr
    said: list[bytes] = []
    threads = [
        threading.Thread(target=_fed, args=(process.stdin, text), daemon=True),
        threading.Thread(target=_listened, args=(process.stderr, said), daemon=True),
    ]
    for thread in threads:
        thread.start()
    with process.stdout as stream:
        written = stream.read(most_bytes + 1)
    if len(written) > most_bytes:
        _end(process)
    else:
        process.wait()
    for thread in threads:
        thread.join(1)
    return written, b"".join(said)


def _fed(stream: IO[bytes], text: bytes) -> None:
    try:
        with stream:
            stream.write(text)
    except OSError:  # it ended without reading
        pass


def _listened(stream: IO[bytes], said: list[bytes]) -> None:
    """The beginning of what is said; the rest is read and forgotten."""
    with stream:
        said.append(stream.read(64 * 1024))
        while stream.read(64 * 1024):
            pass


def _end(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """End a program with all that it started."""
    if late is not None:
        late.set()
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:  # it is gone
        pass


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: variables[name] for name in _HANDED_ON if name in variables} | {"LC_ALL": "C.UTF-8"}


def _failure(status: int, said: bytes) -> str:
    """How it ended, with the first line that speaks of an error, else the first line of what it said."""
    lines = said.decode(errors="replace").strip().splitlines()
    line = next((x for x in lines if "error" in x.lower()), next(iter(lines), ""))
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:TOLD]
    how = f"crashed (signal {-status})" if status < 0 else f"failed (exit status {status})"
    return f"{how}: {shown}" if shown else how
