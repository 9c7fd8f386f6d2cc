"""What every audit log must do, as a class of tests to inherit. A subclass gives ``log`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.core.audit import AuditAction, AuditEntry, AuditLog

MIDNIGHT_MS = 1_789_948_800_000
ENTRY = AuditEntry("bank", "sue", AuditAction.LOOKED_INTO, "contact/c1", MIDNIGHT_MS)
DAY_MS = 86_400_000


class AuditLogContract:
    def test_entries_come_oldest_first_across_days_whenever_they_were_appended(self, log: AuditLog) -> None:
        entries = [replace(ENTRY, at_ms=MIDNIGHT_MS + at) for at in (-DAY_MS, -1, 0, 1, 2 * DAY_MS)]
        for entry in reversed(entries):
            log.append(entry)
        assert list(log.entries("bank", MIDNIGHT_MS - DAY_MS, MIDNIGHT_MS + 3 * DAY_MS)) == entries

    def test_the_end_of_a_period_is_not_part_of_it_and_its_beginning_is(self, log: AuditLog) -> None:
        entries = [replace(ENTRY, at_ms=MIDNIGHT_MS + at) for at in (-1, 0, 1)]
        for entry in entries:
            log.append(entry)
        assert list(log.entries("bank", MIDNIGHT_MS, MIDNIGHT_MS + 1)) == [ENTRY]
        assert list(log.entries("bank", MIDNIGHT_MS + 2, MIDNIGHT_MS + DAY_MS)) == []

    def test_what_happens_in_one_millisecond_is_all_there(self, log: AuditLog) -> None:
        arn = "arn:aws:sts::1:assumed-role/engineer"
        entries = {
            ENTRY,
            replace(ENTRY, who="joe"),
            replace(ENTRY, record="contact/c2"),
            replace(ENTRY, who=arn, action=AuditAction.BOOK_PUBLISHED, record="book/v1"),
        }
        for entry in entries:
            log.append(entry)
        found = list(log.entries("bank", MIDNIGHT_MS, MIDNIGHT_MS + 1))
        assert len(found) == 4 and set(found) == entries

    def test_twice_is_as_good_as_once(self, log: AuditLog) -> None:
        for _ in range(2):
            log.append(ENTRY)
        assert list(log.entries("bank", MIDNIGHT_MS, MIDNIGHT_MS + 1)) == [ENTRY]

    def test_what_was_done_with_one_contact_is_found_by_it(self, log: AuditLog) -> None:
        his = [replace(ENTRY, at_ms=MIDNIGHT_MS + at) for at in (-400 * DAY_MS, 0, DAY_MS)]
        others = [
            replace(ENTRY, record="contact/c10"),
            replace(ENTRY, record="conversations/25"),
            replace(ENTRY, tenant="garage"),
        ]
        for entry in (*reversed(his), *others, his[0]):
            log.append(entry)
        assert list(log.about_contact("bank", "c1")) == his
        assert list(log.about_contact("bank", "c")) == []
        with pytest.raises(BadKey):
            log.about_contact("bank", "c1#x")

    def test_tenants_have_logs_of_their_own(self, log: AuditLog) -> None:
        log.append(ENTRY)
        assert list(log.entries("garage", MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS)) == []

    @pytest.mark.parametrize("tenant", ["bank#2026-09-21", "", "Bank"])
    def test_a_tenant_that_could_reach_another_key_is_refused(self, log: AuditLog, tenant: str) -> None:
        with pytest.raises(BadKey):
            log.append(replace(ENTRY, tenant=tenant))
        with pytest.raises(BadKey):
            list(log.entries(tenant, MIDNIGHT_MS, MIDNIGHT_MS + 1))
