"""What functions of the live path hand each other directly, without waiting for an answer: one type for each, which the
sender writes and the receiver reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from sotto.call.utterance import Utterance
from sotto.core.errors import Rejected
from sotto.core.validation import silent, wrong_fields

Stamps = Mapping[str, float]
"""Stage name to the Unix epoch ms at which the stage was done."""


class NotAnInvocation(Rejected):
    """The event is not what this function is invoked with. The message names the wrong fields, not their values."""


@dataclass(frozen=True, slots=True)
class GuidanceRequest:
    """To orchestrate_utterance: an utterance is committed, or an interim one adds enough to be worth a run."""

    tenant: str
    contact_id: str
    utterance: Utterance
    stamps: Stamps = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallTime:
    """How far a call is. ``spoken_until_ms``: the end of the latest speech known, interim results included.

    ``last_seq``: the latest utterance sent to guidance; absence is not judged before all up to it were evaluated (or
    ``sotto.guidance.evaluate.PATIENCE_MS`` passed).
    """

    call_time_ms: int
    spoken_until_ms: int = 0
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """To deliver_annotations, every few seconds of call time."""

    tenant: str
    contact_id: str
    time: CallTime
    type: Literal["tick"] = "tick"


@dataclass(frozen=True, slots=True)
class AgentJoined:
    """To deliver_annotations: Connect says that an agent joined, in call time. The first one counts."""

    tenant: str
    contact_id: str
    call_time_ms: int
    type: Literal["agent.joined"] = "agent.joined"


@dataclass(frozen=True, slots=True)
class WorkerOrder:
    """To transcribe_call. ``generation`` counts the workers of a contact; ``revivals``: how many orders of this
    generation were given up before this one."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    generation: Annotated[int, Field(ge=1)]
    revivals: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True)
class DirectoryOrder:
    """To synchronise_directory: one instance, by its id. ``goes_on``: from where the one before ran out of time."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    instance: Annotated[str, Field(min_length=1)]
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    """To look_up_customer: who is calling. Ids alone; the number is asked for where it is needed."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]


class RecordingAction(StrEnum):
    """``STOP``: somebody refused; until the contact's end."""

    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """To guard_recording: what Connect's recording of the contact is to do. ``ordered_at_ms``: Unix epoch; of two
    orders the later one counts, whichever comes first."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    action: RecordingAction
    ordered_at_ms: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class GatewayCall:
    """To follow_gateway: what the media gateway knows of a call whose audio it puts into ``stream_arn``. ``gateway``:
    its id in the deployment. ``agent`` and ``queue`` are as the telephone system names them; ``caller``: the number
    that calls, for the consent rule alone. Times are Unix epoch; ``ended_at_ms`` is None while it goes on."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    gateway: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    stream_arn: Annotated[str, Field(min_length=1)]
    started_at_ms: Annotated[int, Field(gt=0)]
    ended_at_ms: float | None = None
    agent: str | None = None
    queue: str | None = None
    caller: str | None = None


Invocation = (
    GuidanceRequest | Tick | AgentJoined | WorkerOrder | DirectoryOrder | CustomerOrder | RecordingOrder | GatewayCall
)
T = TypeVar("T")
Kind = TypeVar("Kind", bound=Invocation)

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {kind: silent(kind) for kind in get_args(Invocation)}


def payload_of(invocation: Invocation) -> bytes:
    """JSON, as Lambda takes it."""
    return _ADAPTERS[type(invocation)].dump_json(invocation)


def invocation_from(event: Any, kind: type[Kind]) -> Kind:
    """Raises NotAnInvocation naming each wrong field."""
    adapter: TypeAdapter[Kind] = _ADAPTERS[kind]
    return read_as(adapter, event)


def read_as(adapter: TypeAdapter[T], event: Any) -> T:
    """The same, of what ``adapter`` reads: a union, say."""
    try:
        return adapter.validate_python(event)
    except ValidationError as error:
        raise NotAnInvocation(f"wrong or missing: {wrong_fields(error, adapter)}") from None
