"""From an utterance to guidance: orchestrate_utterance and deliver_annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.wiring.delivery import panel
from sotto.wiring.process import client, clock, metrics
from sotto.wiring.settings import settings
from sotto.wiring.stores import books, contacts, conversations

if TYPE_CHECKING:
    from sotto.guidance.deliver import DeliverPorts
    from sotto.inference.orchestrate import OrchestratePorts


def orchestrate_ports() -> OrchestratePorts:
    from sotto.inference.adapters.step_functions import StepFunctionsRunner
    from sotto.inference.orchestrate import OrchestratePorts
    from sotto.tenants.compile import PolicyCache

    runner = StepFunctionsRunner(client("stepfunctions"), settings().guide_utterance_arn)
    return OrchestratePorts(contacts(), books(), PolicyCache(), runner, clock(), metrics())


def deliver_ports() -> DeliverPorts:
    from sotto.guidance.deliver import DeliverPorts
    from sotto.tenants.compile import PolicyCache

    return DeliverPorts(
        contacts=contacts(),
        books=books(),
        policies=PolicyCache(),
        conversations=conversations(),
        panel=panel("deliver_annotations"),
        clock=clock(),
        metrics=metrics(),
    )
