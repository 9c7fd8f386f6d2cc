"""What telephone systems dial: media_gateway on Fargate, behind a load balancer with a public certificate."""

from __future__ import annotations

import json

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk.aws_certificatemanager import Certificate
from aws_cdk.aws_ec2 import (
    FlowLogDestination,
    Peer,
    Port,
    SecurityGroup,
    SubnetConfiguration,
    SubnetSelection,
    SubnetType,
    Vpc,
)
from aws_cdk.aws_ecr_assets import Platform
from aws_cdk.aws_ecs import (
    Cluster,
    ContainerImage,
    ContainerInsights,
    DeploymentCircuitBreaker,
    FargateService,
    FargateTaskDefinition,
    LogDriver,
    PortMapping,
)
from aws_cdk.aws_elasticloadbalancingv2 import (
    ApplicationLoadBalancer,
    ApplicationProtocol,
    HealthCheck,
    SslPolicy,
)
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from infra.building_blocks.bundling import REPOSITORY
from infra.building_blocks.function import LOG_DAYS
from infra.building_blocks.key import KEEP_STREAMS
from infra.building_blocks.measured import metrics_cell
from infra.building_blocks.reviewed import accept
from infra.capabilities.records import CallRecords
from infra.deployment import Cell
from infra.media_gateway import MediaGateway
from sotto.core.resources import LIVE

PORT = 8080
DRAINS = Duration.hours(1)
"""A task that is replaced keeps its calls for so long; the load balancer allows no longer."""
BUSY_PERCENT = 50
_NOT_IN_THE_IMAGE = ("*", "!pyproject.toml", "!media_gateway", "!sotto", "**/__pycache__", "**/*.pyc")


