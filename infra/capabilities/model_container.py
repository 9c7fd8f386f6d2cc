"""What SageMaker runs of ours in a container: its image, its files, and what its role may do with its log."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from aws_cdk import RemovalPolicy
from aws_cdk.aws_ecr_assets import DockerImageAsset, Platform
from aws_cdk.aws_iam import PolicyStatement, Role
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_sagemaker import CfnModel
from constructs import Construct

from infra.building_blocks.bundling import REPOSITORY
from infra.building_blocks.function import LOG_DAYS
from infra.building_blocks.reviewed import accept


def built_image(scope: Construct, role: Role, folder: str, excluded: Sequence[str], *, because: str) -> str:
    """The address of the image of ``model_containers/<folder>``, which ``role`` may pull."""
    image = DockerImageAsset(
        scope,
        "Image",
        directory=str(REPOSITORY),
        file=f"model_containers/{folder}/Dockerfile",
        platform=Platform.LINUX_AMD64,
        exclude=list(excluded),
    )
    image.repository.grant_pull(role)
    accept(role, "AwsSolutions-IAM5[Resource::*]", because=because)
    return image.image_uri


def folder_of_files(address: str | None) -> CfnModel.ModelDataSourceProperty | None:
    """``address``: s3://bucket/prefix, whose files SageMaker lays into the container as they are."""
    if address is None:
        return None
    source = CfnModel.S3DataSourceProperty(s3_uri=address, s3_data_type="S3Prefix", compression_type="None")
    return CfnModel.ModelDataSourceProperty(s3_data_source=source)


def let_read_folder(role: Role, address: str | None, *, because: str) -> None:
    if address is None:
        return
    place = urlsplit(address)
    objects = f"arn:aws:s3:::{place.netloc}{place.path}*"
    role.add_to_policy(PolicyStatement(actions=["s3:GetObject"], resources=[objects]))
    role.add_to_policy(
        PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[f"arn:aws:s3:::{place.netloc}"],
            conditions={"StringLike": {"s3:prefix": [f"{place.path.lstrip('/')}*"]}},
        )
    )
    accept(role, f"AwsSolutions-IAM5[Resource::{objects}]", because=because)


def let_write_log(scope: Construct, role: Role, kind: str, name: str, *, days: int) -> None:
    """SageMaker writes a container's log with its model's role. ``kind``: Endpoints or InferenceComponents."""
    log = LogGroup(
        scope,
        "Logs",
        log_group_name=f"/aws/sagemaker/{kind}/{name}",
        retention=LOG_DAYS[days],
        removal_policy=RemovalPolicy.DESTROY,
    )
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    role.add_to_policy(PolicyStatement(actions=actions, resources=[log.log_group_arn]))
