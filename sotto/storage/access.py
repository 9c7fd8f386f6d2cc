"""Who may reach which records: one table, from which the CDK app writes policies and the embedded AWS refuses.

A function's own role reaches only what is nobody's. Everything else it does as the tenant's role.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

READ = ("dynamodb:GetItem", "dynamodb:Query")
WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
GET_OBJECT = "s3:GetObject"


@dataclass(frozen=True, slots=True)
class Reach:
    """Items of ``table`` (as ``sotto.resources`` names it) whose partition key is like ``keys``: the one wildcard is a
    ``*`` at the end, and ``{tenant}`` stands for the tenant's name."""

    table: str
    keys: str
    actions: tuple[str, ...] = READ

    def of(self, tenant: str) -> Reach:
        return Reach(self.table, self.keys.replace("{tenant}", tenant), self.actions)

    def allows(self, action: str, table: str, partition_key: str) -> bool:
        return action in self.actions and table == self.table and fnmatchcase(partition_key, self.keys)


TENANT_RECORDS = (
    Reach("sotto-contacts", "{tenant}#*", READ + WRITE),
    Reach("sotto-tenants", "{tenant}#*"),
    Reach("sotto-models", "tenant#{tenant}"),
)
TENANT_CONNECTIONS = Reach("sotto-connections", "{tenant}#*", READ + WRITE)
"""Of desktops over the second channel, where a tenant of the cell has one."""
NOBODYS_RECORDS = (Reach("sotto-tenants", "instance#*"), Reach("sotto-models", "tenant#shared"))
TENANT_OBJECTS = "{tenant}/books/*"
"""Keys of the artifacts bucket that a tenant's role may read."""
