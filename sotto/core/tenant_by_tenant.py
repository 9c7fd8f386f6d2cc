"""What a timetable does for all tenants of a cell: one tenant's trouble is not another's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sotto.core.errors import SottoError


class Troubles:
    """Of tenants that were looked after in turn, the first one kept until all had theirs."""

    def __init__(self) -> None:
        self._first: SottoError | None = None

    @contextmanager
    def of_one(self, failed: Callable[[SottoError], None] | None = None) -> Iterator[None]:
        """Around what is done for one tenant; ``failed`` learns what ended it. A mistake of ours goes on its way."""
        try:
            yield
        except SottoError as error:
            if failed is not None:
                failed(error)
            self._first = self._first or error

    def raise_first(self) -> None:
        if self._first is not None:
            raise self._first


def tenant_by_tenant(tenants: Iterable[str], work: Callable[[str], None], failed: Callable[[SottoError], None]) -> None:
    """``failed``: learns each error, before the next tenant is looked after. Raises the first one when all were."""
    troubles = Troubles()
    for tenant in tenants:
        with troubles.of_one(failed):
            work(tenant)
    troubles.raise_first()
