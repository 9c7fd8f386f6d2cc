"""Notes the present versions of the templates in versions.json."""

from __future__ import annotations

import json

from sotto.generation.templates import VERSIONS, known_versions, present_versions, with_present

known = known_versions() if VERSIONS.exists() else {}
VERSIONS.write_text(json.dumps(with_present(known, present_versions()), indent=2) + "\n", encoding="utf-8")
