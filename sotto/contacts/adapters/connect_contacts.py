"""Amazon Connect's API, asked about one contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.call.contact import Contact
from sotto.core.errors import Retryable
from sotto.sources.connect.contact_event import ContactEvent

_REFUSED = frozenset({"AccessDeniedException", "AccessDenied", "UnrecognizedClientException"})
_UNKNOWN = frozenset({"ResourceNotFoundException", "InvalidRequestException", "InvalidParameterException"})


class ConnectUnavailable(Retryable):
    """Connect throttled us or could not be reached."""


class ConnectInstanceContacts:
    """``client``: boto3's ``connect``. ``refused`` is called with the operation that the function's role may not do."""

    def __init__(self, client: Any, refused: Callable[[str], None] = lambda operation: None) -> None:
        self._client = client
        self._refused = refused

    def attributes(self, contact: Contact) -> Mapping[str, str] | None:
        answer = self._asked(
            "GetContactAttributes",
            self._client.get_contact_attributes,
            InstanceId=_id(contact.instance_arn),
            InitialContactId=contact.conversation_id,
        )
        if answer is None:
            return None
        return {str(name): str(value) for name, value in (answer.get("Attributes") or {}).items()}

    def described(self, contact: Contact) -> ContactEvent | None:
        answer = self._asked(
            "DescribeContact",
            self._client.describe_contact,
            InstanceId=_id(contact.instance_arn),
            ContactId=contact.contact_id,
        )
        return None if answer is None else _event(contact, answer.get("Contact") or {})

    def caller(self, contact: Contact) -> str | None:
        answer = self._asked(
            "DescribeContact",
            self._client.describe_contact,
            InstanceId=_id(contact.instance_arn),
            ContactId=contact.contact_id,
        )
        endpoint = ((answer or {}).get("Contact") or {}).get("CustomerEndpoint") or {}
        number = endpoint.get("Address")
        return number if endpoint.get("Type") == "TELEPHONE_NUMBER" and number else None

    def _asked(self, operation: str, ask: Callable[..., Mapping[str, Any]], **about: str) -> Mapping[str, Any] | None:
        try:
            return ask(**about)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSED:
                self._refused(operation)
                return None
            if code in _UNKNOWN:
                return None
            raise ConnectUnavailable(f"{operation}: Connect answered {code}") from error
        except BotoCoreError as error:
            raise ConnectUnavailable(f"{operation}: Connect did not answer") from error


def _event(contact: Contact, found: Mapping[str, Any]) -> ContactEvent:
    queue, agent = found.get("QueueInfo") or {}, found.get("AgentInfo") or {}
    ended_at_ms = _epoch_ms(found.get("DisconnectTimestamp"))
    return ContactEvent(
        kind="DISCONNECTED" if ended_at_ms is not None else "DESCRIBED",
        contact_id=contact.contact_id,
        instance_arn=contact.instance_arn,
        agent=agent.get("Id"),
        queue_arn=f"{contact.instance_arn}/queue/{queue['Id']}" if queue.get("Id") else None,
        connected_at_ms=_epoch_ms(agent.get("ConnectedToAgentTimestamp")),
        initial_contact_id=found.get("InitialContactId"),
        previous_contact_id=found.get("PreviousContactId"),
        initiation_method=found.get("InitiationMethod") or contact.initiation_method,
        enqueued_at_ms=_epoch_ms(queue.get("EnqueueTimestamp")),
        disconnected_at_ms=ended_at_ms,
    )


def _epoch_ms(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp() * 1000


def _id(arn: str) -> str:
    return arn.rpartition("/")[2]
