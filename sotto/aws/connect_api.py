"""Asking Amazon Connect's API: what an answer, a refusal and no answer mean to the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.errors import Retryable

_REFUSED = frozenset({"AccessDeniedException", "AccessDenied", "UnrecognizedClientException"})
_NEVER = frozenset({"ResourceNotFoundException", "InvalidRequestException", "InvalidParameterException"})


NO_INSTANCE = ""


class ConnectUnavailable(Retryable):
    """Connect throttled us or could not be reached."""


class Never(Enum):
    """Why Connect will never do what was asked."""

    NO_RIGHT = "no right"
    UNKNOWN = "unknown"
    """It knows no such contact, or there is nothing to be done with it as it stands."""


class ConnectApi:
    """``client``: boto3's ``connect``. ``refused`` is called with the operation that the function's role may not do."""

    def __init__(self, client: Any, refused: Callable[[str], None] = lambda operation: None) -> None:
        self._client = client
        self._refused = refused

    def ask(self, operation: str, **about: Any) -> Mapping[str, Any] | None:
        """As ``attempt``; None where Connect will never do it.

        :raises ConnectUnavailable: it may work later."""
        answer = self.attempt(operation, **about)
        return None if isinstance(answer, Never) else answer

    def attempt(self, operation: str, **about: Any) -> Mapping[str, Any] | Never:
        """``operation`` by its name in the API. Of a contact that came another way Connect is not asked.

        :raises ConnectUnavailable: it may work later."""
        if about.get("InstanceId") == NO_INSTANCE:
            return Never.UNKNOWN
        ask = getattr(self._client, xform_name(operation))
        try:
            answer: Mapping[str, Any] = ask(**about)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSED:
                self._refused(operation)
                return Never.NO_RIGHT
            if code in _NEVER:
                return Never.UNKNOWN
            raise ConnectUnavailable(f"{operation}: Connect answered {code}") from error
        except BotoCoreError as error:
            raise ConnectUnavailable(f"{operation}: Connect did not answer") from error
        return answer


def instance_id(arn: str) -> str:
    """NO_INSTANCE of the name of something else: a Voice Connector, a media gateway."""
    return NO_INSTANCE if ":chime:" in arn or ":media-gateway/" in arn else arn.rpartition("/")[2]
