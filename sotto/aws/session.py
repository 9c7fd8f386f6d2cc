"""A session of boto3 that threads may share."""

from __future__ import annotations

from threading import Lock
from typing import Any

import boto3


class SharedSession(boto3.Session):
    """Clients are safe to share between threads; making one is not, so it is done by one thread at a time. They share
    what the session has read of services' definitions: the first client of a service takes about 50 ms, others 2 ms."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._making = Lock()

    def client(self, *service: Any, **how: Any) -> Any:
        with self._making:
            return super().client(*service, **how)
