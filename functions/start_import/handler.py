"""Invoked by the default bus with what S3 says of objects that were put."""

from __future__ import annotations

from typing import Any

from functions.start_import.function import FUNCTION
from sotto.imports.start import start_of_object
from sotto.sources.imports.object_event import ObjectEvent
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    put = ObjectEvent.parsed(event)
    start_of_object(put.bucket, put.key, sotto.import_start_ports)
