"""Connect's recordings by its API: where they are, and suspending and resuming one that is being made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sotto.aws.connect_api import ConnectApi, Never, instance_id
from sotto.call.contact import Contact
from sotto.recordings.record import Source
from sotto.recordings.suspension.guard import Answer

_ANSWERS = {Never.NO_RIGHT: Answer.REFUSED, Never.UNKNOWN: Answer.NOTHING}


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
    """A RecordedContacts. That a recording is suspended already, or not being made, Connect says as an invalid request;
    either leaves nothing to do.
    https://docs.aws.amazon.com/connect/latest/APIReference/API_SuspendContactRecording.html
    https://docs.aws.amazon.com/connect/latest/APIReference/API_ResumeContactRecording.html"""

    def __init__(self, api: ConnectApi) -> None:
        self._api = api

    def suspend(self, contact: Contact) -> Answer:
        return self._asked("SuspendContactRecording", contact)

    def resume(self, contact: Contact) -> Answer:
        return self._asked("ResumeContactRecording", contact)

    def _asked(self, operation: str, contact: Contact) -> Answer:
        answer = self._api.attempt(
            operation,
            InstanceId=instance_id(contact.instance_arn),
            ContactId=contact.contact_id,
            InitialContactId=contact.conversation_id,
        )
        return _ANSWERS[answer] if isinstance(answer, Never) else Answer.DONE


def _source(found: Mapping[str, Any]) -> Source | None:
    bucket, _, key = (found.get("Location") or "").partition("/")
    is_audio = found.get("StorageType", "S3") == "S3" and found.get("MediaStreamType", "AUDIO") == "AUDIO"
    if not (bucket and key and is_audio) or found.get("Status") == "DELETED":
        return None
    started = found.get("StartTimestamp")
    return Source(bucket, key, int(started.timestamp() * 1000) if started is not None else None)
