"""What the state machine ``import_conversations`` is given, hands to its functions and gets back: ids and numbers
alone, because its history cannot be erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import ConfigDict, Field

from sotto.core.validation import read_event, silent


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """``attempt``: which start of the import this is. ``close``: all its pages have been worked on."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    import_id: Annotated[str, Field(pattern=r"^im_[0-9a-f]{28}$")]
    attempt: Annotated[int, Field(ge=1)] = 1
    close: bool = False


@dataclass(frozen=True, slots=True)
class PageOrder:
    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    import_id: Annotated[str, Field(pattern=r"^im_[0-9a-f]{28}$")]
    page: Annotated[int, Field(ge=0)]


class ImportMachine(Protocol):
    def start(self, order: ImportOrder) -> bool:
        """False where this attempt was started before. Raises Retryable."""
        ...


_orders, _pages = silent(ImportOrder), silent(PageOrder)


def order_from(event: Any) -> ImportOrder:
    """Raises MalformedEvent."""
    return read_event(_orders, event, "an ImportOrder")


def page_from(event: Any) -> PageOrder:
    """Raises MalformedEvent."""
    return read_event(_pages, event, "a PageOrder")
