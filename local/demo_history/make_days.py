"""Makes the files of the days that are over: ``python -m local.demo_history.make_days FOLDER TODAY``.

In a process of its own, of the lowest priority: the demo's calls have the processors. What is made is kept for the rest
of the day; ``days.json`` in the folder says that all of it is there.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import date
from pathlib import Path

from local.demo_history.plan import TENANT, asked, is_file_day
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.history.make import Asked
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history

LISTED = "days.json"


def make(folder: Path, today: date, history: Asked) -> None:
    if (folder / LISTED).exists():
        return
    for older in folder.parent.glob("*") if folder.parent.exists() else ():
        shutil.rmtree(older, ignore_errors=True)
    made = []
    for day in write_history(TENANT, bank(), history, FolderFiles(folder), DuckDbParquet()):
        if is_file_day(day.day, today):
            made.append({"day": day.day, "conversations": day.conversations, "rows": dict(day.rows)})
    unfinished = folder / f"{LISTED}.unfinished"
    unfinished.write_text(json.dumps(made))
    unfinished.replace(folder / LISTED)


if __name__ == "__main__":
    os.nice(19)
    day = date.fromisoformat(sys.argv[2])
    make(Path(sys.argv[1]), day, asked(day))
