"""A contact's start, changes and end: start_guidance, follow_contact and erase_contact."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.contacts.erase import ErasePorts
    from sotto.contacts.follow import FollowPorts
    from sotto.contacts.start import StartPorts
    from sotto.transcription.lease.revival import RevivePorts


class ContactParts(PanelParts):
    @built
    def start_ports(self) -> StartPorts:
        from sotto.aws.lambda_functions import LambdaAudioWorkers
        from sotto.consent.at_start import BookConsent
        from sotto.consent.metrics import ConsentMetrics
        from sotto.contacts.start import StartPorts

        return StartPorts(
            tenants=self.books,
            consent=BookConsent(self.books, self.consents, self.clock, ConsentMetrics(self.metrics)),
            contacts=self.contacts,
            workers=LambdaAudioWorkers(self.functions),
        )

    @built
    def follow_ports(self) -> FollowPorts:
        from sotto.contacts.follow import FollowPorts
        from sotto.contacts.teams import DirectoryTeams
        from sotto.realtime.assignments import PanelAssignments
        from sotto.transcription.lease.revival import AbandonedCalls

        return FollowPorts(
            tenants=self.books,
            contacts=self.contacts,
            teams=DirectoryTeams(self.books, self.directory),
            channel=PanelAssignments(self.panel("follow_contact"), self.clock),
            guidance=self.guidance_sink("follow_contact"),
            revival=AbandonedCalls(self.revive_ports),
            directory=self.directory,
        )

    @built
    def erase_ports(self) -> ErasePorts:
        from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
        from sotto.contacts.erase import ErasePorts

        stored = DynamoErasures(*self.contact_table)
        return ErasePorts(self.consents, stored, self.audit_log, self.clock, wait=lambda ms: time.sleep(ms / 1000))

    @built
    def revive_ports(self) -> RevivePorts:
        from sotto.aws.lambda_functions import LambdaAudioWorkers
        from sotto.transcription.lease.revival import RevivePorts

        return RevivePorts(self.contacts, self.leases, LambdaAudioWorkers(self.functions), self.clock)
