"""A progress bar on the terminal, where work takes more than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer

from netspec.cli.telling import coloured, manner

#: Seconds before it appears.
PATIENCE = 1.0


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar of ``total`` steps on standard error; call what it gives with the name of each step as it begins.

    Nothing is shown in a pipe, with ``-q``, for tools, or before a second is over.

        with progress(len(files)) as step:
            for file in files:
                step(file)
    """
    if manner().quiet or manner().form != "text" or not coloured(sys.stderr):
        yield lambda name: None
        return
    bar = _Bar(total)
    timer = Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.step
    finally:
        timer.cancel()
        bar.hide()


class _Bar:
    """Steps are counted from the start; rich is imported when the bar appears."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.begun = 0
        self.name = ""
        self.lock = Lock()
        self.hide: Callable[[], None] = lambda: None
        self.update: Callable[[], None] = lambda: None

    def step(self, name: str) -> None:
        with self.lock:
            self.begun, self.name = self.begun + 1, name
            self.update()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        name = TextColumn("{task.description}", markup=False)
        columns = (name, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        with self.lock:
            task = bar.add_task(self.name, total=self.total, completed=max(self.begun - 1, 0))
            self.update = lambda: bar.update(task, description=self.name, completed=self.begun - 1)
            self.hide = bar.stop
            bar.start()
