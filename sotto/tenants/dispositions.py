"""How calls may end, by the tenant's own codes; what suggests each of them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

MODEL = "disposition"
"""The logical model that is trained of the codes' phrases; its task is intent."""


class DispositionCode(BaseModel):
    """``moments``: of the playbook; when all of them happened, and none of ``without``, they speak for the code.
    ``has_phrases``: the model ``disposition`` knows it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    code: str
    title: str
    moments: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    has_phrases: bool = False


class Dispositions(BaseModel):
    """``languages`` that the model understands, as of ``ModelUse``; none where there is no model."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    codes: tuple[DispositionCode, ...] = ()
    languages: tuple[str, ...] = ()

    def known(self, code: str) -> DispositionCode | None:
        return next((each for each in self.codes if each.code == code), None)
