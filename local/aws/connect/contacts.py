"""The contacts of the emulated instances, and what Connect's API says of them.

``GetContactAttributes`` and ``UpdateContactAttributes`` take the initial contact's id, as documented;
``DescribeContact`` and ``TagContact`` any contact's. An instance may refuse all, as one does whose role was not
granted.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.aws.connect_directory.instance import queue_id, user_id

MOST_TAGS = 6
LARGEST_ATTRIBUTES_BYTES = 32 * 1024
_TAG = re.compile(r"(?!aws:)[a-zA-Z+-=._:/]+")
_ATTRIBUTE = re.compile(r"[A-Za-z0-9_-]+")
ACCOUNT, REGION = "111122223333", "us-east-1"


def instance_arn(instance_id: str) -> str:
    return f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance_id}"


def queue_arn(instance_id: str, queue: str) -> str:
    return f"{instance_arn(instance_id)}/queue/{queue_id(queue)}"


@dataclass(frozen=True, slots=True)
class ConnectContact:
    """What Connect knows of a contact by now. Times are Unix epoch, ms."""

    contact_id: str
    instance_id: str
    initiation_method: str
    initiated_at_ms: float
    initial_contact_id: str
    previous_contact_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    queue: str | None = None
    enqueued_at_ms: float | None = None
    agent: str | None = None
    connected_at_ms: float | None = None
    disconnected_at_ms: float | None = None
    held_ms: tuple[float, ...] = ()
    """How long each hold took."""
    tags: Mapping[str, str] = field(default_factory=dict)
    caller: str | None = None
    """The customer's number; None where it is withheld."""
    channel: str = "VOICE"

    @property
    def arn(self) -> str:
        return instance_arn(self.instance_id)

    @property
    def agent_id(self) -> str | None:
        """A UUID, of which nobody can tell who it is: ``agent`` is the username."""
        return user_id(self.instance_id, self.agent) if self.agent else None

    @property
    def agent_arn(self) -> str | None:
        return f"{self.arn}/agent/{self.agent_id}" if self.agent else None

    @property
    def queue_arn(self) -> str | None:
        return queue_arn(self.instance_id, self.queue) if self.queue else None


