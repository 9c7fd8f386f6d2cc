"""What a timetable does for all tenants of a cell: one tenant's trouble is not another's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sotto.core.errors import SottoError


def tenant_by_tenant(tenants: Iterable[str], work: Callable[[str], None], failed: Callable[[SottoError], None]) -> None:
    """``failed``: learns each error, before the next tenant is looked after. Raises the first one when all were."""
    first: SottoError | None = None
    for tenant in tenants:
        try:
            work(tenant)
        except SottoError as error:
            failed(error)
            first = first or error
    if first is not None:
        raise first
