"""``python -m sotto.call.schemas``: write them anew."""

from __future__ import annotations

from sotto.call.schemas import files

for path, text in files().items():
    path.write_text(text, encoding="utf-8")
