"""The functions of a cell, and what each may do."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace

from aws_cdk import Stack
from aws_cdk.aws_iam import PolicyStatement
from constructs import Construct

from infra.building_blocks.function import DeployedFunction
from infra.building_blocks.measured import metrics_cell
from infra.capabilities.agent_api import AgentApi
from infra.capabilities.desktop_api import DesktopApi
from infra.capabilities.guide_machine import GuideMachine
from infra.capabilities.records import CONNECTIONS, CallRecords
from infra.capabilities.shard import ShardEndpoint
from infra.capabilities.tenant_access import TenantAccess
from infra.deployment import Cell, Region
from infra.generation import Generation
from sotto.core.resources import LIVE, WEBSOCKET_AUTHORISER, FunctionSpec

_FEWEST_AT_ONCE = 5
_KEEP_CONTACTS = (
    "start_guidance", "transcribe_call", "deliver_annotations", "follow_contact", "serve_agent", "ingest_contact_lens",
    "summarise_call", "erase_contact",
)  # fmt: skip
_TELLERS = ("transcribe_call", "deliver_annotations", "follow_contact", "ingest_contact_lens", "summarise_call")
_EMBEDDED_MEMORY_MB = 3_538
"""Lambda gives processors by memory: two of them, one for each channel that the embedded recogniser transcribes."""


class CallFunctions(Construct):
    """Made first, without rights; each ``let_...`` below gives what one function needs to do its part of the route."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell, region: Region, records: CallRecords) -> None:
        super().__init__(scope, id)
        self._cell = cell
        self._region = region
        environment = {**records.environment, "SOTTO_FUNCTION_PREFIX": cell.prefix, "SOTTO_CELL": metrics_cell(cell)}
        self.by_name: Mapping[str, DeployedFunction] = {
            spec.name: DeployedFunction(
                self,
                "".join(word.title() for word in spec.name.split("_")),
                spec=_sized(spec, cell),
                extras=extras_of(spec, cell),
                prefix=cell.prefix,
                environment=environment,
                log_days=region.log_days,
                failures_key=records.key,
                reserved_concurrency=_reserved(spec, region),
            )
            for spec in cell.functions
        }
        if region.tenant_sessions:
            self._act_as_tenants(records)
        else:
            self._let_keep_records(records)

    def __getitem__(self, name: str) -> DeployedFunction:
        return self.by_name[name]

    def let_read_media(self, records: CallRecords) -> None:
        """The audio worker reads the media streams of the cell's instances, where it can as the contact's tenant."""
        worker = self["transcribe_call"]
        if not self._region.tenant_sessions:
            for tenant in self._cell.tenants:
                records.let_read_media(tenant, worker.role)
        if self._cell.recognises_with("transcribe"):
            # Transcribe's streams are no resources.
            worker.may(["transcribe:StartStreamTranscription"], ["*"])
        if self._cell.recognises_with("deepgram") and self._region.deepgram_secret_arn:
            worker.knows(SOTTO_DEEPGRAM_SECRET=self._region.deepgram_secret_arn)
            worker.may(["secretsmanager:GetSecretValue"], [self._region.deepgram_secret_arn])

    def let_start_each_other(self) -> None:
        self._let_invoke("start_guidance", "transcribe_call")
        self._let_invoke("transcribe_call", "transcribe_call", "orchestrate_utterance", "deliver_annotations")
        self._let_invoke("follow_contact", "deliver_annotations")
        self._let_invoke("ingest_contact_lens", "orchestrate_utterance", "deliver_annotations")
        self._let_invoke("follow_contact", "transcribe_call")  # in place of one whose order was given up
        for function in self.by_name.values():
            if function.spec.failures_to is not None:
                function.tell_of_failures(self[function.spec.failures_to])

    def let_guide(self, machine: GuideMachine) -> None:
        orchestrate = self["orchestrate_utterance"]
        orchestrate.knows(SOTTO_GUIDE_UTTERANCE_ARN=machine.arn)
        machine.let_start(orchestrate.role)

    def let_ask_models(self, shard: ShardEndpoint) -> None:
        shard.let_ask(self["route_inference"].role)
        shard.let_ask(self["serve_agent"].role)  # agents search the knowledge themselves

    def let_write_texts(self, shard: ShardEndpoint) -> None:
        """Replies and answers while somebody talks, and what agents ask about a call; its summary."""
        generation = self._region.generation
        if generation is None:
            return
        served = ("serve_connection",) if "serve_connection" in self.by_name else ()
        for name in ("route_inference", "serve_agent", "summarise_call", *served):
            self[name].knows(**generation.environment)
            if "shard" in generation.order:
                self[name].may(["sagemaker:InvokeEndpointWithResponseStream"], [self._writers(generation, shard)])
                if shard.writes and generation.shard_endpoint is None:
                    shard.let_ask(self[name].role)  # its components too, where it has any
            if "bedrock" in generation.order:
                self[name].may(["bedrock:InvokeModelWithResponseStream"], generation.models_in(self._cell.region))
            if generation.openai_secret_arn:
                self[name].may(["secretsmanager:GetSecretValue"], [generation.openai_secret_arn])

    def _writers(self, generation: Generation, shard: ShardEndpoint) -> str:
        if generation.shard_endpoint is None:
            return shard.arn
        name = generation.shard_endpoint.lower()  # as the ARNs of endpoints are written
        return Stack.of(self).format_arn(service="sagemaker", resource="endpoint", resource_name=name)

    def let_tell_agents(self, api: AgentApi) -> None:
        for name in _TELLERS:
            self[name].knows(SOTTO_GRAPHQL_URL=api.url)
            api.let_publish(self[name].role)
        self["serve_agent"].knows(SOTTO_OIDC_TENANTS=",".join(self._cell.tenants))

    def let_tell_desktops(self, api: DesktopApi, records: CallRecords, shard: ShardEndpoint) -> None:
        """By the WebSocket API, for the tenants that chose it."""
        self["authorise_connection"].knows(**self._sign_in())
        shard.let_ask(self["serve_connection"].role)
        chosen = {name: list(tenant.channels) for name, tenant in self._cell.tenants.items()}
        for name in (*_TELLERS, "serve_connection"):
            self[name].knows(SOTTO_WEBSOCKET_URL=api.url, SOTTO_CHANNELS=json.dumps(chosen))
            api.let_post(self[name].role)
        for name in (*_TELLERS, "serve_connection", "track_connection"):
            self[name].knows(SOTTO_CONNECTIONS_TABLE=records.table_name(CONNECTIONS))
            if not self._region.tenant_sessions:
                records.let_keep_connections(self[name].role)

    def _sign_in(self) -> dict[str, str]:
        """The same as AppSync's."""
        sign_in = self._cell.sign_in(self._region)
        client = {"SOTTO_OIDC_CLIENT_ID": sign_in.client_id} if sign_in.client_id else {}
        return {"SOTTO_OIDC_ISSUER": sign_in.issuer, "SOTTO_OIDC_TENANTS": ",".join(self._cell.tenants), **client}

    def _act_as_tenants(self, records: CallRecords) -> None:
        # Who has not been let in yet is nobody's tenant.
        functions = [function for name, function in self.by_name.items() if name != WEBSOCKET_AUTHORISER]
        for function in functions:
            records.let_read_what_is_nobodys(function.role)
        TenantAccess(
            self,
            "Tenants",
            cell=self._cell,
            records=records,
            functions=functions,
            media_reader=self["transcribe_call"],
        )

    def _let_keep_records(self, records: CallRecords) -> None:
        served = ("serve_connection",) if "serve_connection" in self.by_name else ()
        for name in (*_KEEP_CONTACTS, *served):
            records.let_keep_contacts(self[name].role)
            records.let_read_books(self[name].role)
        for name in ("serve_agent", "erase_contact", *served):
            records.let_keep_audit(self[name].role)
        records.let_read_contacts(self["orchestrate_utterance"].role)
        records.let_read_books(self["orchestrate_utterance"].role)
        for name in ("route_inference", "serve_agent", "summarise_call", *served):
            records.let_find_models(self[name].role)
        # What was said before, house rules, and what versions in the shadow said.
        records.let_keep_contacts(self["route_inference"].role)
        records.let_read_books(self["route_inference"].role)

    def _let_invoke(self, caller: str, *called: str) -> None:
        """By name, as sotto.wiring.contact addresses them; a function's own ARN would make it depend on itself."""
        stack = Stack.of(self)
        names = [f"{self._cell.prefix}{name}" for name in called]
        arns = [stack.format_arn(service="lambda", resource=f"function:{name}:{LIVE}") for name in names]
        self[caller].role.add_to_policy(PolicyStatement(actions=["lambda:InvokeFunction"], resources=arns))


def _has_embedded_recogniser(spec: FunctionSpec, cell: Cell) -> bool:
    return spec.name == "transcribe_call" and cell.recognises_with("embedded")


def extras_of(spec: FunctionSpec, cell: Cell) -> tuple[str, ...]:
    """Beside the function's own: what its zip holds because of the cell's tenants."""
    return ("embedded_recogniser",) if _has_embedded_recogniser(spec, cell) else ()


def _sized(spec: FunctionSpec, cell: Cell) -> FunctionSpec:
    return replace(spec, memory_mb=_EMBEDDED_MEMORY_MB) if _has_embedded_recogniser(spec, cell) else spec


def _reserved(spec: FunctionSpec, region: Region) -> int | None:
    """What is reserved is also the most: enough for every call, and so much is nobody else's to take."""
    if spec.share_of_calls is None or not region.reserve_concurrency:
        return None
    return max(_FEWEST_AT_ONCE, math.ceil(round(spec.share_of_calls * region.calls, 6)))
