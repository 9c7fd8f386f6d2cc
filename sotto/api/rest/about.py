"""The panel's requests about one contact, out of an address and what came with it."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from sotto.api.panel.request_models import About
from sotto.api.rest.route import Asked

Kind = TypeVar("Kind", bound=About)


@overload
def about(asked: Asked) -> About: ...


@overload
def about(asked: Asked, kind: type[Kind], **more: Any) -> Kind: ...


def about(asked: Asked, kind: type[About] = About, **more: Any) -> About:
    """``more``: by the panel's names. Raises BadRequest."""
    return kind.read({"contactId": asked.path["contact_id"], **more})
