"""Of the eraser, the exporter and the expirer of redacted recordings."""

from __future__ import annotations

from sotto.core.needs import PlaysRecordings

NEEDS = (PlaysRecordings(),)
