"""Unit: a tenant that is in trouble holds up no other, and is not passed over in silence."""

from __future__ import annotations

import pytest

from sotto.core.errors import Retryable, SottoError
from sotto.core.tenant_by_tenant import tenant_by_tenant


class Unavailable(Retryable):
    pass


def test_all_are_looked_after_and_the_first_trouble_is_raised_then() -> None:
    done: list[str] = []
    troubles: list[SottoError] = []

    def work(tenant: str) -> None:
        if tenant in ("bank", "garage"):
            raise Unavailable(tenant)
        done.append(tenant)

    with pytest.raises(Unavailable, match="bank"):
        tenant_by_tenant(["bank", "energy", "garage", "water"], work, troubles.append)
    assert done == ["energy", "water"]
    assert [str(each) for each in troubles] == ["bank", "garage"]


def test_a_mistake_of_ours_is_no_tenants_trouble() -> None:
    with pytest.raises(ZeroDivisionError):
        tenant_by_tenant(["bank"], lambda tenant: print(1 // 0), lambda error: None)
