"""The schema command."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema (draft 2020-12) of specs in JSON, for editors and programs."""
    import json

    from netspec.syntax.json_form.schema import schema

    click.echo(json.dumps(schema(), indent=2))
