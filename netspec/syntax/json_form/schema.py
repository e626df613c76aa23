"""The JSON Schema of the JSON form."""

from __future__ import annotations

import json
import re
from typing import Any

from netspec.syntax.edition import EDITION
from netspec.syntax.json_form.models import DocumentModel

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_model = re.compile(r'(?<=#/\$defs/)(\w+)Model(?=")')


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of a spec in JSON, as data."""
    made = json.loads(_model.sub(r"\1", json.dumps(DocumentModel.model_json_schema())))
    names = [name.removesuffix("Model") for name in made["$defs"]]
    assert len({*names}) == len(names), names
    made["$defs"] = dict(zip(names, made["$defs"].values(), strict=True))
    for name, definition in made["$defs"].items():
        if definition.get("type") == "object":
            definition["title"] = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    for definition in (made, *made["$defs"].values()):
        for field in definition.get("properties", {}).values():
            _complete(field, made["$defs"])
    made["properties"]["netspec"] |= {"maximum": EDITION}
    own = {key: made[key] for key in ("description", "type", "properties", "required", "additionalProperties", "$defs")}
    return {"$schema": DRAFT, "title": "netspec"} | own


def _complete(field: dict[str, Any], definitions: dict[str, Any]) -> None:
    """What pydantic leaves out or adds: no field has a default, each has a title, names are checked."""
    field.pop("default", None)
    if "$ref" in field:
        field.setdefault("title", definitions[field["$ref"].rpartition("/")[2]]["title"])
    if "patternProperties" in field:
        field["additionalProperties"] = False
