"""What a call passes through, from the contact flow to the agent's panel."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.agent_api import AgentApi
from infra.capabilities.agent_workspace import AgentWorkspace
from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.connect_instance import ConnectInstance
from infra.capabilities.contact_events import ContactEvents
from infra.capabilities.contact_lens import ContactLensSegments
from infra.capabilities.desktop_api import DesktopApi
from infra.capabilities.guide_machine import GuideMachine
from infra.capabilities.records import CallRecords
from infra.capabilities.shard import Shard
from infra.deployment import Cell, Region
from sotto.resources import SOTTO


class CallPathStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        shard: Shard,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        self.functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records)
        (machine,) = SOTTO.state_machines
        self.machine = GuideMachine(
            self,
            "GuideUtterance",
            spec=machine,
            prefix=cell.prefix,
            functions=self.functions.by_name,
            log_days=region.log_days,
        )
        self.api = AgentApi(self, "Agents", cell=cell, region=region, serve_agent=self.functions["serve_agent"])
        (rule,) = SOTTO.rules
        self.events = ContactEvents(
            self,
            "ContactEvents",
            spec=rule,
            prefix=cell.prefix,
            function=self.functions[rule.function],
            key=records.key,
        )
        workspace = AgentWorkspace(self, "AgentWorkspace", cell=cell, panel=region.panel)
        for instance in cell.instances:
            ConnectInstance(
                self,
                f"Instance-{instance.id}",
                cell=cell,
                instance=instance,
                start_guidance=self.functions["start_guidance"],
                records=records,
                workspace=workspace,
            )
            if instance.contact_lens:
                ContactLensSegments(
                    self,
                    f"ContactLens-{instance.id}",
                    cell=cell,
                    instance=instance,
                    function=self.functions["hear_contact_lens"],
                    key=records.media_keys[instance.tenant],
                )
        self.functions.let_hear_calls(records)
        self.functions.let_start_each_other()
        self.functions.let_guide(self.machine)
        self.functions.let_ask_models(shard)
        self.functions.let_write_texts(shard)
        self.functions.let_tell_agents(self.api)
        if cell.tells_by("websocket"):
            desktops = DesktopApi(
                self, "Desktops", cell=cell, region=region, functions=self.functions.by_name, key=records.key
            )
            self.functions.let_tell_desktops(desktops, records, shard)
