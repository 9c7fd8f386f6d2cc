"""Who may reach which records: one table, from which the CDK app writes policies and the embedded AWS refuses.

A function's own role reaches only what is nobody's. Everything else it does as the tenant's role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256

READ = ("dynamodb:GetItem", "dynamodb:Query")
APPEND = ("dynamodb:PutItem",)
"""With a condition that nothing is there. Neither UpdateItem nor DeleteItem: what is written stays."""
WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
GET_SECRET = "secretsmanager:GetSecretValue"
GET_OBJECT = "s3:GetObject"


def index_of(tenant: str) -> str:
    """The name of a tenant's index: 3 to 63 of a-z, 0-9, '.' and '-', which no two tenants share."""
    name = f"t.{tenant.replace('_', '.')}.t"
    return name if len(name) <= 63 else f"t-{sha256(tenant.encode()).hexdigest()[:40]}"


def may_assume(tenant: str, tags: Mapping[str, str]) -> bool:
    """Whether the trust policy of the tenant's role gives a session with these tags to anybody at all."""
    reach = tags.get(MEDIA_TAG)
    media = {} if reach is None else {MEDIA_TAG: reach}
    return reach in (None, MEDIA_READ, MEDIA_REDACT) and dict(tags) == {TENANT_TAG: tenant, **media}


@dataclass(frozen=True, slots=True)
class Reach:
    """Items of ``table`` (as ``sotto.core.resources`` names it) whose partition key is like ``keys``: the one wildcard
    is a     ``*`` at the end, and ``{tenant}`` stands for the tenant's name."""

    table: str
    keys: str
    actions: tuple[str, ...] = READ

    def of(self, tenant: str) -> Reach:
        return Reach(self.table, self.keys.replace("{tenant}", tenant), self.actions)

    def allows(self, action: str, table: str, partition_key: str) -> bool:
        return action in self.actions and table == self.table and fnmatchcase(partition_key, self.keys)


TENANT_RECORDS = (
    Reach("sotto-contacts", "{tenant}#*", READ + WRITE),
    Reach("sotto-data-keys", "{tenant}#*", READ + WRITE),
    Reach("sotto-erasures", "{tenant}#*", READ + WRITE),
    Reach("sotto-tenants", "{tenant}#*"),
    Reach("sotto-tenants", "{tenant}#book", WRITE),
    Reach("sotto-models", "tenant#{tenant}", READ + WRITE),
    Reach("sotto-audit", "{tenant}#*", READ + APPEND),
    Reach("sotto-directory", "{tenant}#*", READ + WRITE),
    Reach("sotto-history", "{tenant}#*", READ + WRITE),
)
TENANT_API = Reach("sotto-api", "{tenant}#*", READ + WRITE)
"""Where the deployment has the REST API."""
TENANT_CONNECTIONS = Reach("sotto-connections", "{tenant}#*", READ + WRITE)
"""Of desktops over the second channel, where a tenant of the cell has one."""
NOBODYS_RECORDS = (Reach("sotto-tenants", "instance#*"), Reach("sotto-models", "tenant#shared"))
TENANT_KEY_USES = ("kms:GenerateDataKey", "kms:Decrypt")
"""What a tenant's role may do with the tenant's own KMS key, by itself: wrap and unwrap data keys of its contacts."""
TENANT_TAG = "tenant"
"""Of a session: the tenant whose role it is a session of. The role's trust policy gives out no other, and its rights
are for sessions that carry it."""
MEDIA_TAG, MEDIA_READ, MEDIA_REDACT = "media", "read", "redact"
"""Of a session that may read the tenant's audio as well: the call's media, which the trust policy gives to the audio
worker alone, or Connect's recordings, to redact_recording alone."""
TENANT_SECRETS = "sotto/filing/{tenant}/*"
"""Names of the secrets that a tenant's role may read: of its systems of record (sotto.tenants.filing)."""
INDEX_ACTIONS = (
    "s3vectors:CreateIndex", "s3vectors:DeleteIndex", "s3vectors:PutVectors", "s3vectors:GetVectors",
    "s3vectors:QueryVectors", "s3vectors:DeleteVectors",
)  # fmt: skip
"""On the tenant's own index. A query with a filter, or that returns metadata, asks for GetVectors too."""
TENANT_OBJECTS = "{tenant}/books/*"
"""Keys of the artifacts bucket that a tenant's role may read; and write, as an author's playbook makes a book."""
BOOKS_ACTIONS = (GET_OBJECT, "s3:PutObject")
TENANT_FACTS = "{tenant}/*"
"""Keys of the bucket of facts that a tenant's role may read, replace and remove with all their versions."""
FACTS_ACTIONS = (GET_OBJECT, "s3:PutObject", "s3:DeleteObjectVersion")
TENANT_RECORDINGS = "{tenant}/recordings/*"
"""Keys of the audio bucket that a tenant's role may read and erase; only a session that redacts may write there."""
ERASE_OBJECTS = ("s3:DeleteObject", "s3:DeleteObjectVersion")
WRITE_OBJECTS = ("s3:PutObject", "s3:AbortMultipartUpload")
LIST_VERSIONS = "s3:ListBucketVersions"
READ_OBJECTS = (GET_OBJECT, "s3:GetObjectVersion")
