"""The new command: a spec to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from shlex import quote

import click

from netspec.cli.options import common
from netspec.cli.telling import manner, print_json, refuse, say, unreadable
from netspec.files import write_file


@click.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@common()
def command(file: Path) -> None:
    """Write a commented spec to start from: netspec new my_net.netspec."""
    if file.suffix == "":
        file = file.with_suffix(".netspec")
    if file.suffix != ".netspec":
        raise click.UsageError(f"a spec is called NAME.netspec, not {file.name}")
    if file.exists():
        refuse(f"{file} exists: it is left as it is")
    name = network_name(file.stem)
    try:
        write_file(file, starter().replace("MyNetwork", name))
    except OSError as error:
        unreadable(error)
    if manner().form != "text":
        print_json({"wrote": [str(file)], "network": name})
    shown = quote(str(file))
    say(f"wrote {file}: network {name}")
    say(f"try: netspec check {shown}\n     netspec summary {shown} --input image=1,3,64,64")


def network_name(stem: str) -> str:
    """A name for the network of a file: ``my_net`` gives ``MyNet``."""
    words = re.findall(r"[A-Za-z0-9]+", stem)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() and name.isascii() else f"Net{name}"


def starter() -> str:
    """The text of the spec to start from."""
    return (files("netspec") / "cli" / "starter.netspec").read_text(encoding="utf-8")
