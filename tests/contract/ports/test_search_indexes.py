"""Contract: tenants' search indexes, in S3 Vectors as the embedded AWS serves it and on this machine's disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.aws.s3_vectors.api import S3VectorsApi
from local.aws.stack import ACCESS_KEY, EmbeddedSession
from local.aws.web_server import WebServer
from sotto.aws.access import index_of
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.adapters.s3_vectors import S3VectorsIndex
from sotto.search.index import IndexUnavailable, SearchIndex, erase
from tests.contract.ports.search_index_contract import SearchIndexContract, any_passage, direction, found, put


@pytest.fixture
def api() -> S3VectorsApi:
    return S3VectorsApi()


@pytest.fixture
def client(api: S3VectorsApi) -> Iterator[Any]:
    with WebServer(api.app, name="s3-vectors") as server:
        made = EmbeddedSession(server.url, ACCESS_KEY).client("s3vectors")
        made.create_vector_bucket(vectorBucketName="sotto-search")
        yield made


class TestS3Vectors(SearchIndexContract):
    @pytest.fixture
    def index(self, client: Any) -> SearchIndex:
        return S3VectorsIndex(lambda tenant: client, "sotto-search")

    def test_an_index_that_is_lost_in_mid_write_is_made_again(self, client: Any, index: SearchIndex) -> None:
        put(index, any_passage())
        client.delete_index(vectorBucketName="sotto-search", indexName=index_of("harbour_bank"))
        assert found(index, "card") == []
        put(index, any_passage(number=2))
        assert [each.number for each in found(index, "card")] == [2]

    def test_too_many_requests_may_be_tried_again(self, api: S3VectorsApi, index: SearchIndex) -> None:
        put(index, any_passage())
        api.throttled = 20
        with pytest.raises(IndexUnavailable):
            found(index, "card")

    def test_the_longest_utterance_with_the_longest_names_fits(self, index: SearchIndex) -> None:
        longest = any_passage(
            text="ä" * 8_000,
            agent="a" * 100, team="t" * 100, queue="q" * 127, moments=tuple(f"{n:064d}" for n in range(12)),
        )  # fmt: skip
        put(index, longest)
        assert found(index, "card", vector=direction(1, 1)) == [longest]


class TestEmbeddedIndex(SearchIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[SearchIndex]:
        made = EmbeddedIndex(tmp_path)
        yield made
        made.close()

    def test_it_is_there_after_the_process_has_ended(self, tmp_path: Path, index: EmbeddedIndex) -> None:
        put(index, any_passage())
        index.close()
        again = EmbeddedIndex(tmp_path)
        assert found(again, "card", vector=direction(1, 1)) == [any_passage()]
        again.close()

    def test_nothing_of_an_erased_contact_is_left_in_any_file(self, tmp_path: Path, index: EmbeddedIndex) -> None:
        put(index, *(any_passage(contact_id="c2", number=n, text=f"word{n} of the card") for n in range(1, 40)))
        canary = any_passage(text="zephyrine wants her quincunx", agent="", queue="oubliette")
        vector = direction(*[((n * 37) % 101) / 101 + 0.1 for n in range(384)])
        put(index, canary, vector=vector)
        erase("harbour_bank", "c1", index)
        index.close()
        files = {each.name: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
        for word in (b"zephyrin", b"quincunx", b"oubliette"):
            assert not [name for name, content in files.items() if word in content]
        numbers = bytes(int(round(each / max(vector) * 127)) & 0xFF for each in vector)
        assert not [name for name, content in files.items() if numbers[:64] in content]

    def test_phrases_and_exclusions_are_looked_for_in_all_that_there_is(self, index: SearchIndex) -> None:
        """Not only among the hundred best, which do not have it."""
        put(index, *(any_passage(number=n) for n in range(1, 121)))
        put(index, any_passage(number=200, text="my card was blocked by the debit office of my branch in the town"))
        assert 200 in {each.number for each in found(index, '"debit office"')}
        assert {each.number for each in found(index, "card -debit -office")} == set()
