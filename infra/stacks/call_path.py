"""What a call passes through, from the contact flow to the agent's panel."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from aws_cdk import Stack
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from infra.building_blocks.function import FailedEvents
from infra.capabilities.agent_api import AgentApi
from infra.capabilities.agent_workspace import AgentWorkspace
from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.connect_instance import ConnectInstance
from infra.capabilities.contact_lens import ContactLensSegments
from infra.capabilities.default_bus import DefaultBusRule, rule_id
from infra.capabilities.desktop_api import DesktopApi
from infra.capabilities.event_bus import Subscriptions
from infra.capabilities.instance_streams import InstanceExports
from infra.capabilities.panel_site import PanelSite
from infra.capabilities.recogniser import RecogniserEndpoint
from infra.capabilities.records import CallRecords
from infra.capabilities.releases import Releases
from infra.capabilities.shard import ShardEndpoint
from infra.capabilities.state_machine import Machine
from infra.capabilities.timetable import Timetable
from infra.deployment import Cell, Region
from sotto.core.resources import AFTER_CALL, DEFAULT_BUS, EVENTS, GUIDE_UTTERANCE, REVIEW, resources_of
from sotto.core.triggers import ContactFlow, ContactLensStream


class CallPathStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        shard: ShardEndpoint,
        writer: ShardEndpoint | None,
        recogniser: RecogniserEndpoint | None,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        self.functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="call-path")
        needed = resources_of(cell.functions_in("call-path"))
        machines = {
            spec.name: Machine(
                self,
                "".join(word.title() for word in spec.name.split("_")),
                spec=spec,
                prefix=cell.prefix,
                functions=self.functions.by_name,
                log_days=region.log_days,
            )
            for spec in needed.state_machines
        }
        self.machine, self.after_call = machines[GUIDE_UTTERANCE.name], machines[AFTER_CALL.name]
        self.review = machines[REVIEW.name]
        self.api = AgentApi(self, "Agents", cell=cell, region=region)
        self.given_up: dict[str, IQueue] = {}
        for rule in needed.rules_of(DEFAULT_BUS):
            function = self.functions[rule.function]
            events = DefaultBusRule(
                self, rule_id(rule), spec=rule, prefix=cell.prefix, function=function, key=records.key
            )
            self.given_up[rule.name] = events.undelivered
        Timetable(self, "Timetable", prefix=cell.prefix, functions=self.functions.by_name.values())
        self.subscriptions = Subscriptions(
            self,
            "Subscriptions",
            cell=cell,
            bus=EVENTS,
            rules=needed.rules_of(EVENTS),
            functions=self.functions.by_name,
            key=records.key,
        )
        self.desktops = (
            DesktopApi(self, "Desktops", cell=cell, region=region, functions=self.functions.by_name, key=records.key)
            if cell.has_channel("websocket")
            else None
        )
        url, origin = self._panel(cell, region)
        self.manager_url = f"{url.rstrip('/')}/manager/index.html"
        workspace = AgentWorkspace(self, "AgentWorkspace", cell=cell, url=url, origin=origin)
        for instance in cell.instances:
            ConnectInstance(
                self,
                f"Instance-{instance.id}",
                cell=cell,
                instance=instance,
                start_guidance=self.functions.triggered_by(ContactFlow),
                records=records,
                workspace=workspace,
            )
        self._read_contact_lens(cell, records)
        self._read_exports(cell, records)
        if region.release == "canary":
            Releases(self, "Releases", functions=self.functions.by_name.values())
        self.functions.let_read_media(records)
        self.functions.let_recognise(recogniser)
        self.functions.let_list_users()
        self.functions.let_ask_connect()
        self.functions.let_sweep()
        self.functions.let_sign_certificates(records)
        self.functions.let_write_contacts()
        self.functions.let_keep_recordings(records)
        self.functions.let_suspend_recordings()
        self.functions.let_search_profiles()
        self.functions.let_ask_crms(records)
        self.functions.let_file_in_cases()
        self.functions.let_start_each_other()
        self.functions.let_guide(self.machine)
        self.functions.let_start_after_call(self.after_call)
        self.functions.let_review(self.review)
        self.functions.let_ask_models(shard)
        self.functions.let_write_texts(writer or shard)
        self.functions.let_show_panels(self.api)
        self.functions.let_sign_in()
        if self.desktops is not None:
            self.functions.let_show_desktops(self.desktops, records)

    def _read_contact_lens(self, cell: Cell, records: CallRecords) -> None:
        """One queue for all instances: an alarm adds up at most ten."""
        with_contact_lens = [instance for instance in cell.instances if instance.contact_lens]
        if not with_contact_lens:
            return
        given_up = self.given_up["contact_lens"] = FailedEvents(self, "ContactLensGivenUp", key=records.key)
        for instance in with_contact_lens:
            ContactLensSegments(
                self,
                f"ContactLens-{instance.id}",
                instance=instance,
                function=self.functions.triggered_by(ContactLensStream),
                key=records.media_keys[instance.tenant],
                given_up=given_up,
                given_up_key=records.key,
            )

    def _read_exports(self, cell: Cell, records: CallRecords) -> None:
        exporting = [instance for instance in cell.instances if instance.exports]
        if not exporting:
            return
        given_up = self.given_up["exports"] = FailedEvents(self, "ExportsGivenUp", key=records.key)
        for instance in exporting:
            InstanceExports(
                self,
                f"Exports-{instance.id}",
                instance=instance,
                functions=tuple(self.functions.by_name.values()),
                given_up=given_up,
                given_up_key=records.key,
            )

    def _panel(self, cell: Cell, region: Region) -> tuple[str, str]:
        """Its address and origin: the customer's own, or CloudFront's."""
        if region.panel.url is not None:
            address = urlsplit(region.panel.url)
            return region.panel.url, f"{address.scheme}://{address.netloc}"
        token_url = cell.sign_in(region).token_url or region.panel.token_url
        assert token_url is not None
        site = PanelSite(self, "Panel", cell=cell, api=self.api, desktops=self.desktops, token_url=token_url)
        return site.url, site.origin