class ConnectContacts:
    """Thread-safe. ``refused``: instances whose API says no."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.recording_of: Callable[[ConnectContact], str | None] = lambda contact: None
        self._contacts: dict[str, ConnectContact] = {}
        self._lock = threading.Lock()
        self.app = Starlette(
            routes=[
                Route("/contacts/{instance}/{contact}", self._describe),
                Route("/contact/attributes/{instance}/{contact}", self._attributes),
                Route("/contact/attributes", self._update_attributes, methods=["POST"]),
                Route("/contact/tags", self._tag, methods=["POST"]),
            ]
        )

    def add(self, contact: ConnectContact) -> ConnectContact:
        with self._lock:
            self._contacts[contact.contact_id] = contact
        return contact

    def __getitem__(self, contact_id: str) -> ConnectContact:
        return self._contacts[contact_id]

    def change(self, contact_id: str, **known: Any) -> ConnectContact:
        with self._lock:
            self._contacts[contact_id] = now = replace(self._contacts[contact_id], **known)
        return now

    def set_attributes(self, contact_id: str, values: Mapping[str, str]) -> ConnectContact:
        """A flow, or somebody by API, sets attributes: they belong to the whole chain of contacts."""
        now = self[contact_id]
        with self._lock:
            for each in list(self._contacts.values()):
                if each.initial_contact_id == now.initial_contact_id:
                    merged = {**each.attributes, **values}
                    self._contacts[each.contact_id] = replace(each, attributes=merged)
        return self[contact_id]

    def _found(self, request: Request) -> ConnectContact | Response:
        return self.known(request.path_params["instance"], request.path_params["contact"])

    def known(self, instance: str, contact_id: str) -> ConnectContact | Response:
        """Else what Connect answers."""
        if instance in self.refused:
            return error_response(403, "AccessDeniedException", "not authorized to perform this on the resource")
        contact = self._contacts.get(contact_id)
        if contact is None or contact.instance_id != instance:
            return error_response(404, "ResourceNotFoundException", "The contact was not found")
        return contact

    async def _describe(self, request: Request) -> Response:
        found = self._found(request)
        if isinstance(found, Response):
            return found
        ended = found.disconnected_at_ms is not None
        return JSONResponse({"Contact": _described(found, self.recording_of(found) if ended else None)})

    async def _attributes(self, request: Request) -> Response:
        found = self._found(request)
        if isinstance(found, Response):
            return found
        if found.contact_id != found.initial_contact_id:
            return error_response(404, "ResourceNotFoundException", "The initial contact was not found")
        return JSONResponse({"Attributes": dict(found.attributes)})

    async def _update_attributes(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        found = self.known(asked["InstanceId"], asked["InitialContactId"])
        if isinstance(found, Response):
            return found
        if found.contact_id != found.initial_contact_id:
            return error_response(404, "ResourceNotFoundException", "The initial contact was not found")
        if wrong := _wrong_attributes({**found.attributes, **asked["Attributes"]}):
            return error_response(400, "InvalidParameterException", wrong)
        self.set_attributes(found.contact_id, asked["Attributes"])
        return JSONResponse({})

    async def _tag(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        found = self.known(asked["InstanceId"], asked["ContactId"])
        if isinstance(found, Response):
            return found
        tags = {**found.tags, **asked["Tags"]}
        if len(tags) > MOST_TAGS or not all(_TAG.fullmatch(name) and len(name) <= 128 for name in tags):
            return error_response(
                400, "InvalidParameterException", "Tags: at most 6, named by letters and + - = . _ : /"
            )
        if any(len(value) > 256 for value in tags.values()):
            return error_response(400, "InvalidParameterException", "Tags: a value has at most 256 characters")
        self.change(found.contact_id, tags=tags)
        return JSONResponse({})


def _wrong_attributes(values: Mapping[str, str]) -> str:
    """https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html"""
    if not all(_ATTRIBUTE.fullmatch(name) for name in values):
        return "Attributes: names are of letters, digits, '-' and '_'"
    size = sum(len(name.encode()) + len(value.encode()) for name, value in values.items())
    return "Attributes: more than 32 KB in all" if size > LARGEST_ATTRIBUTES_BYTES else ""


def _described(contact: ConnectContact, recording: str | None) -> dict[str, Any]:
    """Timestamps as the rest-json protocol writes them, in seconds; what is not known is not there."""
    queue, agent = contact.queue_arn, contact.agent_id
    described = {
        "Arn": f"{contact.arn}/contact/{contact.contact_id}",
        "Id": contact.contact_id,
        "InitialContactId": None if contact.initial_contact_id == contact.contact_id else contact.initial_contact_id,
        "PreviousContactId": contact.previous_contact_id,
        "InitiationMethod": contact.initiation_method,
        "Channel": contact.channel,
        "CustomerEndpoint": contact.caller and {"Type": "TELEPHONE_NUMBER", "Address": contact.caller},
        "QueueInfo": queue and {"Id": queue.rpartition("/")[2], "EnqueueTimestamp": _seconds(contact.enqueued_at_ms)},
        "AgentInfo": agent and {"Id": agent, "ConnectedToAgentTimestamp": _seconds(contact.connected_at_ms)},
        "InitiationTimestamp": _seconds(contact.initiated_at_ms),
        "DisconnectTimestamp": _seconds(contact.disconnected_at_ms),
        "Recordings": recording
        and [
            {
                "StorageType": "S3",
                "Location": recording,
                "MediaStreamType": "AUDIO",
                "ParticipantType": "ALL",
                "StartTimestamp": _seconds(contact.connected_at_ms),
                "StopTimestamp": _seconds(contact.disconnected_at_ms),
                "Status": "AVAILABLE",
            }
        ],
    }
    return {name: value for name, value in described.items() if value is not None}


def _seconds(at_ms: float | None) -> float | None:
    return None if at_ms is None else at_ms / 1000


def error_response(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"Message": message}, status_code=status, headers={"x-amzn-errortype": kind})
