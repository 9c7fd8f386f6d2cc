"""What must hold of whoever counts requests (Requests) and remembers writes (Writes): classes of tests to inherit. A
subclass gives ``requests`` or ``writes`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.api.rest.http import Response
from sotto.api.rest.ports import Requests, Standing, Write, Writes
from sotto.aws.keys import BadKey

WRITE = Write("bank", "key:a1", "token-1", "digest")
ANSWER = Response(201, b'{"id":"\xc3\xa9"}', {"Content-Type": "application/json"})
NOW, DAY = 1_790_000_000_000, 86_400_000


class RequestsContract:
    def test_each_request_counts_once_for_its_client_and_window(self, requests: Requests) -> None:
        assert [requests.count("bank", "key:a1", 7, 1_790_000_120) for _ in range(3)] == [1, 2, 3]
        assert requests.count("bank", "key:b2", 7, 1_790_000_120) == 1
        assert requests.count("garage", "key:a1", 7, 1_790_000_120) == 1
        assert requests.count("bank", "key:a1", 8, 1_790_000_180) == 1

    def test_a_name_that_could_reach_another_key_is_refused(self, requests: Requests) -> None:
        for tenant, who in (("bank#x", "key:a1"), ("bank", "a#b")):
            with pytest.raises(BadKey):
                requests.count(tenant, who, 7, 1)


class WritesContract:
    @staticmethod
    def begin(writes: Writes, write: Write = WRITE, now_ms: int = NOW) -> Standing | Response:
        return writes.begin(write, now_ms, until_ms=now_ms + DAY, lost_after_ms=60_000)

    def test_the_first_does_it_and_the_second_gets_its_answer(self, writes: Writes) -> None:
        assert self.begin(writes) is Standing.FIRST
        assert self.begin(writes) is Standing.UNDER_WAY
        writes.finish(WRITE, ANSWER)
        assert self.begin(writes) == ANSWER

    def test_a_token_that_comes_with_something_else_is_refused(self, writes: Writes) -> None:
        self.begin(writes)
        assert self.begin(writes, replace(WRITE, digest="other")) is Standing.OTHER
        writes.finish(WRITE, ANSWER)
        assert self.begin(writes, replace(WRITE, digest="other")) is Standing.OTHER

    def test_tokens_of_other_clients_and_tenants_are_others(self, writes: Writes) -> None:
        self.begin(writes)
        for other in (replace(WRITE, tenant="garage"), replace(WRITE, who="key:b2"), replace(WRITE, token="token-2")):
            assert self.begin(writes, other) is Standing.FIRST

    def test_what_was_given_up_may_be_sent_again(self, writes: Writes) -> None:
        self.begin(writes)
        writes.give_up(WRITE)
        assert self.begin(writes) is Standing.FIRST

    def test_what_was_lost_may_be_sent_again_by_whoever_sent_it(self, writes: Writes) -> None:
        self.begin(writes)
        assert self.begin(writes, now_ms=NOW + 59_999) is Standing.UNDER_WAY
        assert self.begin(writes, replace(WRITE, digest="other"), now_ms=NOW + 60_000) is Standing.OTHER
        assert self.begin(writes, now_ms=NOW + 60_000) is Standing.FIRST

    def test_an_answer_is_kept_for_its_time_and_no_longer(self, writes: Writes) -> None:
        self.begin(writes)
        writes.finish(WRITE, ANSWER)
        assert self.begin(writes, now_ms=NOW + DAY - 1) == ANSWER
        assert self.begin(writes, replace(WRITE, digest="other"), now_ms=NOW + DAY) is Standing.FIRST

    def test_a_token_that_could_reach_another_key_is_refused(self, writes: Writes) -> None:
        for other in (replace(WRITE, token="a#b"), replace(WRITE, who=""), replace(WRITE, tenant="b#k")):
            with pytest.raises(BadKey):
                self.begin(writes, other)
