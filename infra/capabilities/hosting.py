"""How a shard is hosted on SageMaker: a multi-model endpoint, one endpoint whose container fetches adapters itself, or
inference components. Each with the canary and the metric to scale by that fit it.

Ways that SageMaker does not offer are refused in the deployment file (infra/deployment.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aws_cdk import Duration, Stack
from aws_cdk.aws_applicationautoscaling import PredefinedMetric, ScalableTarget, ServiceNamespace
from aws_cdk.aws_cloudwatch import Alarm, IMetric
from aws_cdk.aws_iam import IRole, Role
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnInferenceComponent, CfnModel
from constructs import Construct, IDependable

from infra.building_blocks.reviewed import accept
from infra.deployment import ShardSettings
from sotto.models.hosting import component_name

VARIANT = "live"
CANARY_PERCENT = 10
CANARY_S = 600
_SERVICE = "sagemaker.application-autoscaling.amazonaws.com"
_SERVICE_ROLES = {
    "variant": "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
    "inference-component": "AWSServiceRoleForApplicationAutoScaling_SageMakerInferenceComponent",
}


class OfInstances(Protocol):
    """What a deployment file says of the instances behind an endpoint."""

    @property
    def instance_type(self) -> str: ...

    @property
    def fewest(self) -> int: ...

    @property
    def startup_s(self) -> int: ...


def endpoint_for_a_model(
    scope: Construct,
    name: str,
    model: CfnModel,
    settings: OfInstances,
    alarms: Sequence[Alarm],
    capture: CfnEndpointConfig.DataCaptureConfigProperty | None,
) -> CfnEndpoint:
    """A change goes to a tenth of the instances first; an alarm within ten minutes takes it back."""
    variant = CfnEndpointConfig.ProductionVariantProperty(
        variant_name=VARIANT,
        model_name=model.attr_model_name,
        instance_type=settings.instance_type,
        initial_instance_count=settings.fewest,
        initial_variant_weight=1,
        container_startup_health_check_timeout_in_seconds=settings.startup_s,
    )
    config = CfnEndpointConfig(scope, "Config", production_variants=[variant], data_capture_config=capture)
    _accept_plain_disks(config)
    canary = CfnEndpoint.TrafficRoutingConfigProperty(
        type="CANARY",
        canary_size=CfnEndpoint.CapacitySizeProperty(type="CAPACITY_PERCENT", value=CANARY_PERCENT),
        wait_interval_in_seconds=CANARY_S,
    )
    return CfnEndpoint(
        scope,
        "Endpoint",
        endpoint_name=name,
        endpoint_config_name=config.attr_endpoint_config_name,
        deployment_config=CfnEndpoint.DeploymentConfigProperty(
            blue_green_update_policy=CfnEndpoint.BlueGreenUpdatePolicyProperty(
                traffic_routing_configuration=canary,
                termination_wait_in_seconds=300,
                maximum_execution_timeout_in_seconds=3_600,
            ),
            auto_rollback_configuration=CfnEndpoint.AutoRollbackConfigProperty(
                alarms=[CfnEndpoint.AlarmProperty(alarm_name=alarm.alarm_name) for alarm in alarms]
            ),
        ),
    )


def endpoint_for_components(
    scope: Construct,
    name: str,
    role: Role,
    settings: ShardSettings,
    capture: CfnEndpointConfig.DataCaptureConfigProperty | None,
) -> CfnEndpoint:
    """Instances only; SageMaker adds and removes them as the components' copies need them. Such endpoints know no
    blue/green updates: the components are updated instead."""
    variant = CfnEndpointConfig.ProductionVariantProperty(
        variant_name=VARIANT,
        instance_type=settings.instance_type,
        initial_instance_count=settings.fewest,
        container_startup_health_check_timeout_in_seconds=settings.startup_s,
        managed_instance_scaling=CfnEndpointConfig.ManagedInstanceScalingProperty(
            status="ENABLED", min_instance_count=settings.fewest, max_instance_count=settings.most
        ),
        routing_config=CfnEndpointConfig.RoutingConfigProperty(routing_strategy="LEAST_OUTSTANDING_REQUESTS"),
    )
    config = CfnEndpointConfig(
        scope,
        "Config",
        production_variants=[variant],
        execution_role_arn=role.role_arn,
        data_capture_config=capture,
    )
    config.node.add_dependency(role)
    _accept_plain_disks(config)
    return CfnEndpoint(scope, "Endpoint", endpoint_name=name, endpoint_config_name=config.attr_endpoint_config_name)


def base_component(
    scope: Construct,
    endpoint: CfnEndpoint,
    name: str,
    model: CfnModel,
    settings: ShardSettings,
    alarms: Sequence[Alarm],
) -> CfnInferenceComponent:
    """The shard with its base model. One copy at a time is replaced; an alarm takes the change back."""
    one = CfnInferenceComponent.InferenceComponentCapacitySizeProperty(type="COPY_COUNT", value=1)
    component = CfnInferenceComponent(
        scope,
        "Base",
        endpoint_name=endpoint.attr_endpoint_name,
        variant_name=VARIANT,
        inference_component_name=name,
        specification=CfnInferenceComponent.InferenceComponentSpecificationProperty(
            model_name=model.attr_model_name,
            compute_resource_requirements=CfnInferenceComponent.InferenceComponentComputeResourceRequirementsProperty(
                number_of_accelerator_devices_required=1 if settings.has_gpu else None,
                number_of_cpu_cores_required=None if settings.has_gpu else settings.encoder_threads,
                min_memory_required_in_mb=settings.model_memory_mb,
            ),
            startup_parameters=CfnInferenceComponent.InferenceComponentStartupParametersProperty(
                container_startup_health_check_timeout_in_seconds=settings.startup_s,
                model_data_download_timeout_in_seconds=settings.startup_s,
            ),
        ),
        runtime_config=CfnInferenceComponent.InferenceComponentRuntimeConfigProperty(copy_count=settings.fewest),
        deployment_config=CfnInferenceComponent.InferenceComponentDeploymentConfigProperty(
            rolling_update_policy=CfnInferenceComponent.InferenceComponentRollingUpdatePolicyProperty(
                maximum_batch_size=one,
                rollback_maximum_batch_size=one,
                wait_interval_in_seconds=CANARY_S,
                maximum_execution_timeout_in_seconds=7_200,
            ),
            auto_rollback_configuration=CfnInferenceComponent.AutoRollbackConfigurationProperty(
                alarms=[CfnInferenceComponent.AlarmProperty(alarm_name=alarm.alarm_name) for alarm in alarms]
            ),
        ),
    )
    component.add_resource_dependency(endpoint)
    return component


def adapter_component(
    scope: Construct, endpoint: CfnEndpoint, base: CfnInferenceComponent, endpoint_name: str, package: str, prefix: str
) -> CfnInferenceComponent:
    """A tenant's adapter on the base component, which brings the instances and the copies."""
    component = CfnInferenceComponent(
        scope,
        f"Adapter-{package.replace('/', '-')}",
        endpoint_name=endpoint.attr_endpoint_name,
        inference_component_name=component_name(endpoint_name, package),
        specification=CfnInferenceComponent.InferenceComponentSpecificationProperty(
            base_inference_component_name=base.inference_component_name,
            container=CfnInferenceComponent.InferenceComponentContainerSpecificationProperty(
                artifact_url=f"{prefix}{package}.tar.gz"
            ),
        ),
    )
    component.add_resource_dependency(base)
    return component


