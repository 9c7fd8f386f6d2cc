"""Writes what is generated of each client: python -m sdks [--check]"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from sdks import api_document

HERE = Path(__file__).parent


def written() -> dict[Path, str]:
    """By file, of all folders with a generate.py, whose ``written(api)`` gives them by their place in it."""
    api = api_document.read()
    return {
        folder / name: content
        for folder in sorted(each.parent for each in HERE.glob("*/generate.py"))
        for name, content in importlib.import_module(f"sdks.{folder.name}.generate").written(api).items()
    }


def main() -> None:
    for file, content in written().items():
        if "--check" not in sys.argv:
            file.write_text(content)
        elif not file.exists() or file.read_text() != content:
            raise SystemExit(f"{file}: is not what docs/openapi.json says; run python -m sdks")


if __name__ == "__main__":
    main()
