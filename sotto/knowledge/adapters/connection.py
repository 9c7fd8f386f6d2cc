"""What wiring gives to an adapter. Each adapter's module has ``source(declared, connection) -> KnowledgeSource``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sotto.core.api_keys import ApiKey
from sotto.knowledge.retries import Retries


@dataclass(frozen=True, slots=True)
class Connection:
    """``key``: the declared secret, None where the kind has none. ``session``: boto3's, for what lies in AWS."""

    retries: Retries
    key: ApiKey | None
    session: Callable[[], Any]
