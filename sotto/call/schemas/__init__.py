"""A JSON Schema for each type of event, for consumers outside this package. Written by ``make schemas``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sotto.call.envelope import Envelope
from sotto.call.events import CATALOGUE, Event

FOLDER = Path(__file__).parent


def schema_of(kind: type[Event]) -> dict[str, Any]:
    schema = Envelope.model_json_schema()
    properties = schema["properties"]
    properties["type"] = {"const": kind.TYPE}
    properties["schema_version"] = {"const": str(kind.VERSION)}
    for each in properties.values():
        each.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.TYPE,
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "object",
        "required": schema["required"],
        "properties": properties,
    }


def files() -> dict[Path, str]:
    """What belongs into this folder."""
    return {
        FOLDER / f"{kind.TYPE}.v{kind.VERSION}.json": json.dumps(schema_of(kind), indent=2) + "\n" for kind in CATALOGUE
    }