class GatewayService(Construct):
    """Reads no audio and no record: it writes the streams of the cell's gateways, and tells one function of calls."""

    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, settings: MediaGateway, records: CallRecords, log_days: int
    ) -> None:
        super().__init__(scope, id)
        self._cell, self._settings = cell, settings
        vpc = self._network(log_days)
        task = self._task(records, log_days)
        cluster = Cluster(self, "Cluster", vpc=vpc, container_insights_v2=ContainerInsights.ENABLED)
        balancer = ApplicationLoadBalancer(
            self, "Balancer", vpc=vpc, internet_facing=True, drop_invalid_header_fields=True
        )
        accept(balancer, "AwsSolutions-ELB2", because="The gateway counts its sessions itself, without addresses.")
        own = SecurityGroup(self, "Tasks", vpc=vpc, allow_all_outbound=True, description="Media gateway")
        service = FargateService(
            self,
            "Service",
            cluster=cluster,
            task_definition=task,
            desired_count=settings.fewest,
            min_healthy_percent=100,
            max_healthy_percent=200,
            circuit_breaker=DeploymentCircuitBreaker(rollback=True),
            assign_public_ip=True,
            security_groups=[own],
            vpc_subnets=SubnetSelection(subnet_type=SubnetType.PUBLIC),
            health_check_grace_period=Duration.seconds(60),
        )
        listener = balancer.add_listener(
            "Https",
            port=443,
            protocol=ApplicationProtocol.HTTPS,
            certificates=[Certificate.from_certificate_arn(self, "Certificate", settings.certificate_arn)],
            ssl_policy=SslPolicy.RECOMMENDED_TLS,
            open=False,
        )
        listener.connections.allow_from(Peer.any_ipv4(), Port.tcp(443), "Telephone systems dial from anywhere")
        accept(
            balancer.connections.security_groups[0],
            "AwsSolutions-EC23",
            because="Telephone systems publish no addresses that last; every handshake is signed.",
        )
        listener.add_targets(
            "Calls",
            port=PORT,
            protocol=ApplicationProtocol.HTTP,
            targets=[service],
            deregistration_delay=DRAINS,
            health_check=HealthCheck(path="/ping", interval=Duration.seconds(15), healthy_threshold_count=2),
        )
        scaling = service.auto_scale_task_count(min_capacity=settings.fewest, max_capacity=settings.most)
        scaling.scale_on_cpu_utilization(
            "Busy",
            target_utilization_percent=BUSY_PERCENT,
            scale_in_cooldown=DRAINS,
            scale_out_cooldown=Duration.minutes(1),
        )
        self.address = balancer.load_balancer_dns_name

    def _network(self, log_days: int) -> Vpc:
        """Public subnets alone: the tasks reach AWS's endpoints by the internet gateway, and only the load balancer
        reaches them."""
        public = SubnetConfiguration(name="public", subnet_type=SubnetType.PUBLIC, map_public_ip_on_launch=False)
        vpc = Vpc(
            self, "Vpc", max_azs=2, nat_gateways=0, subnet_configuration=[public], restrict_default_security_group=False
        )
        log = LogGroup(self, "Flows", retention=LOG_DAYS[log_days], removal_policy=RemovalPolicy.DESTROY)
        vpc.add_flow_log("FlowLog", destination=FlowLogDestination.to_cloud_watch_logs(log))
        return vpc

    def _task(self, records: CallRecords, log_days: int) -> FargateTaskDefinition:
        task = FargateTaskDefinition(self, "Task", cpu=1_024, memory_limit_mib=2_048)
        log = LogGroup(
            self,
            "Logs",
            log_group_name=f"/sotto/{self._cell.prefix}media-gateway",
            retention=LOG_DAYS[log_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        task.add_container(
            "Gateway",
            image=ContainerImage.from_asset(
                str(REPOSITORY),
                file="media_gateway/Dockerfile",
                platform=Platform.LINUX_AMD64,
                exclude=list(_NOT_IN_THE_IMAGE),
            ),
            environment=self._environment(),
            logging=LogDriver.aws_logs(stream_prefix="gateway", log_group=log),
            port_mappings=[PortMapping(container_port=PORT)],
            stop_timeout=Duration.seconds(120),
            readonly_root_filesystem=True,
        )
        accept(task, "AwsSolutions-ECS2", because="Names, addresses and ARNs; secrets are read from Secrets Manager.")
        if task.execution_role is not None:
            because = "GetAuthorizationToken knows no resources."
            accept(task.obtain_execution_role(), "AwsSolutions-IAM5[Resource::*]", because=because)
        self._let_write_streams(task, records)
        self._let_tell(task)
        return task

    def _environment(self) -> dict[str, str]:
        """As media_gateway.settings reads it."""
        settings = self._settings
        entries = [
            {
                "id": each.id,
                "provider": each.provider,
                "tenant": each.tenant,
                "account": each.account,
                "secret": each.secret_arn,
            }
            for each in settings.entries
        ]
        return {
            "AWS_REGION": self._cell.region,
            "SOTTO_CELL": metrics_cell(self._cell),
            "SOTTO_FUNCTION_PREFIX": self._cell.prefix,
            "SOTTO_GATEWAY_ENTRIES": json.dumps(entries),
            "SOTTO_GATEWAY_HOST": settings.host,
            "SOTTO_GATEWAY_STREAMS": self._cell.gateway_streams_begin,
            "SOTTO_GATEWAY_RETENTION_HOURS": str(settings.retention_hours),
            "SOTTO_GATEWAY_SESSIONS": str(settings.sessions),
            "SOTTO_TENANT_KEY": self._cell.tenant_key_alias("{tenant}"),
        }

    def _let_write_streams(self, task: FargateTaskDefinition, records: CallRecords) -> None:
        """Never to read them: what was said leaves a stream by the tenant's own role alone."""
        cell, role = self._cell, task.task_role
        tenants = sorted({each.tenant for each in self._settings.entries})
        streams = [cell.gateway_streams_arn(tenant) for tenant in tenants]
        actions = ["CreateStream", "DescribeStream", "GetDataEndpoint", "PutMedia", "DeleteStream"]
        task.add_to_task_role_policy(
            PolicyStatement(actions=[f"kinesisvideo:{each}" for each in actions], resources=streams)
        )
        task.add_to_task_role_policy(PolicyStatement(actions=["kinesisvideo:ListStreams"], resources=["*"]))
        for tenant in tenants:
            records.media_keys[tenant].let_use_through("kinesisvideo", role, KEEP_STREAMS)
        secrets = sorted({each.secret_arn for each in self._settings.entries})
        task.add_to_task_role_policy(PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=secrets))
        because = "A stream for each call, named after tenant and contact; to list streams knows no resources."
        accept(role, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in (*streams, "*")), because=because)

    def _let_tell(self, task: FargateTaskDefinition) -> None:
        name = f"{self._cell.prefix}follow_gateway"
        arn = Stack.of(self).format_arn(service="lambda", resource=f"function:{name}:{LIVE}")
        task.add_to_task_role_policy(PolicyStatement(actions=["lambda:InvokeFunction"], resources=[arn]))
