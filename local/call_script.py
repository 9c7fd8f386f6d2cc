"""What a recording's ``script.yaml`` says of the call beside who says what: whose it is, who answers, and when, and
what happens to it on the way."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, NonNegativeFloat, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from local.aws.connect import Transfer
from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields

SCRIPT = "script.yaml"


class ScriptUnreadable(Rejected):
    """The script beside a recording is no YAML, or says something else than we read; the message names the field."""


class ScriptedTransfer(BaseModel):
    """``at``: second of the recording at which the agent leaves; ``agent``: who gets the customer, None for somebody
    outside; ``consult``: for how many seconds before that the two agents are connected, 0 for a cold transfer.
    ``streams``: as local.aws.connect.Transfer has it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    at: NonNegativeFloat
    agent: str | None = None
    queue: str | None = None
    consult: NonNegativeFloat = 0.0
    streams: Literal["own", "same", "tagged"] = "same"

    def made(self) -> Transfer:
        kind: Literal["transfer", "outside"] = "transfer" if self.agent is not None else "outside"
        return Transfer(self.at, self.agent, str(uuid.uuid4()), self.queue, self.consult, kind, self.streams)


class ScriptedHold(BaseModel):
    """``at`` and ``until``: seconds of the recording between which the customer is on hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    at: NonNegativeFloat
    until: NonNegativeFloat


class LaterInTheFlow(BaseModel):
    """Attributes that a flow sets ``at`` this second of the recording."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    at: NonNegativeFloat
    attributes: dict[str, str]


class ScriptedCustomer(BaseModel):
    """Who calls. ``number``: E.164; ``profiles``: what Customer Profiles has of them, in the API's own words. A profile
    without a PhoneNumber has this one."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    number: str
    profiles: tuple[dict[str, Any], ...] = ()

    def made(self) -> tuple[dict[str, Any], ...]:
        """Ids are the same at each play of the call."""
        digits = self.number.removeprefix("+")
        return tuple(
            {"ProfileId": f"{digits}{number:0{32 - len(digits)}d}", "PhoneNumber": self.number, **profile}
            for number, profile in enumerate(self.profiles, 1)
        )


class CallScript(BaseModel):
    """``agent`` answers, and decides the team. ``starts``: the day and time that the call is played at, for policies
    with hours; None: now. ``attributes``: what the contact flow knows of the contact; ``later``: what it learns.
    ``queue``: where the customer waited. ``guidance``: in which flow it is started. ``waits``: the second of the
    recording at which an agent has the customer; ``holds``: when the customer is on hold; ``agent_events``: whether the
    instance tells so. ``customer``: who calls; None: a withheld number."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    tenant: str | None = None
    agent: str | None = None
    queue: str = "BasicQueue"
    starts: AwareDatetime | None = None
    attributes: dict[str, str] = {}
    later: tuple[LaterInTheFlow, ...] = ()
    transfers: tuple[ScriptedTransfer, ...] = ()
    guidance: Literal["inbound", "whisper"] = "inbound"
    waits: NonNegativeFloat = 0.0
    holds: tuple[ScriptedHold, ...] = ()
    agent_events: bool = True
    customer: ScriptedCustomer | None = None


NO_SCRIPT = CallScript()
_script = TypeAdapter(CallScript)


def script_beside(recording: Path) -> CallScript:
    """An empty one where there is none. Raises ScriptUnreadable."""
    script = recording.with_name(SCRIPT)
    if not script.is_file():
        return NO_SCRIPT
    try:
        content = YAML(typ="safe").load(script.read_text(encoding="utf-8-sig"))
        return _script.validate_python(content or {})
    except (YAMLError, UnicodeDecodeError) as error:
        raise ScriptUnreadable(f"{script}: not YAML ({type(error).__name__})") from None
    except ValidationError as error:
        raise ScriptUnreadable(f"{script}: {wrong_fields(error, _script)}") from None
