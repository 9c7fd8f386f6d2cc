"""The channel over AWS AppSync: IAM-signed mutations that touch no data source and fan out to subscribers."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from sotto.core.errors import Rejected
from sotto.realtime.adapters.publish_document import Publication, document
from sotto.realtime.channel import AgentAssignment, ChannelUnavailable, MessageTooLarge, PanelMessage
from sotto.realtime.shapes import Shape, assignment_shape, message_shape

LARGEST_MESSAGE_BYTES = 240 * 1024
"""Above this AppSync answers 200 and delivers nothing."""

_ENVELOPE_BYTES = 512
"""Room for what AppSync wraps around a message, and for the fields that were left out and come back as null."""

_LARGEST_REQUEST_BYTES = 512 * 1024
_MOST_IN_A_REQUEST = {"publishMessage": 20, "publishAssignment": 5}
"""A release ends the agent's subscription, and AppSync ends at most 5 in a request."""

_ATTEMPTS = 3
_RETRIED = frozenset({408, 429, 500, 502, 503, 504})


class CredentialsSource(Protocol):
    """What ``botocore.session.Session.get_credentials()`` gives: refreshed when frozen anew."""

    def get_frozen_credentials(self) -> ReadOnlyCredentials: ...


class AppSyncChannel:
    """A PanelChannel. One instance keeps its connections open and may be shared by threads.

    ``url`` is the API's GraphQL endpoint. ``credentials`` is None where botocore found none: rejected. ``wait_s``
    pauses between attempts. A retried message may arrive twice: the panel drops what it has.
    """

    def __init__(
        self,
        url: str,
        *,
        region: str,
        credentials: CredentialsSource | None,
        timeout_s: float = 2.0,
        wait_s: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._region = region
        self._credentials = _found(credentials)
        self._wait_s = wait_s
        self._http = urllib3.PoolManager(
            num_pools=1, maxsize=8, block=True, retries=False, timeout=urllib3.Timeout(timeout_s)
        )

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        self._send("publishMessage", [_as_argument(message_shape(message)) for message in messages])

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        self._send("publishAssignment", [assignment_shape(assignment) for assignment in assignments])

    def close(self) -> None:
        self._http.clear()

    def _send(self, mutation: str, inputs: Iterable[Shape]) -> None:
        publications = [Publication(mutation, shape, _size(shape)) for shape in inputs]
        fitting = [each for each in publications if each.size <= LARGEST_MESSAGE_BYTES - _ENVELOPE_BYTES]
        for batch in _batches(fitting):
            self._post(json.dumps(document(batch), separators=(",", ":")).encode())
        if len(fitting) < len(publications):
            raise MessageTooLarge(_too_large(publications))

    def _post(self, body: bytes) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            outcome = self._attempt(body)
            if outcome.accepted:
                return
            if not outcome.may_succeed_later or attempt == _ATTEMPTS:
                raise ChannelUnavailable(outcome.problem) from outcome.cause
            self._wait_s(random.uniform(0.02, 0.05) * 2**attempt)

    def _attempt(self, body: bytes) -> _Outcome:
        try:
            response = self._http.request("POST", self._url, body=body, headers=self._signed(body))
        except urllib3.exceptions.HTTPError as error:
            return _Outcome(f"AppSync at {self._url} is not reachable: {type(error).__name__}", True, error)
        return _judge(response.status, response.data)

    def _signed(self, body: bytes) -> dict[str, str]:
        request = AWSRequest("POST", self._url, data=body, headers={"content-type": "application/json"})
        SigV4Auth(self._credentials.get_frozen_credentials(), "appsync", self._region).add_auth(request)
        return dict(request.headers.items())


def _found(credentials: CredentialsSource | None) -> CredentialsSource:
    if credentials is None:
        raise Rejected("AWS credentials: none found to sign with; give the process a role, or set AWS_ACCESS_KEY_ID")
    return credentials


@dataclass(frozen=True, slots=True)
class _Outcome:
    """An empty ``problem`` means accepted."""

    problem: str
    may_succeed_later: bool = False
    cause: Exception | None = None

    @property
    def accepted(self) -> bool:
        return not self.problem


def _judge(status: int, answer: bytes) -> _Outcome:
    # Error messages may quote their input, which is what was said on the call: only the types are repeated.
    types = ", ".join(_error_types(answer))
    if status == 200 and not types:
        return _Outcome("")
    if status in (401, 403):
        return _Outcome(f"AppSync refused the caller ({status} {types}): let its role call the publish mutations")
    return _Outcome(f"AppSync answered {status} {types}".rstrip(), may_succeed_later=status in _RETRIED)


def _error_types(answer: bytes) -> list[str]:
    try:
        errors = json.loads(answer).get("errors") or ()
        return sorted({str(error.get("errorType") or "GraphQLError") for error in errors})
    except (ValueError, AttributeError):
        return ["an answer that is no GraphQL result"]


def _as_argument(shape: Shape) -> Shape:
    annotation: dict[str, Any] | None = shape.get("annotation")
    if annotation is None:
        return shape
    before = {"before": [_with_text(each) for each in shape["before"]]} if "before" in shape else {}
    return {**shape, "annotation": _with_text(annotation), **before}


def _with_text(annotation: Shape) -> Shape:
    return {**annotation, "stagesMs": json.dumps(annotation["stagesMs"])}


def _size(shape: Shape) -> int:
    return len(json.dumps(shape, separators=(",", ":"), ensure_ascii=False).encode())


def _batches(publications: Sequence[Publication]) -> Iterator[list[Publication]]:
    batch: list[Publication] = []
    for publication in publications:
        full = (
            len(batch) == _MOST_IN_A_REQUEST[publication.mutation]
            or _total(batch) + publication.size > _LARGEST_REQUEST_BYTES
        )
        if batch and full:
            yield batch
            batch = []
        batch.append(publication)
    if batch:
        yield batch


def _total(batch: Iterable[Publication]) -> int:
    return sum(publication.size for publication in batch)


def _too_large(publications: Sequence[Publication]) -> str:
    worst = max(publications, key=lambda publication: publication.size)
    return (
        f"{worst.mutation}.input: {worst.size} bytes; AppSync delivers at most {LARGEST_MESSAGE_BYTES}. "
        f"Shorten the {str(worst.input.get('kind', 'message')).lower()}'s text or citations."
    )
