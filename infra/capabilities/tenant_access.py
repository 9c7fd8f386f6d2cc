"""A role per tenant, limited to that tenant's keys, prefix and models, that the cell's functions act as."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk.aws_iam import ArnPrincipal, CompositePrincipal, PolicyStatement, Role
from constructs import Construct

from infra.building_blocks.function import DeployedFunction
from infra.capabilities.records import CallRecords
from infra.deployment import Cell


class TenantAccess(Construct):
    """Functions know the roles by name: ``SOTTO_TENANT_ROLE_ARN`` holds ``{tenant}`` where a tenant's name belongs."""

    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, records: CallRecords, functions: Iterable[DeployedFunction]
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        functions = list(functions)
        trusted = CompositePrincipal(*(ArnPrincipal(function.role.role_arn) for function in functions))
        roles = [self._role(tenant, trusted, records) for tenant in cell.tenants]
        for function in functions:
            function.knows(SOTTO_TENANT_ROLE_ARN=cell.tenant_role_arn("{tenant}"))
            function.role.add_to_policy(PolicyStatement(actions=["sts:AssumeRole"], resources=roles))

    def _role(self, tenant: str, trusted: CompositePrincipal, records: CallRecords) -> str:
        arn = self._cell.tenant_role_arn(tenant)
        role = Role(
            self,
            tenant,
            role_name=arn.rpartition("/")[2],
            description=f"Sotto acts as tenant {tenant}",
            assumed_by=trusted,
            max_session_duration=Duration.hours(1),
        )
        records.let_act_as(tenant, role)
        return arn
