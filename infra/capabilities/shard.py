"""The models of a cell: one SageMaker multi-model endpoint that runs model_containers/shard."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk.aws_applicationautoscaling import (
    PredefinedMetric,
    ScalableTarget,
    ServiceNamespace,
)
from aws_cdk.aws_cloudwatch import Metric
from aws_cdk.aws_ecr_assets import DockerImageAsset, Platform
from aws_cdk.aws_iam import IGrantable, PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnModel
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble, metric
from infra.building_blocks.bundling import REPOSITORY
from infra.building_blocks.measured import metrics_cell
from infra.building_blocks.reviewed import accept
from infra.capabilities.records import MODELS_PREFIX, CallRecords
from infra.deployment import Cell
from infra.deployment import Shard as ShardSettings

VARIANT = "live"
MODELS_LATE_US = 150_000
"""All of our own code together may take 150 ms; SageMaker counts in microseconds."""
# Docker's ignore rules: nothing but what the Dockerfile copies, so that the image changes only with it.
_NOT_IN_THE_IMAGE = ("*", "!pyproject.toml", "!model_containers", "!sotto", "**/__pycache__", "**/*.pyc")


class Shard(Construct):
    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, settings: ShardSettings, records: CallRecords, tell: ITopic
    ) -> None:
        super().__init__(scope, id)
        self.name = f"{cell.prefix}shard".replace("_", "-")
        self._settings = settings
        self._records = records
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("sagemaker.amazonaws.com"))
        records.let_load_models(self.role)
        self._image = self._built_image()
        self.alarms = [
            RunbookAlarm(self, each.page, prefix=cell.prefix, trouble=each, tell=tell) for each in self._troubles()
        ]
        self.endpoint = self._endpoint(self._model(cell))
        self._scale()
        CfnOutput(self, "EndpointName", value=self.name, description="Endpoint that packages are published for")

    @property
    def arn(self) -> str:
        return Stack.of(self).format_arn(service="sagemaker", resource="endpoint", resource_name=self.name)

    def let_ask(self, who: IGrantable) -> None:
        ask = PolicyStatement(actions=["sagemaker:InvokeEndpoint"], resources=[self.arn])
        who.grant_principal.add_to_principal_policy(ask)

    def metric(self, name: str, *, statistic: str) -> Metric:
        return metric("AWS/SageMaker", name, statistic, EndpointName=self.name, VariantName=VARIANT)

    def _built_image(self) -> DockerImageAsset:
        image = DockerImageAsset(
            self,
            "Image",
            directory=str(REPOSITORY),
            file="model_containers/shard/Dockerfile",
            platform=Platform.LINUX_AMD64,
            exclude=list(_NOT_IN_THE_IMAGE),
        )
        image.repository.grant_pull(self.role)
        because = "GetAuthorizationToken knows no resources; the cell's models are its own, whoever's tenant they are."
        accept(self.role, "AwsSolutions-IAM5[Resource::*]", because=because)
        return image

    def _model(self, cell: Cell) -> CfnModel:
        model = CfnModel(
            self,
            "Model",
            execution_role_arn=self.role.role_arn,
            primary_container=CfnModel.ContainerDefinitionProperty(
                image=self._image.image_uri,
                mode="MultiModel",
                model_data_url=f"s3://{self._records.bucket_name}/{MODELS_PREFIX}",
                multi_model_config=CfnModel.MultiModelConfigProperty(model_cache_setting="Enabled"),
                environment={
                    "SOTTO_CELL": metrics_cell(cell),
                    "SOTTO_ENCODER_THREADS": str(self._settings.encoder_threads),
                    "SOTTO_MODEL_MEMORY_MB": str(self._settings.model_memory_mb),
                },
            ),
        )
        model.node.add_dependency(self.role)
        return model

    def _endpoint(self, model: CfnModel) -> CfnEndpoint:
        """A change goes to a tenth of the instances first; an alarm within ten minutes takes it back."""
        config = CfnEndpointConfig(
            self,
            "Config",
            production_variants=[
                CfnEndpointConfig.ProductionVariantProperty(
                    variant_name=VARIANT,
                    model_name=model.attr_model_name,
                    instance_type=self._settings.instance_type,
                    initial_instance_count=self._settings.fewest,
                    initial_variant_weight=1,
                    container_startup_health_check_timeout_in_seconds=300,
                )
            ],
        )
        accept(
            config, "AwsSolutions-SM2", because="Its instances keep nothing; packages are under the cell's key in S3."
        )
        return CfnEndpoint(
            self,
            "Endpoint",
            endpoint_name=self.name,
            endpoint_config_name=config.attr_endpoint_config_name,
            deployment_config=CfnEndpoint.DeploymentConfigProperty(
                blue_green_update_policy=CfnEndpoint.BlueGreenUpdatePolicyProperty(
                    traffic_routing_configuration=CfnEndpoint.TrafficRoutingConfigProperty(
                        type="CANARY",
                        canary_size=CfnEndpoint.CapacitySizeProperty(type="CAPACITY_PERCENT", value=10),
                        wait_interval_in_seconds=600,
                    ),
                    termination_wait_in_seconds=300,
                    maximum_execution_timeout_in_seconds=3_600,
                ),
                auto_rollback_configuration=CfnEndpoint.AutoRollbackConfigProperty(
                    alarms=[CfnEndpoint.AlarmProperty(alarm_name=alarm.alarm_name) for alarm in self.alarms]
                ),
            ),
        )

    def _scale(self) -> None:
        service = "sagemaker.application-autoscaling.amazonaws.com"
        name = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
        account = Stack.of(self).account
        target = ScalableTarget(
            self,
            "Instances",
            service_namespace=ServiceNamespace.SAGEMAKER,
            resource_id=f"endpoint/{self.name}/variant/{VARIANT}",
            scalable_dimension="sagemaker:variant:DesiredInstanceCount",
            # The service's own; the CDK would make another one, without rights, that nobody uses.
            role=Role.from_role_arn(
                self, "ScalingRole", f"arn:aws:iam::{account}:role/aws-service-role/{service}/{name}", mutable=False
            ),
            min_capacity=self._settings.fewest,
            max_capacity=self._settings.most,
        )
        target.node.add_dependency(self.endpoint)
        target.scale_to_track_metric(
            "Invocations",
            predefined_metric=PredefinedMetric.SAGEMAKER_VARIANT_INVOCATIONS_PER_INSTANCE,
            target_value=self._settings.invocations_per_minute,
            scale_out_cooldown=Duration.minutes(1),
            scale_in_cooldown=Duration.minutes(10),
        )

    def _troubles(self) -> list[Trouble]:
        errors = self.metric("Invocation5XXErrors", statistic="Sum")
        late = self.metric("ModelLatency", statistic="p95")
        return [
            Trouble("model-errors", "Models answer with errors.", errors, 10, minutes=3, of_minutes=2),
            Trouble("model-latency", "Models answer late.", late, MODELS_LATE_US),
        ]
