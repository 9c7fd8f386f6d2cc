"""A contact's start, changes and end: start_guidance, follow_contact and erase_contact."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.metrics.measure import CUSTOMERS_LOOKED_UP
from sotto.core.settings import ConnectInstances, CustomerDomains, MediaGateways, VoiceConnectors
from sotto.wiring.crms import CrmParts

if TYPE_CHECKING:
    from sotto.call.live import CustomerOrder
    from sotto.consent.at_start import BookConsent
    from sotto.contacts.adapters.dynamodb_facts import DynamoFacts
    from sotto.contacts.agent_events import AgentEventPorts
    from sotto.contacts.customer.look_up import CustomerPorts
    from sotto.contacts.customer.order import CustomerLookUps
    from sotto.contacts.customer.profiles import CustomerProfiles
    from sotto.contacts.erase import ErasePorts
    from sotto.contacts.facts import FactPorts
    from sotto.contacts.follow import FollowPorts
    from sotto.contacts.gateway.follow import GatewayPorts
    from sotto.contacts.instance import InstanceContacts
    from sotto.contacts.languages import ContactLanguages
    from sotto.contacts.siprec.follow import SiprecPorts
    from sotto.contacts.start import StartPorts
    from sotto.contacts.sweep import SweepPorts
    from sotto.contacts.teams import DirectoryTeams
    from sotto.transcription.lease.revival import RevivePorts


class ContactParts(CrmParts):
    @built
    def start_ports(self) -> StartPorts:
        from sotto.aws.lambda_functions import LambdaAudioWorkers
        from sotto.contacts.start import StartPorts
        from sotto.realtime.assignments import PanelAssignments

        return StartPorts(
            tenants=self.books,
            consent=self.consent_rules,
            contacts=self.contacts,
            workers=LambdaAudioWorkers(self.functions),
            teams=self.teams,
            channel=PanelAssignments(self.panel("start_guidance"), self.clock),
            guidance=self.guidance_sink("start_guidance"),
            directory=self.directory,
            languages=self.contact_languages,
            customers=self.customer_look_ups,
            clock=self.clock,
        )

    @built
    def customer_look_ups(self) -> CustomerLookUps:
        from sotto.contacts.customer.order import OrderedLookUps

        def order(wanted: CustomerOrder) -> None:
            self.functions.invoke_async("look_up_customer", wanted)

        return OrderedLookUps(self.books, order, self._customer_not_ordered)

    def _customer_not_ordered(self) -> None:
        self.metrics.add(CUSTOMERS_LOOKED_UP, outcome="not_ordered")

    @built
    def customer_ports(self) -> CustomerPorts:
        from sotto.contacts.customer.look_up import CustomerPorts
        from sotto.contacts.customer.withdrawals import RecordedWithdrawals
        from sotto.realtime.assignments import PanelAssignments

        return CustomerPorts(
            contacts=self.contacts,
            books=self.books,
            callers=self.instance_contacts,
            profiles=self.customer_profiles,
            crm=self.crm_context,
            withdrawals=RecordedWithdrawals(self.consents),
            channel=PanelAssignments(self.panel("look_up_customer"), self.clock),
            redact=self.redact_typed,
            clock=self.clock,
            looked_up=lambda state: self.metrics.add(CUSTOMERS_LOOKED_UP, outcome=state.value),
        )

    @built
    def customer_profiles(self) -> CustomerProfiles:
        """Does not wait, nor try again: what takes longer is of no use."""
        domains = self.settings.of(CustomerDomains).names
        if not domains:
            from sotto.contacts.customer.profiles import NoProfiles

            return NoProfiles()
        from botocore.config import Config

        from sotto.contacts.adapters.customer_profiles import ConnectCustomerProfiles

        config = Config(retries={"total_max_attempts": 1}, connect_timeout=0.5, read_timeout=0.8)
        return ConnectCustomerProfiles(self.session.client("customer-profiles", config=config), domains)

    @built
    def follow_ports(self) -> FollowPorts:
        from sotto.aws.lambda_functions import LambdaAudioWorkers
        from sotto.contacts.follow import FollowPorts
        from sotto.realtime.assignments import PanelAssignments
        from sotto.transcription.lease.revival import AbandonedCalls

        return FollowPorts(
            tenants=self.books,
            contacts=self.contacts,
            teams=self.teams,
            channel=PanelAssignments(self.panel("follow_contact"), self.clock),
            guidance=self.guidance_sink("follow_contact"),
            revival=AbandonedCalls(self.revive_ports),
            instance=self.instance_contacts,
            consent=self.consent_rules,
            workers=LambdaAudioWorkers(self.functions),
            directory=self.directory,
            languages=self.contact_languages,
            customers=self.customer_look_ups,
        )

    @built
    def siprec_ports(self) -> SiprecPorts:
        from sotto.contacts.siprec.follow import SiprecPorts

        return SiprecPorts(self.settings.of(VoiceConnectors).tenants.get, self.follow_ports)

    @built
    def gateway_ports(self) -> GatewayPorts:
        from sotto.contacts.gateway.follow import GatewayPorts

        return GatewayPorts(self.settings.of(MediaGateways).tenants.get, self.follow_ports)

    @built
    def contact_languages(self) -> ContactLanguages:
        from sotto.contacts.languages import BookLanguages
        from sotto.wiring.languages import serving

        return BookLanguages(self.books, serving)

    @built
    def consent_rules(self) -> BookConsent:
        from sotto.consent.at_start import BookConsent
        from sotto.consent.metrics import ConsentMetrics

        return BookConsent(self.books, self.consents, self.clock, ConsentMetrics(self.metrics))

    @built
    def facts(self) -> DynamoFacts:
        """What Connect measured of contacts."""
        from sotto.contacts.adapters.dynamodb_facts import DynamoFacts

        return DynamoFacts(*self.contact_table)

    @built
    def fact_ports(self) -> FactPorts:
        from sotto.contacts.facts import FactPorts

        return FactPorts(self.books, self.contacts, self.facts)

    @built
    def agent_event_ports(self) -> AgentEventPorts:
        from sotto.contacts.agent_events import AgentEventPorts
        from sotto.realtime.assignments import PanelAssignments

        channel = PanelAssignments(self.panel("ingest_agent_events"), self.clock)
        return AgentEventPorts(self.books, self.directory_store, self.contacts, channel)

    @built
    def sweep_ports(self) -> SweepPorts:
        from sotto.contacts.sweep import SweepPorts

        return SweepPorts(self.contacts, self.leases, self.follow_ports, self.clock)

    @property
    def swept_tenants(self) -> tuple[str, ...]:
        """Those of the cell's instances."""
        return tuple(sorted(set(self.settings.of(ConnectInstances).tenants.values())))

    @built
    def teams(self) -> DirectoryTeams:
        from sotto.contacts.teams import DirectoryTeams

        return DirectoryTeams(self.books, self.directory)

    @built
    def instance_contacts(self) -> InstanceContacts:
        from sotto.contacts.adapters.connect_contacts import ConnectInstanceContacts

        return ConnectInstanceContacts(self.connect_api)

    @built
    def erase_ports(self) -> ErasePorts:
        from sotto.contacts.erase import ErasePorts

        return ErasePorts(
            decisions=self.consents,
            contacts=self.contacts,
            stored=self.stored_call,
            holds=self.holds,
            audit=self.audit_log,
            clock=self.clock,
            wait=lambda ms: time.sleep(ms / 1000),
        )

    @built
    def revive_ports(self) -> RevivePorts:
        from sotto.aws.lambda_functions import LambdaAudioWorkers
        from sotto.transcription.lease.revival import RevivePorts

        return RevivePorts(self.contacts, self.leases, LambdaAudioWorkers(self.functions), self.clock)
