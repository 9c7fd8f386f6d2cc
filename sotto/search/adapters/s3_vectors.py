"""A tenant's passages in an index of Amazon S3 Vectors: words by BM25 and vectors by cosine, fused by the service.

An index in ENHANCED mode filters before it searches and reads what was written; it is made when something is first put
into it. Of what a query may ask for, 100 vectors are the most; filterable metadata has 2 KB, all of it 40 KB.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-limitations.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws.access import index_of
from sotto.search.index import MOST_CANDIDATES, Asked, Candidate, Candidates, IndexedPassage, IndexUnavailable
from sotto.search.passage import (
    DIMENSIONS,
    LONGEST_TEXT,
    MOST_MOMENTS,
    Kind,
    Passage,
    PassageFilter,
    Vector,
)

PUT_AT_ONCE, DELETED_AT_ONCE, READ_AT_ONCE = 100, 500, 100
"""500 may be put at once, in a request of at most 20 MB; a hundred longest texts are well below."""
TEXT = "text"
NOT_FILTERED = (TEXT, "number", "start_ms", "end_ms", "utterance_id", "digest")
_RETRY = frozenset(
    {"ServiceUnavailableException", "TooManyRequestsException", "InternalServerException", "RequestTimeoutException"}
)
_ANY_VECTOR = [1.0, *[0.0] * (DIMENSIONS - 1)]
"""For what is found by a filter alone: a query needs a vector or a text."""


class S3VectorsIndex:
    """A SearchIndex. ``client_of``: a boto3 client that acts as the tenant."""

    def __init__(self, client_of: Callable[[str], Any], bucket: str) -> None:
        self._client_of = client_of
        self._bucket = bucket

    def put(self, tenant: str, passages: Sequence[IndexedPassage]) -> None:
        vectors = [
            {"key": each.passage.key, "data": {"float32": list(each.vector)}, "metadata": _metadata(each.passage)}
            for each in {each.passage.key: each for each in passages}.values()
        ]
        for batch in _batches(vectors, PUT_AT_ONCE):
            try:
                self._ask(tenant, "put_vectors", vectors=batch)
            except _NoIndex:
                self._make(tenant)
                self._ask(tenant, "put_vectors", vectors=batch)

    def known(self, tenant: str, keys: Sequence[str]) -> Mapping[str, tuple[str, Vector]]:
        found: dict[str, tuple[str, Vector]] = {}
        for batch in _batches(list(dict.fromkeys(keys)), READ_AT_ONCE):
            try:
                answer = self._ask(tenant, "get_vectors", keys=batch, returnData=True, returnMetadata=True)
            except _NoIndex:
                return {}
            for each in answer["vectors"]:
                found[each["key"]] = (str(each["metadata"]["digest"]), each["data"]["float32"])
        return found

    def candidates(self, tenant: str, asked: Asked) -> Candidates:
        most = min(asked.most, MOST_CANDIDATES)
        how: dict[str, Any] = {"topK": most, "returnMetadata": True, "returnDistance": True}
        if asked.by_words or asked.vector is None:
            how |= {"queryTexts": [{"text": asked.said.text, "metadataKey": TEXT}], "returnScores": True}
        if asked.vector is not None:
            how["queryVector"] = {"float32": list(asked.vector)}
        if (condition := _condition(asked.filter)) is not None:
            how["filter"] = condition
        try:
            answer = self._ask(tenant, "query_vectors", **how)
        except _NoIndex:
            return Candidates((), False)
        found = tuple(_candidate(each, place) for place, each in enumerate(answer["vectors"]))
        return Candidates(found, len(found) == most or bool(answer.get("nextToken")))

    def keys(self, tenant: str, contact_id: str) -> Sequence[str]:
        """At most a hundred; whoever removes them asks again."""
        only = _condition(PassageFilter(contacts=frozenset({contact_id})))
        try:
            answer = self._ask(
                tenant,
                "query_vectors",
                topK=MOST_CANDIDATES,
                queryVector={"float32": _ANY_VECTOR},
                filter=only,
            )
        except _NoIndex:
            return []
        return [each["key"] for each in answer["vectors"]]

    def remove(self, tenant: str, keys: Sequence[str]) -> None:
        for batch in _batches(list(dict.fromkeys(keys)), DELETED_AT_ONCE):
            try:
                self._ask(tenant, "delete_vectors", keys=batch)
            except _NoIndex:
                return

    def drop(self, tenant: str) -> None:
        try:
            self._ask(tenant, "delete_index")
        except _NoIndex:
            return

    def _make(self, tenant: str) -> None:
        """Whoever comes second finds it there. Words are cut by the service's standard analyser, whatever their
        language: a tenant may speak several."""
        metadata = {
            "nonFilterableMetadataKeys": list(NOT_FILTERED),
            "textSearchConfigurations": [{"metadataKey": TEXT}],
        }
        with _translated(), _made_by_another():
            self._client_of(tenant).create_index(
                vectorBucketName=self._bucket,
                indexName=index_of(tenant),
                dataType="float32",
                dimension=DIMENSIONS,
                distanceMetric="cosine",
                metadataConfiguration=metadata,
            )

    def _ask(self, tenant: str, operation: str, **request: Any) -> Any:
        with _translated():
            ask = getattr(self._client_of(tenant), operation)
            return ask(vectorBucketName=self._bucket, indexName=index_of(tenant), **request)


class _NoIndex(Exception):
    """Nothing was put yet, or it was dropped."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NotFoundException":
            raise _NoIndex from error
        if code in _RETRY:
            raise IndexUnavailable(code) from error
        raise
    except BotoCoreError as error:
        raise IndexUnavailable("S3 Vectors could not be reached") from error


