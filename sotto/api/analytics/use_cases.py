"""Figures for those who manage conversations: a form is answered, the conversations behind it are named, a question
becomes a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.query.answer import Answer, QueryPorts, answer, conversations_behind
from sotto.analytics.query.form import Form
from sotto.api.analytics.access import scoped
from sotto.api.caller import Caller
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock


@dataclass(frozen=True, slots=True)
class FigurePorts:
    """``catalogue``: of a tenant: shipped metrics and its own."""

    catalogue: Callable[[str], Catalogue]
    query: QueryPorts
    audit: AuditLog
    clock: Clock


def figures_of(form: Form, caller: Caller, ports: FigurePorts) -> Answer:
    """Of what the caller may see; the answer shows the form as it was asked. Raises Unauthorised, UnknownMetric,
    BadForm and Retryable."""
    found = answer(caller.tenant, scoped(form, caller), ports.catalogue(caller.tenant), ports.query)
    return replace(found, form=form)


def behind_figure(form: Form, caller: Caller, ports: FigurePorts, *, limit: int = 50) -> list[str]:
    """Ids of conversations; noted in the audit log, because the next click opens one. Raises as ``figures_of``."""
    catalogue = ports.catalogue(caller.tenant)
    found = conversations_behind(caller.tenant, scoped(form, caller), catalogue, ports.query, limit=limit)
    at_ms = int(ports.clock.now_ms())
    record = f"metric/{form.metric}"
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.FIGURE_OPENED, record, at_ms))
    return found
