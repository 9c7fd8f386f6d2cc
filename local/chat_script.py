"""A chat as a file: a line of JSON for each message. A ``script.yaml`` beside it says whose it is and who answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.aws.connect import ChatMessage
from sotto.core.errors import Rejected
from sotto.core.validation import silent, wrong_fields

LONGEST_TEXT = 1_024
"""Characters, as Connect takes them of a participant."""


class ChatUnreadable(Rejected):
    """A line of the file is no message; the message says which one and what is wrong with it."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    at_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    role: Literal["CUSTOMER", "AGENT", "SYSTEM", "CUSTOM_BOT"]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    attachment: str = ""


_line = silent(_Line)


def read_chat(file: Path) -> list[ChatMessage]:
    """By their time. Raises ChatUnreadable."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            read = _line.validate_json(line)
        except ValidationError as error:
            raise ChatUnreadable(f"{file}:{number}: {wrong_fields(error, _line)}") from None
        if bool(read.text) is bool(read.attachment):
            raise ChatUnreadable(f"{file}:{number}: give either text or attachment")
        found.append(ChatMessage(read.at_s, read.role, read.text, read.attachment))
    if not found:
        raise ChatUnreadable(f"{file}: no message is in it")
    return sorted(found, key=lambda each: each.at_s)
