"""Which workflows run about a tenant's conversations by themselves: ``workflows`` of tenant.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class WorkflowUse(BaseModel):
    """A workflow that is turned on. ``acts_alone``: tools that act outside, such as ``note_in_crm``, and may do so in
    it without a person; without it somebody decides first."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    acts_alone: tuple[str, ...] = ()