@contextmanager
def _made_by_another() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise


def _metadata(passage: Passage) -> dict[str, Any]:
    """An empty value is left out: a filter never asks for it."""
    values: dict[str, Any] = {
        TEXT: passage.text[:LONGEST_TEXT],
        "contact": passage.contact_id,
        "conversation": passage.conversation_id,
        "kind": passage.kind.value,
        "number": passage.number,
        "start_ms": passage.start_ms,
        "end_ms": passage.end_ms,
        "at_ms": passage.at_ms,
        "utterance_id": passage.utterance_id,
        "speaker": passage.speaker,
        "agent": passage.agent,
        "team": passage.team,
        "queue": passage.queue,
        "language": passage.language,
        "disposition": passage.disposition,
        "moments": list(passage.moments[:MOST_MOMENTS]),
        "score": passage.score,
        "digest": passage.digest,
    }
    return {name: value for name, value in values.items() if value not in ("", [], None)}


def _passage(metadata: Mapping[str, Any]) -> Passage:
    def text(name: str) -> str:
        return str(metadata.get(name, ""))

    return Passage(
        contact_id=text("contact"),
        conversation_id=text("conversation"),
        kind=Kind(metadata["kind"]),
        number=int(metadata["number"]),
        text=text(TEXT),
        start_ms=int(metadata["start_ms"]),
        end_ms=int(metadata["end_ms"]),
        at_ms=int(metadata["at_ms"]),
        utterance_id=text("utterance_id"),
        speaker=text("speaker"),
        agent=text("agent"),
        team=text("team"),
        queue=text("queue"),
        language=text("language"),
        disposition=text("disposition"),
        moments=tuple(map(str, metadata.get("moments", ()))),
        score=None if metadata.get("score") is None else float(metadata["score"]),
    )


def _candidate(found: Mapping[str, Any], place: int) -> Candidate:
    scores = found.get("scores", {})
    distance = scores.get("vectorDistance", found.get("distance"))
    score = scores.get("fused")
    return Candidate(
        _passage(found["metadata"]),
        float(score) if score is not None else 1.0 / (1 + place),
        bool(scores.get("bm25Scores")),
        None if distance is None else 1.0 - float(distance),
    )


def _condition(wanted: PassageFilter) -> dict[str, Any] | None:
    """As S3 Vectors writes it; a list in metadata has what one of its values has."""
    among = {
        "kind": wanted.kinds,
        "speaker": wanted.speakers,
        "agent": wanted.agents,
        "team": wanted.teams,
        "queue": wanted.queues,
        "language": wanted.languages,
        "disposition": wanted.dispositions,
        "moments": wanted.moments,
        "contact": wanted.contacts,
        "conversation": wanted.conversations,
    }
    all_of: list[dict[str, Any]] = [{name: {"$in": sorted(values)}} for name, values in among.items() if values]
    bounds = (
        ("at_ms", "$gte", wanted.since_ms),
        ("at_ms", "$lt", wanted.until_ms),
        ("score", "$gte", wanted.min_score),
        ("score", "$lte", wanted.max_score),
    )
    all_of += [{name: {operator: value}} for name, operator, value in bounds if value is not None]
    if (seen_by := wanted.seen_by) is not None:
        either: list[dict[str, Any]] = [{"agent": {"$eq": seen_by.agent}}]
        if seen_by.teams:
            either.append({"team": {"$in": sorted(seen_by.teams)}})
        all_of.append(either[0] if len(either) == 1 else {"$or": either})
    if not all_of:
        return None
    return all_of[0] if len(all_of) == 1 else {"$and": all_of}


def _batches(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
