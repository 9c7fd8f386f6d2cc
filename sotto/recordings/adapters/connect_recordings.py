"""Connect's recordings by its API: where they are, and suspending and resuming one that is being made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws.connect_api import ConnectApi, ConnectUnavailable, instance_id
from sotto.call.contact import Contact
from sotto.recordings.record import Source
from sotto.recordings.suspension.guard import Answer

_REFUSED = frozenset({"AccessDeniedException", "AccessDenied", "UnrecognizedClientException"})
_NOTHING = frozenset({"ResourceNotFoundException", "InvalidRequestException", "InvalidParameterException"})


class ConnectRecordings:
    """An InstanceRecordings: Connect's record of a contact may be late, or lost.
    https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html"""

    def __init__(self, api: ConnectApi) -> None:
        self._api = api

    def recordings(self, contact: Contact) -> Sequence[Source] | None:
        answer = self._api.ask(
            "DescribeContact", InstanceId=instance_id(contact.instance_arn), ContactId=contact.contact_id
        )
        if answer is None:
            return None
        sources = (_source(each) for each in (answer.get("Contact") or {}).get("Recordings") or ())
        return [each for each in sources if each is not None]


class ConnectRecordedContacts:
    """A RecordedContacts. ``client``: boto3's ``connect``. That a recording is suspended already, or not being made,
    Connect says as an invalid request; either leaves nothing to do.
    https://docs.aws.amazon.com/connect/latest/APIReference/API_SuspendContactRecording.html
    https://docs.aws.amazon.com/connect/latest/APIReference/API_ResumeContactRecording.html"""

    def __init__(self, client: Any) -> None:
        self._client = client

    def suspend(self, contact: Contact) -> Answer:
        return self._asked("suspend_contact_recording", contact)

    def resume(self, contact: Contact) -> Answer:
        return self._asked("resume_contact_recording", contact)

    def _asked(self, operation: str, contact: Contact) -> Answer:
        try:
            getattr(self._client, operation)(
                InstanceId=instance_id(contact.instance_arn),
                ContactId=contact.contact_id,
                InitialContactId=contact.conversation_id,
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSED:
                return Answer.REFUSED
            if code in _NOTHING:
                return Answer.NOTHING
            raise ConnectUnavailable(f"{operation}: Connect answered {code}") from error
        except BotoCoreError as error:
            raise ConnectUnavailable(f"{operation}: Connect did not answer") from error
        return Answer.DONE


def _source(found: Mapping[str, Any]) -> Source | None:
    bucket, _, key = (found.get("Location") or "").partition("/")
    is_audio = found.get("StorageType", "S3") == "S3" and found.get("MediaStreamType", "AUDIO") == "AUDIO"
    if not (bucket and key and is_audio) or found.get("Status") == "DELETED":
        return None
    started = found.get("StartTimestamp")
    return Source(bucket, key, int(started.timestamp() * 1000) if started is not None else None)
