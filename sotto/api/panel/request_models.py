"""The arguments of the panel's requests, checked where they come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator
from pydantic.alias_generators import to_camel

from sotto.call.correction import CorrectionKind
from sotto.call.feedback import Rating
from sotto.call.summary import SummaryPart
from sotto.call.supervisor_note import LONGEST_NOTE
from sotto.core.errors import Rejected

Id = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern="^[^#]*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class BadRequest(Rejected):
    """An argument is wrong; the message names it and never repeats its value."""


class NotFound(Rejected):
    """The contact is the caller's, but has no such thing."""


class TooManyRequests(Rejected):
    """Wait a minute."""


class RequestModel(BaseModel):
    """No arguments."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        try:
            return cls.model_validate(arguments)
        except ValidationError as error:
            wrong = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise BadRequest("; ".join(wrong)) from None


class About(RequestModel):
    contact_id: Id


class AboutAgent(RequestModel):
    agent: Id


class LiveRequest(RequestModel):
    with_last_words: bool = False


class Page(About):
    after_seq: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class Question(About):
    question: Words


class AboutArticle(About):
    article: Id


class AboutCode(About):
    code: Id


class AboutPerson(About):
    system: Id
    person: Annotated[str, StringConstraints(max_length=256)]


class Line(RequestModel):
    part: SummaryPart
    text: Words
    from_line: int | None = Field(default=None, ge=0, alias="from")

    @field_validator("part", mode="before")
    @classmethod
    def _as_stored(cls, written: Any) -> Any:
        return written.lower() if isinstance(written, str) else written


class EditedSummary(About):
    version: Annotated[int, Field(ge=1)]
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=40)]


class AboutAnnotation(About):
    annotation_id: Id


class RateRequest(AboutAnnotation):
    rating: Rating
    reason: Words | None = None


class NewCorrection(About):
    """``annotation_id``, or the utterance where nothing was shown. ``intent`` and ``words`` as ``kind`` needs them."""

    annotation_id: Id | None = None
    utterance_id: Id | None = None
    kind: CorrectionKind
    intent: Id | None = None
    words: Words | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _as_stored(cls, written: Any) -> Any:
        return written.lower() if isinstance(written, str) else written

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        if (self.annotation_id is None) == (self.utterance_id is None):
            raise ValueError("annotationId, utteranceId: give one of the two")
        if (self.intent is not None) != (self.kind is CorrectionKind.OTHER_INTENT):
            raise ValueError("intent: is for OTHER_INTENT, and needed there")
        if self.kind is CorrectionKind.BETTER_WORDS and self.words is None:
            raise ValueError("words: say what should have been said")
        if self.words is not None and self.kind.labels:
            raise ValueError("words: are for texts; an intent has none")
        return self


class NewNote(About):
    note_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE)]


class AboutNote(About):
    note_id: Id
    state: Literal["SEEN", "DONE"]
