"""A new version of a function gets a tenth of the calls first, and is taken back by itself when it fails them."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import CfnCodeDeployLambdaAliasUpdate, CfnUpdatePolicy, Stack
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, TreatMissingData
from aws_cdk.aws_codedeploy import CfnApplication, CfnDeploymentGroup
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import CfnAlias
from constructs import Construct

from infra.building_blocks.alarm import metric
from infra.building_blocks.function import DeployedFunction
from infra.building_blocks.reviewed import accept
from sotto.core.resources import LIVE

CANARY = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
ERRORS_OF_A_BAD_RELEASE = 3
"""In a minute: one event that is at fault is tried three times, and says nothing about the release."""


class Releases(Construct):
    """By hand: the CDK's deployment group brings a managed policy, which may change every function of the account."""

    def __init__(self, scope: Construct, id: str, *, functions: Iterable[DeployedFunction]) -> None:
        super().__init__(scope, id)
        functions = list(functions)
        self._role = self._deployer(functions)
        self._application = CfnApplication(self, "Application", compute_platform="Lambda")
        for function in functions:
            self._release(function)

    def _release(self, function: DeployedFunction) -> None:
        name = function.node.id
        group = CfnDeploymentGroup(
            self,
            f"{name}Group",
            application_name=self._application.ref,
            service_role_arn=self._role.role_arn,
            deployment_config_name=CANARY,
            deployment_style=CfnDeploymentGroup.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            alarm_configuration=CfnDeploymentGroup.AlarmConfigurationProperty(
                enabled=True, alarms=[CfnDeploymentGroup.AlarmProperty(name=self._alarm(function).alarm_name)]
            ),
            auto_rollback_configuration=CfnDeploymentGroup.AutoRollbackConfigurationProperty(
                enabled=True, events=["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
            ),
        )
        group.node.add_dependency(self._role)
        alias = function.live.node.default_child
        assert isinstance(alias, CfnAlias)
        alias.cfn_options.update_policy = CfnUpdatePolicy(
            code_deploy_lambda_alias_update=CfnCodeDeployLambdaAliasUpdate(
                application_name=self._application.ref, deployment_group_name=group.ref
            )
        )

    def _alarm(self, function: DeployedFunction) -> Alarm:
        """Of what ``live`` answers, old version and new: an error that was there before also stops a release."""
        return Alarm(
            self,
            f"{function.node.id}Errors",
            alarm_description=f"A release of {function.name} is taken back while this is raised: docs/deploy.md",
            metric=metric(
                "AWS/Lambda", "Errors", "Sum", FunctionName=function.name, Resource=f"{function.name}:{LIVE}"
            ),
            threshold=ERRORS_OF_A_BAD_RELEASE,
            evaluation_periods=1,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )

    def _deployer(self, functions: list[DeployedFunction]) -> Role:
        role = Role(self, "Role", assumed_by=ServicePrincipal("codedeploy.amazonaws.com"))
        stack = Stack.of(self)
        arns = [stack.format_arn(service="lambda", resource=f"function:{each.name}") for each in functions]
        role.add_to_policy(
            PolicyStatement(
                actions=["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
                resources=[*arns, *(f"{arn}:{LIVE}" for arn in arns)],
            )
        )
        role.add_to_policy(PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))
        accept(role, "AwsSolutions-IAM5[Resource::*]", because="CodeDeploy reads alarms, which it cannot name first.")
        return role
