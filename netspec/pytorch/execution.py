"""Generated source as live classes: executed once per text, found again by inspect and torch, forgotten when unused.

A pickle of a module names `restore` here and carries the source itself, so that it opens in a fresh process without
the spec, under any later version of netspec. Keep `restore` and what it takes.
"""

from __future__ import annotations

import gc
import hashlib
import linecache
import sys
import weakref
from threading import RLock
from types import ModuleType
from typing import Any

#: Past this number of different sources those without a living class are forgotten.
KEPT = 256

_lock = RLock()
_modules: dict[str, ModuleType] = {}
_limit = KEPT
_sources: weakref.WeakKeyDictionary[type, str] = weakref.WeakKeyDictionary()


def load_class(source: str, name: str) -> type:
    """The class ``name`` of a generated source; the same text gives the same class."""
    return getattr(_module(source, name), name)  # type: ignore[no-any-return]


def restore(source: str, top: str, name: str) -> object:
    """An empty instance of the class ``name``, for unpickling and copying; ``top`` is the network's class."""
    made: type[object] = getattr(_module(source, top), name)
    return made.__new__(made)


def _module(source: str, top: str) -> ModuleType:
    name = f"netspec_{top}_{hashlib.sha256(source.encode()).hexdigest()[:16]}"
    with _lock:
        module = _modules.pop(name, None) or _execute(source, name, top)
        _modules[name] = module  # the most recently used one stands last
        if len(_modules) > _limit:
            _forget()
    return module


def _execute(source: str, name: str, top: str) -> ModuleType:
    """Run a source in a module of its own, which `inspect`, tracebacks and torch find."""
    filename = f"<netspec {top} {name[-16:]}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module = ModuleType(name)
    module.__file__ = filename
    module.__dict__["__netspec__"] = module  # its classes hold this dict, and so the module
    sys.modules[name] = module
    try:
        exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        _drop(name, filename)
        raise
    for value in list(module.__dict__.values()):
        if isinstance(value, type) and value.__module__ == name:
            _sources[value] = source
            value.__reduce_ex__ = _reduce_ex(top)  # type: ignore[method-assign]
    return module


def _reduce_ex(top: str) -> Any:
    def reduce_ex(self: object, protocol: Any) -> Any:
        """Pickle and copy by the source of the class; the state of a module is its ``__dict__``, as torch has it."""
        reduced = object.__reduce_ex__(self, max(int(protocol), 2))
        made = type(self)
        if made not in _sources:  # a subclass of the user's
            return reduced
        return restore, (_sources[made], top, made.__name__), *reduced[2:]

    return reduce_ex


def _forget() -> None:
    """Drop the sources but for the latest ones, and for those of which a class is still in use."""
    global _limit
    old = {name: weakref.ref(_modules[name]) for name in list(_modules)[: -KEPT // 2]}
    files = {name: str(_modules[name].__file__) for name in old}
    for name in old:
        del _modules[name], sys.modules[name]
    gc.collect()
    kept = {name: module for name, ref in old.items() if (module := ref()) is not None}
    sys.modules.update(kept)
    recent = dict(_modules)
    _modules.clear()
    _modules.update(kept | recent)
    for name in old.keys() - kept.keys():
        _drop(name, files[name])
    _limit = max(KEPT, 2 * len(_modules))


def _drop(name: str, filename: str) -> None:
    sys.modules.pop(name, None)
    linecache.cache.pop(filename, None)