def scale(scope: Construct, name: str, settings: ShardSettings, after: IDependable) -> None:
    """``name``: of the endpoint, or of the base component. A classifier's answers all take as long, so requests a
    minute say how busy it is; one text takes a hundred times as long as another, so texts at once do."""
    components = settings.hosting == "inference_components"
    kind = "inference-component" if components else "variant"
    target = ScalableTarget(
        scope,
        "Instances",
        service_namespace=ServiceNamespace.SAGEMAKER,
        resource_id=f"inference-component/{name}" if components else f"endpoint/{name}/variant/{VARIANT}",
        scalable_dimension=f"sagemaker:{kind}:Desired{'CopyCount' if components else 'InstanceCount'}",
        role=_scaling_role(scope, kind),
        min_capacity=settings.fewest,
        max_capacity=settings.most,
    )
    target.node.add_dependency(after)
    target.scale_to_track_metric(
        "Invocations",
        predefined_metric=_busy_by(settings),
        target_value=settings.concurrent_requests if settings.writes else settings.invocations_per_minute,
        scale_out_cooldown=Duration.minutes(1),
        scale_in_cooldown=Duration.minutes(10),
    )


def scale_by_metric(
    scope: Construct, name: str, metric: IMetric, *, target: float, fewest: int, most: int, after: IDependable
) -> None:
    """Of an endpoint for a model: as many instances as keep ``metric`` at ``target``."""
    instances = ScalableTarget(
        scope,
        "Instances",
        service_namespace=ServiceNamespace.SAGEMAKER,
        resource_id=f"endpoint/{name}/variant/{VARIANT}",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        role=_scaling_role(scope, "variant"),
        min_capacity=fewest,
        max_capacity=most,
    )
    instances.node.add_dependency(after)
    instances.scale_to_track_metric(
        "Busy",
        custom_metric=metric,
        target_value=target,
        scale_out_cooldown=Duration.minutes(1),
        scale_in_cooldown=Duration.minutes(10),
    )


def _scaling_role(scope: Construct, kind: str) -> IRole:
    """The service's own; the CDK would make another one, without rights, that nobody uses."""
    role = f"arn:aws:iam::{Stack.of(scope).account}:role/aws-service-role/{_SERVICE}/{_SERVICE_ROLES[kind]}"
    return Role.from_role_arn(scope, "ScalingRole", role, mutable=False)


def _busy_by(settings: ShardSettings) -> PredefinedMetric:
    if settings.hosting == "inference_components":
        if settings.writes:
            return PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION
        return PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_INVOCATIONS_PER_COPY
    if settings.writes:
        return PredefinedMetric.SAGEMAKER_VARIANT_CONCURRENT_REQUESTS_PER_MODEL_HIGH_RESOLUTION
    return PredefinedMetric.SAGEMAKER_VARIANT_INVOCATIONS_PER_INSTANCE


def _accept_plain_disks(config: CfnEndpointConfig) -> None:
    accept(config, "AwsSolutions-SM2", because="Its instances keep nothing; packages are under the cell's key in S3.")
