"""The cell's own recogniser: a SageMaker endpoint that runs model_containers/recogniser."""

from __future__ import annotations

from urllib.parse import urlsplit

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_ecr_assets import DockerImageAsset, Platform
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_sagemaker import CfnModel
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble
from infra.building_blocks.bundling import REPOSITORY
from infra.building_blocks.function import LOG_DAYS, DeployedFunction
from infra.building_blocks.measured import CellMetrics, metrics_cell
from infra.building_blocks.reviewed import accept
from infra.capabilities import hosting
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
        self._let_write_logs(log_days)
        self._let_read_model()
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
                image=self._settings.image or self._built_image(),
                model_data_source=self._model_data(),
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

    def _model_data(self) -> CfnModel.ModelDataSourceProperty | None:
        if self._settings.model is None:
            return None
        source = CfnModel.S3DataSourceProperty(
            s3_uri=self._settings.model, s3_data_type="S3Prefix", compression_type="None"
        )
        return CfnModel.ModelDataSourceProperty(s3_data_source=source)

    def _let_write_logs(self, days: int) -> None:
        """Its metrics are lines of its log, which SageMaker writes with the model's role."""
        logs = LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/sagemaker/Endpoints/{self.name}",
            retention=LOG_DAYS[days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], logs.log_group_arn)

    def _let_read_model(self) -> None:
        if self._settings.model is None:
            return
        address = urlsplit(self._settings.model)
        objects = f"arn:aws:s3:::{address.netloc}{address.path}*"
        self._allow(["s3:GetObject"], objects)
        self._allow(
            ["s3:ListBucket"],
            f"arn:aws:s3:::{address.netloc}",
            {"StringLike": {"s3:prefix": [f"{address.path.lstrip('/')}*"]}},
        )
        accept(self.role, f"AwsSolutions-IAM5[Resource::{objects}]", because="All files of one model.")

    def _built_image(self) -> str:
        image = DockerImageAsset(
            self,
            "Image",
            directory=str(REPOSITORY),
            file="model_containers/recogniser/Dockerfile",
            platform=Platform.LINUX_AMD64,
            exclude=list(_NOT_IN_THE_IMAGE),
        )
        image.repository.grant_pull(self.role)
        accept(self.role, "AwsSolutions-IAM5[Resource::*]", because="GetAuthorizationToken knows no resources.")
        return image.image_uri

    def _troubles(self) -> list[Trouble]:
        refused = self._ours.of(measure.HOSTED_REFUSED)
        late = self._ours.of(measure.HOSTED_FINAL, "p95")
        return [
            Trouble("recogniser-full", "The self-hosted recogniser refuses sessions.", refused, 3, 5, 2),
            Trouble("recogniser-late", "The self-hosted recogniser is late.", late, FINALS_LATE_MS),
        ]

    def _allow(self, actions: list[str], resource: str, conditions: dict[str, object] | None = None) -> None:
        self.role.add_to_policy(PolicyStatement(actions=actions, resources=[resource], conditions=conditions))
