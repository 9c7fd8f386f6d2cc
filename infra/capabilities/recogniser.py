"""The cell's own recogniser: a SageMaker endpoint that runs model_containers/recogniser."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk.aws_iam import Role, ServicePrincipal
from aws_cdk.aws_sagemaker import CfnModel
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble
from infra.building_blocks.function import DeployedFunction
from infra.building_blocks.measured import CellMetrics, metrics_cell
from infra.capabilities import hosting
from infra.capabilities.model_container import built_image, folder_of_files, let_read_folder, let_write_log
from infra.deployment import Cell
from infra.recogniser import RecogniserSettings
from sotto.core.metrics import measure

FINALS_LATE_MS = 1_500
# Docker's ignore rules: nothing but what the Dockerfile copies, so that the image changes only with it.
_NOT_IN_THE_IMAGE = (
    *("*", "!pyproject.toml", "!requirements-models.lock", "!model_containers/__init__.py"),
    *("!model_containers/recogniser", "!sotto", "**/__pycache__", "**/*.pyc"),
)


class RecogniserEndpoint(Construct):
    """In the cell's region, for the cell's tenants alone. Nothing that is spoken is captured or kept."""

    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, settings: RecogniserSettings, log_days: int, topic: ITopic
    ) -> None:
        super().__init__(scope, id)
        self.name = f"{cell.prefix}recogniser".replace("_", "-")
        self._cell = cell
        self._settings = settings
        self._ours = CellMetrics(cell)
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("sagemaker.amazonaws.com"))
        let_write_log(self, self.role, "Endpoints", self.name, days=log_days)  # its metrics are lines of it
        let_read_folder(self.role, settings.model, because="All files of one model.")
        self.alarms = [
            RunbookAlarm(self, each.page, prefix=cell.prefix, trouble=each, topic=topic) for each in self._troubles()
        ]
        endpoint = hosting.endpoint_for_a_model(self, self.name, self._model(), settings, self.alarms, None)
        hosting.scale_by_metric(
            self,
            self.name,
            self._ours.of(measure.HOSTED_LOAD, "Average"),
            target=settings.busy_percent,
            fewest=settings.fewest,
            most=settings.most,
            after=endpoint,
        )
        CfnOutput(self, "EndpointName", value=self.name, description="Endpoint of the self-hosted recogniser")

    def let_recognise(self, function: DeployedFunction) -> None:
        function.knows(
            SOTTO_SELF_HOSTED_RECOGNISER=self.name, SOTTO_SELF_HOSTED_LANGUAGES=",".join(self._settings.languages)
        )
        function.may(["sagemaker:InvokeEndpointWithBidirectionalStream"], [self.arn])

    @property
    def arn(self) -> str:
        return Stack.of(self).format_arn(service="sagemaker", resource="endpoint", resource_name=self.name)

    def _model(self) -> CfnModel:
        model = CfnModel(
            self,
            "Model",
            execution_role_arn=self.role.role_arn,
            primary_container=CfnModel.ContainerDefinitionProperty(
                image=self._settings.image or self._image(),
                model_data_source=folder_of_files(self._settings.model),
                environment=self._environment(),
            ),
        )
        model.node.add_dependency(self.role)
        return model

    def _environment(self) -> dict[str, str]:
        """As model_containers/recogniser/__main__.py reads it."""
        settings = self._settings
        return {
            "SOTTO_CELL": metrics_cell(self._cell),
            "SOTTO_RECOGNISER_ENGINE": settings.engine,
            "SOTTO_RECOGNISER_SESSIONS": str(settings.sessions),
            "SOTTO_RECOGNISER_WORKERS": str(settings.workers),
            "SOTTO_RECOGNISER_BATCH": str(settings.batch),
            "SOTTO_RECOGNISER_LANGUAGES": ",".join(settings.languages),
            "SOTTO_RECOGNISER_DEVICE": "cuda" if settings.has_gpu else "cpu",
        }

    def _image(self) -> str:
        because = "GetAuthorizationToken knows no resources."
        return built_image(self, self.role, "recogniser", _NOT_IN_THE_IMAGE, because=because)

    def _troubles(self) -> list[Trouble]:
        refused = self._ours.of(measure.HOSTED_REFUSED)
        late = self._ours.of(measure.HOSTED_FINAL, "p95")
        return [
            Trouble("recogniser-full", "The self-hosted recogniser refuses sessions.", refused, 3, 5, 2),
            Trouble("recogniser-late", "The self-hosted recogniser is late.", late, FINALS_LATE_MS),
        ]
