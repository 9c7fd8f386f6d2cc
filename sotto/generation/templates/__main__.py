"""Notes the present versions of the templates of a folder in its versions.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sotto.generation.templates import FOLDER, VERSIONS, known_versions, present_versions, with_present


def main() -> None:
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else FOLDER
    versions = folder / VERSIONS.name
    known = known_versions(folder) if versions.exists() else {}
    versions.write_text(json.dumps(with_present(known, present_versions(folder)), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
