"""Figures over a folder of facts, in this process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.adapters.readers import LyingFacts
from sotto.analytics.analyst.find_metric import Lexicon, NoMeaning, lexicon_of
from sotto.analytics.analyst.understand import Analyst
from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.definition.read import shipped
from sotto.analytics.history.make import Asked
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history
from sotto.analytics.query.answer import QueryPorts
from sotto.api.analytics.answering import answered
from sotto.api.analytics.request import read_request
from sotto.api.analytics.use_cases import FigurePorts
from sotto.core.audit import AuditLog
from sotto.core.clock import Clock


@cache
def _metrics() -> tuple[Catalogue, Lexicon]:
    metrics = shipped()
    return metrics, lexicon_of(metrics)


def analyst_of_words(tenant: str, catalogue: Catalogue) -> Analyst:
    return Analyst(catalogue, _metrics()[1], NoMeaning())


def figure_ports(folder: Path, audit: AuditLog, clock: Clock) -> FigurePorts:
    query = QueryPorts(LyingFacts(folder), DuckDbDatabase())
    return FigurePorts(lambda tenant: _metrics()[0], analyst_of_words, query, audit, clock)


def make_history(folder: Path, tenant: str, last: str, *, conversations: int = 150, days: int = 14) -> None:
    asked = Asked(conversations, days, last)
    list(write_history(tenant, bank(), asked, FolderFiles(folder), DuckDbParquet()))


class FiguresInProcess:
    """A FigureService whose requests and answers are JSON, as on the way to another function."""

    def __init__(self, ports: FigurePorts) -> None:
        self._ports = ports

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = read_request(json.loads(json.dumps(request)))
        found: dict[str, Any] = json.loads(json.dumps(answered(asked, self._ports)))
        return found
