"""The models of a cell: a SageMaker endpoint that runs model_containers/shard."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk.aws_cloudwatch import Metric
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnModel
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble, metric
from infra.building_blocks.measured import metrics_cell
from infra.building_blocks.reviewed import accept
from infra.capabilities import hosting
from infra.capabilities.hosting import VARIANT
from infra.capabilities.model_container import built_image, folder_of_files, let_read_folder, let_write_log
from infra.capabilities.records import CallRecords
from infra.capabilities.tenants_bucket import MODELS_PREFIX
from infra.deployment import Cell, ShardSettings
from sotto.models.hosting import ADAPTERS, COMPONENTS, base_component_name

MODELS_LATE_US = 150_000
"""All of our own code together may take 150 ms; SageMaker counts in microseconds."""
TEXTS_LATE_US = 10_000_000
# Docker's ignore rules: nothing but what the Dockerfile copies, so that the image changes only with it.
_NOT_IN_THE_IMAGE = (
    *("*", "!pyproject.toml", "!model_containers/__init__.py", "!model_containers/shard", "!sotto"),
    *("**/__pycache__", "**/*.pyc"),
)
_ADDRESSED = {"multi_model": "", "single_endpoint": f"/{ADAPTERS}", "inference_components": f"/{COMPONENTS}"}


class ShardEndpoint(Construct):
    """``kind``: ``shard``, which classifies, or ``writer``; in names, and before the writer's alarms."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        settings: ShardSettings,
        records: CallRecords,
        log_days: int,
        topic: ITopic,
        kind: str = "shard",
    ) -> None:
        super().__init__(scope, id)
        self.name = f"{cell.prefix}{kind}".replace("_", "-")
        self._base_name = base_component_name(self.name)
        self._cell = cell
        self._settings = settings
        self._records = records
        self._where = f"{cell.region}:{cell.account}"
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("sagemaker.amazonaws.com"))
        records.let_load_models(self.role)
        let_read_folder(self.role, settings.base_model, because="All files of one base model.")
        in_components = settings.hosting == "inference_components"
        log = ("InferenceComponents", self._base_name) if in_components else ("Endpoints", self.name)
        let_write_log(self, self.role, *log, days=log_days)
        alarms = cell.prefix if kind == "shard" else f"{cell.prefix}{kind}-"
        self.alarms = [
            RunbookAlarm(self, each.page, prefix=alarms, trouble=each, topic=topic) for each in self._troubles()
        ]
        self.endpoint = self._hosted(self._model(), self._captured(cell))
        address = self.name + _ADDRESSED[settings.hosting]
        CfnOutput(self, "EndpointName", value=address, description="Endpoint that packages are published for")

    @property
    def arn(self) -> str:
        return Stack.of(self).format_arn(service="sagemaker", resource="endpoint", resource_name=self.name)

    @property
    def writes(self) -> bool:
        """It is a decoder."""
        return self._settings.writes

    def let_ask(self, who: Role) -> None:
        actions = ["sagemaker:InvokeEndpoint"]
        actions += ["sagemaker:InvokeEndpointWithResponseStream"] if self._settings.writes else []
        resources = [self.arn]
        if self._settings.hosting == "inference_components":
            components = f"arn:aws:sagemaker:{self._where}:inference-component/{self.name}-*"
            resources.append(components)
            because = "Adapters come and go with what tenants publish; their components begin with the endpoint's name."
            accept(who, f"AwsSolutions-IAM5[Resource::{components}]", because=because)
        who.add_to_policy(PolicyStatement(actions=actions, resources=resources))

    def metric(self, name: str, *, statistic: str) -> Metric:
        if self._settings.hosting == "inference_components":
            return metric("AWS/SageMaker", name, statistic, InferenceComponentName=self._base_name)
        return metric("AWS/SageMaker", name, statistic, EndpointName=self.name, VariantName=VARIANT)

    def _hosted(self, model: CfnModel, capture: CfnEndpointConfig.DataCaptureConfigProperty | None) -> CfnEndpoint:
        settings, alarms = self._settings, self.alarms
        if settings.hosting != "inference_components":
            endpoint = hosting.endpoint_for_a_model(self, self.name, model, settings, alarms, capture)
            hosting.scale(self, self.name, settings, endpoint)
            return endpoint
        endpoint = hosting.endpoint_for_components(self, self.name, self.role, settings, capture)
        base = hosting.base_component(self, endpoint, self._base_name, model, settings, alarms)
        for package in settings.adapters:
            hosting.adapter_component(self, endpoint, base, self.name, package, self._packages)
        hosting.scale(self, self._base_name, settings, base)
        return endpoint

    def _model(self) -> CfnModel:
        multi = self._settings.hosting == "multi_model"
        model = CfnModel(
            self,
            "Model",
            execution_role_arn=self.role.role_arn,
            primary_container=CfnModel.ContainerDefinitionProperty(
                image=self._settings.image or self._image(),
                mode="MultiModel" if multi else None,
                model_data_url=self._packages if multi else None,
                multi_model_config=CfnModel.MultiModelConfigProperty(model_cache_setting="Enabled") if multi else None,
                model_data_source=folder_of_files(self._settings.base_model),
                environment=self._environment(),
            ),
        )
        model.node.add_dependency(self.role)
        return model

    @property
    def _packages(self) -> str:
        return f"s3://{self._records.bucket_name}/{MODELS_PREFIX}"

    def _environment(self) -> dict[str, str]:
        """As model_containers/shard/__main__.py reads it."""
        environment = {
            "SOTTO_CELL": metrics_cell(self._cell),
            "SOTTO_ENCODER_THREADS": str(self._settings.encoder_threads),
            "SOTTO_MODEL_MEMORY_MB": str(self._settings.model_memory_mb),
        }
        if self._settings.writes:
            environment["SOTTO_ENGINE"] = "decoder"
        if self._settings.text_engine != "own":
            environment["SOTTO_DECODER_ENGINE"] = self._settings.text_engine
        if self._settings.hosting != "inference_components":
            # Behind multi-model hosting SageMaker loads the first of a wave; the shard fetches the others itself.
            environment["SOTTO_ADAPTERS"] = self._packages.rstrip("/")
        return environment

    def _captured(self, cell: Cell) -> CfnEndpointConfig.DataCaptureConfigProperty | None:
        """Off, unless the one tenant whose words the endpoint gets wants it."""
        tenant = cell.captures_for
        if tenant is None:
            return None
        destination, key = self._records.let_capture(tenant, self.role)
        return CfnEndpointConfig.DataCaptureConfigProperty(
            enable_capture=True,
            initial_sampling_percentage=100,
            destination_s3_uri=destination,
            kms_key_id=key.key_arn,
            capture_options=[
                CfnEndpointConfig.CaptureOptionProperty(capture_mode=mode) for mode in ("Input", "Output")
            ],
            capture_content_type_header=CfnEndpointConfig.CaptureContentTypeHeaderProperty(
                json_content_types=["application/json"]
            ),
        )

    def _image(self) -> str:
        because = "GetAuthorizationToken knows no resources; the cell's models are its own, whoever's tenant they are."
        return built_image(self, self.role, "shard", _NOT_IN_THE_IMAGE, because=because)

    def _troubles(self) -> list[Trouble]:
        errors = self.metric("Invocation5XXErrors", statistic="Sum")
        late = self.metric("ModelLatency", statistic="p95")
        late_us = TEXTS_LATE_US if self._settings.writes else MODELS_LATE_US
        return [
            Trouble("model-errors", "Models answer with errors.", errors, 10, minutes=3, of_minutes=2),
            Trouble("model-latency", "Models answer late.", late, late_us),
        ]
