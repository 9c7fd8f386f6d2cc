"""What a recording's ``script.yaml`` says of the call beside who says what: whose it is, who answers, and when."""

from __future__ import annotations

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields

SCRIPT = "script.yaml"


class ScriptUnreadable(Rejected):
    """The script beside a recording is no YAML, or says something else than we read; the message names the field."""


class CallScript(BaseModel):
    """``agent`` answers, and decides the team. ``starts``: the day and time that the call is played at, for policies
    with hours; None: now. ``attributes``: what the contact flow knows of the contact."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    tenant: str | None = None
    agent: str | None = None
    starts: AwareDatetime | None = None
    attributes: dict[str, str] = {}


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
