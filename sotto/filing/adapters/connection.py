"""What wiring gives to an adapter. Each adapter's module has ``crm(declared, connection) -> Crm``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3

from sotto.core.api_keys import ApiKey
from sotto.core.clock import Clock
from sotto.filing.adapters.http import Answer, CrmHttp, Timeouts, not_busy


@dataclass(frozen=True, slots=True)
class Connection:
    """``key``: the declared secret, None where the kind has none. ``client``: of AWS, by service. ``instead``: declared
    addresses -> where they are asked, in an embedded stack; who signs a token names the declared one. ``pool``: of
    connections, None: each system's own."""

    clock: Clock
    key: ApiKey | None = None
    client: Callable[[str], Any] | None = None
    timeouts: Timeouts = Timeouts()
    instead: Mapping[str, str] = field(default_factory=dict)
    pool: urllib3.PoolManager | None = None

    def http(self, address: str, is_busy: Callable[[Answer], bool] = not_busy) -> CrmHttp:
        origin = self.instead.get(address, address)
        return CrmHttp(origin, self.clock, timeouts=self.timeouts, is_busy=is_busy, pool=self.pool)
