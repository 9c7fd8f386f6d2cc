"""Amazon S3's event of an object that was put, as EventBridge brings it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. Keys are as they are: not encoded as in the
notifications to queues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from sotto.core.validation import read_event, silent


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Named(_Part):
    name: str = Field(min_length=1)


class _Object(_Part):
    key: str = Field(min_length=1)


class _Detail(_Part):
    bucket: _Named
    object: _Object


class _Event(_Part):
    detail: _Detail


_event = silent(_Event)


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    bucket: str
    key: str

    @classmethod
    def parsed(cls, event: Any) -> Self:
        """Raises MalformedEvent, naming fields and never their values."""
        read = read_event(_event, event, "S3's event of an object")
        return cls(read.detail.bucket.name, read.detail.object.key)
