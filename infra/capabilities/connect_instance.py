"""A Connect instance that guidance is given on: who may invoke what, where audio goes, the flows and the module."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk.aws_connect import (
    CfnContactFlow,
    CfnContactFlowModule,
    CfnInstanceStorageConfig,
    CfnIntegrationAssociation,
)
from aws_cdk.aws_iam import ServicePrincipal
from constructs import Construct

from infra.building_blocks.function import DeployedFunction
from infra.capabilities.agent_workspace import AgentWorkspace
from infra.capabilities.contact_flow.template import guidance_module, guided_flow, whisper_flow
from infra.capabilities.records import CallRecords
from infra.deployment import Cell, Instance

WHISPERS = ("customer", "outbound")
"""Whisper flows in which Connect lets media streaming start."""


class ConnectInstance(Construct):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        instance: Instance,
        start_guidance: DeployedFunction,
        records: CallRecords,
        workspace: AgentWorkspace,
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        self._instance = instance
        self._start_guidance = start_guidance
        lambda_association = self._let_flows_invoke()
        if instance.media_streams == "create":
            self._stream_audio(records)
        self._module().add_resource_dependency(lambda_association)
        for whisper in WHISPERS:
            self._whisper(whisper).add_resource_dependency(lambda_association)
        if instance.queue_arn:
            self._example_flow(instance.queue_arn).add_resource_dependency(lambda_association)
        self._associate("Workspace", "APPLICATION", workspace.arn)

    def _let_flows_invoke(self) -> CfnIntegrationAssociation:
        self._start_guidance.live.add_permission(
            f"Connect-{self._instance.id}",
            principal=ServicePrincipal("connect.amazonaws.com"),
            source_arn=self._instance.arn,
            source_account=self._cell.account,
        )
        return self._associate("StartGuidance", "LAMBDA_FUNCTION", self._start_guidance.live.function_arn)

    def _stream_audio(self, records: CallRecords) -> None:
        """Connect makes one stream per call in progress, under the tenant's key."""
        CfnInstanceStorageConfig(
            self,
            "MediaStreams",
            instance_arn=self._instance.arn,
            resource_type="MEDIA_STREAMS",
            storage_type="KINESIS_VIDEO_STREAM",
            kinesis_video_stream_config=CfnInstanceStorageConfig.KinesisVideoStreamConfigProperty(
                prefix=self._instance.media_prefix,
                # 0 would persist nothing, and no worker could resume where another stopped.
                retention_period_hours=self._instance.media_retention_hours,
                encryption_config=CfnInstanceStorageConfig.EncryptionConfigProperty(
                    encryption_type="KMS", key_id=records.media_keys[self._instance.tenant].key_arn
                ),
            ),
        )

    def _module(self) -> CfnContactFlowModule:
        content = guidance_module(start_guidance_arn=self._start_guidance.live.function_arn)
        return CfnContactFlowModule(
            self,
            "Module",
            instance_arn=self._instance.arn,
            name=f"{self._cell.prefix}start-guidance",
            description="Starts live guidance. Put it before the contact is queued; whatever fails, the call goes on.",
            content=Stack.of(self).to_json_string(content),
        )

    def _whisper(self, kind: str) -> CfnContactFlow:
        """For those who start guidance where queue and agent are known."""
        content = whisper_flow(start_guidance_arn=self._start_guidance.live.function_arn)
        return CfnContactFlow(
            self,
            f"{kind.title()}Whisper",
            instance_arn=self._instance.arn,
            name=f"{self._cell.prefix}{kind}-whisper",
            type=f"{kind.upper()}_WHISPER",
            description="Starts live guidance when an agent has accepted. Whatever fails, the call goes on.",
            content=Stack.of(self).to_json_string(content),
        )

    def _example_flow(self, queue_arn: str) -> CfnContactFlow:
        content = guided_flow(start_guidance_arn=self._start_guidance.live.function_arn, queue_arn=queue_arn)
        return CfnContactFlow(
            self,
            "ExampleFlow",
            instance_arn=self._instance.arn,
            name=f"{self._cell.prefix}guided-calls",
            type="CONTACT_FLOW",
            description="An example: starts live guidance and transfers to a queue.",
            content=Stack.of(self).to_json_string(content),
        )

    def _associate(self, id: str, kind: str, arn: str) -> CfnIntegrationAssociation:
        return CfnIntegrationAssociation(
            self, f"{id}Association", instance_id=self._instance.arn, integration_type=kind, integration_arn=arn
        )
