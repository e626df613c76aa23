"""Reading and writing files, by the rules that keep a stranger's spec harmless."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from netspec import limits
from netspec.elaborate.program import Unreadable
from netspec.source import Source

STANDARD = "std/"
#: Where the standard library lies: beside this file, in the installed package.
_STANDARD_FOLDER = Path(__file__).parent / "std"


class FileSource(Source):
    """A source that was read from a file; its imports lie in ``folder`` (links resolved), which they cannot leave."""

    def __init__(self, name: str, text: str, folder: Path) -> None:
        super().__init__(name, text)
        self.folder = folder


def read_spec(path: str | os.PathLike[str]) -> FileSource:
    """Read a spec. Raises OSError (with a message in words) where it cannot be read."""
    file = Path(path)
    return FileSource(file.as_posix(), _read_text(file), file.resolve().parent)


def read_import(path: str, importer: Source) -> Source | Unreadable:
    """The file that ``use`` names, or in words why it cannot be: `netspec.elaborate.program.Reader`."""
    refused = refused_path(path)
    if refused:
        return refused
    if path.startswith(STANDARD):
        return _read_standard(path)
    folder = getattr(importer, "folder", None)
    if folder is None:
        return Unreadable("a spec that is not a file can import only `std/…`", allowed=False)
    return _read_beside(path, importer.name, folder)


def refused_path(path: str) -> Unreadable | None:
    """Why a path may not be imported; None where it may."""
    beside = 'write `"./x.netspec"` for a file beside this one, or `"std/…"`'
    if not path:
        return Unreadable("an empty path", allowed=False, help=beside)
    if any(c in path for c in "\\:") or any(ord(c) < 32 or ord(c) == 127 for c in path):
        return Unreadable("a path has no `\\`, no `:` and no control characters", allowed=False, help=beside)
    parts = path.split("/")
    if path.startswith("/") or parts[0].startswith("~"):
        return Unreadable("a path is relative to this file", allowed=False, help=beside)
    if ".." in parts:
        return Unreadable(
            "a path cannot leave the spec's folder", allowed=False, help="move the file below this one's folder"
        )
    if path.startswith(STANDARD) or (parts[0] == "." and len(parts) > 1 and parts[-1].endswith((".netspec", ".json"))):
        return None
    return Unreadable("not a path to a spec", allowed=False, help=beside)


def _read_standard(path: str) -> Source | Unreadable:
    name = path.removeprefix(STANDARD)
    known = sorted(f.name.removesuffix(".netspec") for f in _STANDARD_FOLDER.glob("*.netspec"))
    if name not in known:
        paths = tuple(STANDARD + k for k in known)
        listed = ", ".join(f"`{p}`" for p in paths)
        return Unreadable("the standard library has no such file", help=f"it has {listed}", known=paths)
    return Source(path, (_STANDARD_FOLDER / f"{name}.netspec").read_text(encoding="utf-8"))


def _read_beside(path: str, importer: str, folder: Path) -> Source | Unreadable:
    """A file below the importing file's folder; links are resolved before that is checked.

    Its name is made of its resolved path, so that one file has one name however it is imported.
    """
    name = path.removeprefix("./")[:200]
    try:
        target = (folder / path).resolve()
        if not target.is_relative_to(folder):
            return Unreadable("the file lies outside the spec's folder", allowed=False)
        text = _read_text(target)
    except FileNotFoundError:
        return Unreadable(f"there is no file {name} beside {Path(importer).name}")
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        return Unreadable(getattr(error, "strerror", None) or str(error))
    return FileSource((Path(importer).parent / target.relative_to(folder)).as_posix(), text, target.parent)


def _read_text(file: Path) -> str:
    """The text of a regular file, opened once, at most `limits.MAX_SOURCE_BYTES` long.

    Opened without waiting: a pipe without a writer would block.
    """
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(f"{file} is not a regular file")
        data = stream.read(limits.MAX_SOURCE_BYTES + 1)
    if len(data) > limits.MAX_SOURCE_BYTES:
        raise OSError(f"{file} has more than {limits.MAX_SOURCE_BYTES:,} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise OSError(f"{file} is not UTF-8 text: byte {error.start}") from None


def write_file(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file as a whole or not at all. Raises OSError."""
    with replacing(path) as stream:
        stream.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A stream into a temporary file in the same folder, renamed to ``path`` at the end and removed where that is not
    reached: the file is there as a whole, or as it was. Raises OSError.
    """
    import tempfile

    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no folder", str(target.parent))
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else those that a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
