"""What every store of API keys must do, as a class of tests to inherit. A subclass gives ``store`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.api.keys.key import ApiKey
from sotto.api.keys.store import KeysChanged, KeyStore
from sotto.api.roles import Role
from sotto.aws.keys import BadKey

KEY = ApiKey(
    tenant="bank",
    id="a1",
    app="crm",
    role=Role.ANALYST,
    scopes=frozenset({"search:read", "contacts:read"}),
    digest="d" * 64,
    created_by="ann",
    created_at_ms=1_790_000_000_000,
    teams=frozenset({"service"}),
    expires_at_ms=1_790_000_900_000,
)


class KeyStoreContract:
    def test_a_key_is_what_was_added(self, store: KeyStore) -> None:
        store.add(KEY, [])
        assert store.key("bank", "a1") == KEY
        assert store.keys("bank") == [KEY]

    def test_another_tenant_has_none_of_it(self, store: KeyStore) -> None:
        store.add(KEY, [])
        assert store.key("garage", "a1") is None
        assert store.keys("garage") == []
        assert store.revoke("garage", "a1", 1) is None
        assert store.key("bank", "a1") == KEY

    def test_two_who_add_at_once_do_not_both(self, store: KeyStore) -> None:
        store.add(KEY, [])
        with pytest.raises(KeysChanged):
            store.add(replace(KEY, id="b2"), [])
        store.add(replace(KEY, id="b2", created_at_ms=KEY.created_at_ms + 1), [KEY])
        assert [each.id for each in store.keys("bank")] == ["a1", "b2"]

    def test_with_a_new_key_the_old_one_is_changed(self, store: KeyStore) -> None:
        store.add(KEY, [])
        ending = replace(KEY, expires_at_ms=1_790_000_000_001)
        store.add(replace(KEY, id="b2"), [KEY], changed=[ending])
        assert store.key("bank", "a1") == ending

    def test_what_was_revoked_meanwhile_is_not_brought_back_to_life(self, store: KeyStore) -> None:
        store.add(KEY, [])
        store.revoke("bank", "a1", 5)
        with pytest.raises(KeysChanged):
            store.add(replace(KEY, id="b2"), [KEY], changed=[KEY])
        assert store.key("bank", "b2") is None

    def test_the_first_revocation_counts(self, store: KeyStore) -> None:
        store.add(KEY, [])
        assert store.revoke("bank", "a1", 5) == replace(KEY, revoked_at_ms=5)
        assert store.revoke("bank", "a1", 9) == replace(KEY, revoked_at_ms=5)
        assert store.revoke("bank", "zz", 9) is None

    def test_a_use_is_noted(self, store: KeyStore) -> None:
        store.add(KEY, [])
        store.note_use("bank", "a1", 1_790_000_100_000)
        assert store.key("bank", "a1") == replace(KEY, last_used_at_ms=1_790_000_100_000)
        store.note_use("bank", "gone", 1)
        assert store.key("bank", "gone") is None

    @pytest.mark.parametrize("tenant", ["", "bank#other", "Bank"])
    def test_a_name_that_could_reach_another_key_is_refused(self, store: KeyStore, tenant: str) -> None:
        with pytest.raises(BadKey):
            store.key(tenant, "a1")
        with pytest.raises(BadKey):
            store.key("bank", "a#1")
