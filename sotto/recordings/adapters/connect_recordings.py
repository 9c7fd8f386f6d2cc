"""What Connect says of a contact's recordings when it is asked: its record of the contact may be late, or lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.call.contact import Contact
from sotto.core.errors import Retryable
from sotto.recordings.record import Source

_REFUSED = frozenset({"AccessDeniedException", "AccessDenied", "UnrecognizedClientException"})
_UNKNOWN = frozenset({"ResourceNotFoundException", "InvalidRequestException", "InvalidParameterException"})


class ConnectUnavailable(Retryable):
    """Connect throttled us or could not be reached."""


class ConnectRecordings:
    """An InstanceRecordings. ``client``: boto3's ``connect``. ``refused`` is called with the operation that the
    function's role may not do.
    https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html"""

    def __init__(self, client: Any, refused: Callable[[str], None] = lambda operation: None) -> None:
        self._client = client
        self._refused = refused

    def recordings(self, contact: Contact) -> Sequence[Source] | None:
        try:
            answer = self._client.describe_contact(
                InstanceId=contact.instance_arn.rpartition("/")[2], ContactId=contact.contact_id
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSED:
                self._refused("DescribeContact")
                return None
            if code in _UNKNOWN:
                return None
            raise ConnectUnavailable(f"DescribeContact: Connect answered {code}") from error
        except BotoCoreError as error:
            raise ConnectUnavailable("DescribeContact: Connect did not answer") from error
        found = (answer.get("Contact") or {}).get("Recordings") or ()
        sources = (_source(each) for each in found)
        return [each for each in sources if each is not None]


def _source(found: dict[str, Any]) -> Source | None:
    bucket, _, key = (found.get("Location") or "").partition("/")
    is_audio = found.get("StorageType", "S3") == "S3" and found.get("MediaStreamType", "AUDIO") == "AUDIO"
    if not (bucket and key and is_audio) or found.get("Status") == "DELETED":
        return None
    started = found.get("StartTimestamp")
    return Source(bucket, key, int(started.timestamp() * 1000) if started is not None else None)
