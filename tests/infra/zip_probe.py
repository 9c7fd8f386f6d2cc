"""Run alone, with a function's name and the folders that its zip is made of: builds what the handler asks for at first
use, and imports the rest.

Not a test: tests/infra/test_zips.py runs it in a process that sees nothing but the zip, without network.
"""

from __future__ import annotations

import ast
import importlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ALSO = {
    "transcribe_call": (
        "sotto.recognition.failover:FailoverRecogniser",
        "sotto.recognition.watchdog:WatchedRecogniser",
        "sotto.audio_source('any')",
        "sotto.recogniser('transcribe')",
        "sotto.recogniser('deepgram')",
        "sotto.redaction.languages:redactor_for",
        "sotto.realtime.health:publish_stall",
    ),
    "import_conversations": (
        "sotto.recogniser('transcribe')",
        "sotto.recogniser('deepgram')",
        "sotto.redaction.languages:redactor_for",
    ),
    "ingest_contact_lens": ("sotto.redaction.languages:redactor_for",),
}
"""What is needed only once a contact is known: of the composition root, or as ``module:name``."""

OF_THE_RUNTIME = {"snapshot_restore"}
"""Lambda's runtime has it, and no zip."""


def main(function: str, *folders: str) -> None:
    """``folders``: first the one with the function's own code."""
    sys.path[:0] = folders
    socket.socket.connect = _no_network  # type: ignore[method-assign, assignment]
    importlib.import_module(f"functions.{function}.handler")
    sotto = importlib.import_module("sotto.wiring.sotto").Sotto.of(os.environ)
    wanted = sorted(set(_asked_of_sotto(Path(folders[0]) / "functions" / function)))
    assert wanted, "a handler asks for what it needs at first use"
    for name in wanted:
        getattr(sotto, name)
    for also in ALSO.get(function, ()):
        module, _, name = also.partition(":")
        getattr(importlib.import_module(module), name) if name else eval(also, {"sotto": sotto})
    for late in sorted(set(_late_imports()) - OF_THE_RUNTIME):
        importlib.import_module(late)
    foreign = [name for name, module in sys.modules.copy().items() if _is_foreign(module, folders)]
    assert not foreign, f"not from the zip: {foreign}"


def _asked_of_sotto(function: Path) -> Iterator[str]:
    """The properties that the function's own code reads: ``sotto.deliver_ports``."""
    for file in function.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sotto":
                yield node.attr


def _late_imports() -> Iterator[str]:
    """What the modules that are loaded by now import inside functions. Wiring's are left out: they were built above, or
    are another function's."""
    for name, module in sys.modules.copy().items():
        file = getattr(module, "__file__", None)
        if not name.startswith(("sotto.", "functions.")) or name.startswith("sotto.wiring") or file is None:
            continue
        tree = ast.parse(Path(file).read_text())
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for inner in (node for function in functions for node in ast.walk(function)):
            if isinstance(inner, ast.Import):
                yield from (alias.name for alias in inner.names)
            elif isinstance(inner, ast.ImportFrom) and inner.module and not inner.level:
                yield inner.module


def _is_foreign(module: Any, folders: tuple[str, ...]) -> bool:
    """Neither the zip's nor Python's own."""
    file = getattr(module, "__file__", None) or ""
    return "site-packages" in file and not file.startswith(folders)


def _no_network(self: socket.socket, address: Any) -> None:
    raise AssertionError(f"asked the network for {address}")


if __name__ == "__main__":
    main(*sys.argv[1:])
