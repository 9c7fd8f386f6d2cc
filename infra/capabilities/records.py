"""What a cell keeps: contacts, tenants' books, models, and the keys that they are under."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import CfnOutput, Duration
from aws_cdk.aws_iam import IGrantable, PolicyStatement, Role
from aws_cdk.aws_s3 import LifecycleRule
from constructs import Construct

from infra.building_blocks.bucket import AccessLogs, LastingBucket
from infra.building_blocks.key import DECRYPT, KEEP_STREAMS, KEEP_TABLES, LastingKey
from infra.building_blocks.reviewed import accept
from infra.building_blocks.table import LastingTable
from infra.capabilities.contact_lens import let_connect_write
from infra.deployment import Cell, Tenant
from sotto.resources import SOTTO

MODELS_PREFIX = "models/"
CONNECTIONS = "sotto-connections"
_READ = ("dynamodb:GetItem", "dynamodb:Query")
_WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")


class CallRecords(Construct):
    """Grants are sentences: ``records.let_read_books(role)``. All are by item operations: nothing may scan a table."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell) -> None:
        super().__init__(scope, id)
        self.key = LastingKey(self, "Key", description=f"Sotto {cell.title}: records, books, models, failed events")
        for service in ("events.amazonaws.com", "cloudwatch.amazonaws.com"):
            self.key.let_service_use(service)  # to put failed events and alarms where they are kept
        self.media_keys = {name: self._media_key(name, cell) for name in cell.tenants}
        self._cell = cell
        for spec in SOTTO.tables:
            LastingTable(self, spec.name, name=self.table_name(spec.name), spec=spec, key=self.key)
        self.access_logs = AccessLogs(self, "AccessLogs")
        accept(self.access_logs, "AwsSolutions-S1", because="It holds the access logs; logging its own would not end.")
        rules = [rule for name, tenant in cell.tenants.items() for rule in _lifecycle(name, tenant)]
        self.bucket_name = cell.bucket_name
        LastingBucket(self, "Artifacts", name=self.bucket_name, key=self.key, logs=self.access_logs, lifecycle=rules)
        self._outputs()

    def table_name(self, name: str) -> str:
        """Tables and the bucket are named, not numbered: a policy that names them can be read, and other stacks need no
        exports of this one."""
        return self._cell.prefix + name.removeprefix("sotto-")

    @property
    def environment(self) -> dict[str, str]:
        """As sotto.wiring.settings reads it."""
        return {
            "SOTTO_CONTACTS_TABLE": self.table_name("sotto-contacts"),
            "SOTTO_TENANTS_TABLE": self.table_name("sotto-tenants"),
            "SOTTO_MODELS_TABLE": self.table_name("sotto-models"),
            "SOTTO_ARTIFACTS_BUCKET": self.bucket_name,
        }

    def let_read_books(self, who: Role) -> None:
        self._let(who, "sotto-tenants", _READ)
        self._let_get(who, "*/books/*")

    def let_keep_contacts(self, who: IGrantable) -> None:
        self._let(who, "sotto-contacts", _READ + _WRITE)

    def let_read_contacts(self, who: IGrantable) -> None:
        self._let(who, "sotto-contacts", _READ)

    def let_keep_connections(self, who: IGrantable) -> None:
        self._let(who, CONNECTIONS, _READ + _WRITE)

    def let_act_as(self, tenant: str, who: Role) -> None:
        """Everything of one tenant, and nothing of another: DynamoDB compares the first part of every key."""
        records = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{tenant}#*"]}}
        models = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [f"tenant#{tenant}"]}}
        _allow(who, _READ + _WRITE, self._table_arn("sotto-contacts"), records)
        _allow(who, _READ, self._table_arn("sotto-tenants"), records)
        _allow(who, _READ, self._table_arn("sotto-models"), models)
        if self._cell.tells_by("websocket"):
            _allow(who, _READ + _WRITE, self._table_arn(CONNECTIONS), records)
        self.key.let_use_through("dynamodb", who, KEEP_TABLES)
        self._let_get(who, f"{tenant}/books/*")

    def let_read_what_is_nobodys(self, who: Role) -> None:
        """Whose Connect instance it is, and the models that tenants share."""
        instances = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["instance#*"]}}
        shared = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["tenant#shared"]}}
        _allow(who, _READ, self._table_arn("sotto-tenants"), instances)
        _allow(who, _READ, self._table_arn("sotto-models"), shared)
        self.key.let_use_through("dynamodb", who, KEEP_TABLES)

    def let_find_models(self, who: IGrantable) -> None:
        self._let(who, "sotto-models", _READ)

    def let_load_models(self, who: Role) -> None:
        self._let_get(who, f"{MODELS_PREFIX}*")
        listing = {"StringLike": {"s3:prefix": [f"{MODELS_PREFIX}*"]}}
        _allow(who, ("s3:ListBucket",), f"arn:aws:s3:::{self.bucket_name}", listing)

    def _let(self, who: IGrantable, table: str, actions: tuple[str, ...]) -> None:
        _allow(who, actions, self._table_arn(table))
        self.key.let_use_through("dynamodb", who, KEEP_TABLES)

    def _table_arn(self, table: str) -> str:
        return f"arn:aws:dynamodb:{self._cell.region}:{self._cell.account}:table/{self.table_name(table)}"

    def _let_get(self, who: Role, keys: str) -> None:
        objects = f"arn:aws:s3:::{self.bucket_name}/{keys}"
        _allow(who, ("s3:GetObject",), objects)
        accept(
            who, f"AwsSolutions-IAM5[Resource::{objects}]", because="All objects of one kind in the cell's own bucket."
        )
        self.key.let_use_through("s3", who, DECRYPT)

    def _media_key(self, tenant: str, cell: Cell) -> LastingKey:
        """A tenant's own: without it, nobody hears what that tenant's callers said."""
        key = LastingKey(self, f"MediaKey-{tenant}", description=f"Sotto: calls of tenant {tenant}")
        instances = [each.arn for each in cell.instances if each.tenant == tenant]
        key.let_service_use(
            "connect.amazonaws.com", KEEP_STREAMS, ArnLike={"aws:SourceArn": [f"{arn}*" for arn in instances]}
        )
        if any(each.contact_lens for each in cell.instances if each.tenant == tenant):
            let_connect_write(key, cell.account)
        return key

    def _outputs(self) -> None:
        for name, value in self.environment.items():
            CfnOutput(self, name.title().replace("_", ""), value=value, description=f"{name} for the sotto command")


def _allow(
    who: IGrantable, actions: tuple[str, ...], resource: str, conditions: Mapping[str, object] | None = None
) -> None:
    statement = PolicyStatement(actions=list(actions), resources=[resource], conditions=conditions)
    who.grant_principal.add_to_principal_policy(statement)


def _lifecycle(name: str, tenant: Tenant) -> list[LifecycleRule]:
    """Current books and models stay as long as they are current; what they replaced goes after the retention."""
    return [
        LifecycleRule(
            id=f"{name}-{what}",
            prefix=prefix,
            noncurrent_version_expiration=Duration.days(tenant.retention_days),
            abort_incomplete_multipart_upload_after=Duration.days(1),
        )
        for what, prefix in (("books", f"{name}/"), ("models", f"{MODELS_PREFIX}{name}/"))
    ]
