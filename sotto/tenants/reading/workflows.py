"""Reads ``workflows`` of tenant.yaml.

workflows:
  complaint_hand_off:                 # on; people decide before anything is written elsewhere
  promise_follow_up:
    acts_alone: [note_in_crm]         # this may be done without a person
"""

from __future__ import annotations

from sotto.tenants.reading.places import YamlPlace, did_you_mean
from sotto.tenants.reading.publish_checks import PublishChecks
from sotto.tenants.workflows import WorkflowUse


def read_workflows(place: YamlPlace, checks: PublishChecks) -> dict[str, WorkflowUse]:
    """What is wrong is noted."""
    found: dict[str, WorkflowUse] = {}
    for name, key, value in place.named("workflows"):
        if name not in checks.workflows:
            key.wrong(f"unknown workflow '{name[:40]}'{did_you_mean(name, checks.workflows)}")
            continue
        fields = value.fields(("acts_alone",)) if value.is_map else {}
        if not value.is_map and not value.is_empty:
            value.wrong("write nothing behind the name to turn it on, or 'acts_alone: [...]' below it")
        alone = fields["acts_alone"].known(checks.workflows[name], "tool") if "acts_alone" in fields else ()
        found[name] = WorkflowUse(acts_alone=alone)
    return found
