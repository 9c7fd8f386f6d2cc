"""A role per tenant, limited to that tenant's keys, prefix, models and streams, that the cell's functions act as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aws_cdk import Duration, Stack
from aws_cdk.aws_iam import (
    AccountPrincipal,
    ArnPrincipal,
    CfnRole,
    IPrincipal,
    PolicyDocument,
    PolicyStatement,
    Role,
)
from constructs import Construct

from infra.building_blocks.function import DeployedFunction
from infra.capabilities.records import CallRecords
from infra.deployment import Cell
from sotto.aws.access import MEDIA_READ, MEDIA_REDACT, MEDIA_TAG, TENANT_TAG

_ASSUME = ("sts:AssumeRole", "sts:TagSession")


class TenantAccess(Construct):
    """Functions know the roles by name: ``SOTTO_TENANT_ROLE_ARN`` holds ``{tenant}`` where a tenant's name belongs.
    ``media_reader``, ``redactor``: those whose sessions may also say that they read the tenant's calls, or its
    recordings."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        records: CallRecords,
        functions: Iterable[DeployedFunction],
        media_reader: DeployedFunction,
        redactor: DeployedFunction,
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        functions = list(functions)
        self._audio = {MEDIA_READ: media_reader, MEDIA_REDACT: redactor}
        for tenant in cell.tenants:
            self._role(tenant, records)
        let_act(functions, cell)

    def _role(self, tenant: str, records: CallRecords) -> None:
        arn = self._cell.tenant_role_arn(tenant)
        role = Role(
            self,
            tenant,
            role_name=arn.rpartition("/")[2],
            description=f"Sotto acts as tenant {tenant}",
            assumed_by=AccountPrincipal(self._cell.account),
            max_session_duration=Duration.hours(1),
        )
        resource = role.node.default_child
        assert isinstance(resource, CfnRole)
        # The CDK's own statement would ask for no tag.
        resource.assume_role_policy_document = PolicyDocument(
            statements=[
                self._trust_in_functions({TENANT_TAG: tenant}),
                *(
                    _trust(ArnPrincipal(reader.role.role_arn), {TENANT_TAG: tenant, MEDIA_TAG: what})
                    for what, reader in self._audio.items()
                ),
            ]
        )
        records.let_act_as(tenant, role)

    def _trust_in_functions(self, tags: Mapping[str, str]) -> PolicyStatement:
        """In the roles under the cell's path, of which nobody else has one. By names they would be too many for a trust
        policy, of 2,048 characters at most."""
        account = self._cell.account
        acting = f"arn:{Stack.of(self).partition}:iam::{account}:role{self._cell.acting_path}*"
        return _trust(AccountPrincipal(account), tags, ArnLike={"aws:PrincipalArn": acting})


def let_act(functions: Iterable[DeployedFunction], cell: Cell) -> None:
    """As the cell's tenants, whose roles exist: of any stack, since the roles trust those under the cell's path."""
    roles = [cell.tenant_role_arn(tenant) for tenant in cell.tenants]
    for function in functions:
        function.knows(SOTTO_TENANT_ROLE_ARN=cell.tenant_role_arn("{tenant}"))
        function.role.add_to_policy(PolicyStatement(actions=list(_ASSUME), resources=roles))


def _trust(who: IPrincipal, tags: Mapping[str, str], **conditions: Mapping[str, str]) -> PolicyStatement:
    """A session with exactly these tags, as sotto.aws.access.may_assume says."""
    return PolicyStatement(
        principals=[who],
        actions=list(_ASSUME),
        conditions={
            "StringEquals": {f"aws:RequestTag/{name}": value for name, value in tags.items()},
            "ForAllValues:StringEquals": {"aws:TagKeys": sorted(tags)},
            **conditions,
        },
    )
