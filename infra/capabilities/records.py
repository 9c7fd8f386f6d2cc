"""What a cell keeps: contacts, tenants' books, models, and the keys that they are under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_iam import IGrantable, PolicyStatement, Role
from aws_cdk.aws_s3vectors import CfnVectorBucket
from constructs import Construct

from infra.building_blocks.bucket import AccessLogs, LastingBucket
from infra.building_blocks.key import DECRYPT, ENCRYPT, KEEP_STREAMS, KEEP_TABLES, LastingKey, SigningKey
from infra.building_blocks.reviewed import accept
from infra.building_blocks.table import LastingTable, ReplicatedTable
from infra.capabilities.contact_lens import let_connect_write
from infra.capabilities.fact_tables import FactTables
from infra.capabilities.replica import CopiedArtifacts, replica_key_arn
from infra.capabilities.tenants_bucket import MODELS_PREFIX, TenantsBucket, kept_for_retention, kept_while_current
from infra.deployment import Cell, Instance
from infra.parts import VoiceConnector
from sotto.aws.access import (
    APPEND,
    BOOKS_ACTIONS,
    ERASE_OBJECTS,
    FACTS_ACTIONS,
    GET_OBJECT,
    GET_SECRET,
    INDEX_ACTIONS,
    LIST_VERSIONS,
    MEDIA_READ,
    MEDIA_REDACT,
    MEDIA_TAG,
    NOBODYS_RECORDS,
    READ,
    READ_OBJECTS,
    TENANT_API,
    TENANT_CONNECTIONS,
    TENANT_FACTS,
    TENANT_KEY_USES,
    TENANT_OBJECTS,
    TENANT_RECORDINGS,
    TENANT_RECORDS,
    TENANT_SECRETS,
    TENANT_TAG,
    WRITE,
    WRITE_OBJECTS,
    Reach,
    index_of,
)
from sotto.core.resources import (
    ARTIFACTS_VARIABLE,
    FACTS_VARIABLE,
    RECORDINGS_VARIABLE,
    SEARCH_VARIABLE,
    TENANTS,
    TableSpec,
    resources_of,
)


class CallRecords(Construct):
    """Grants are sentences: ``records.let_read_books(role)``. All are by item operations: nothing may scan a table."""

    def __init__(self, scope: Construct, id: str, *, cell: Cell, replicas: tuple[str, ...] = ()) -> None:
        super().__init__(scope, id)
        self.key = LastingKey(self, "Key", description=f"Sotto {cell.title}: records, books, models, failed events")
        for service in ("events.amazonaws.com", "cloudwatch.amazonaws.com"):
            self.key.let_service_use(service)  # to put failed events and alarms where they are kept
        self.media_keys = {name: self._media_key(name, cell) for name in cell.tenants}
        self.certificate_key = SigningKey(self, "CertificateKey", description=f"Sotto {cell.title}: erasures")
        self.certificate_key.add_alias(cell.certificate_key_alias)
        self._cell = cell
        self._specs = [
            spec for spec in resources_of((*cell.functions, *cell.optional_functions)).tables if spec.lasting
        ]
        self._tables = {spec.name: self._table(spec, replicas) for spec in self._specs}
        self.access_logs = AccessLogs(self, "AccessLogs")
        accept(self.access_logs, "AwsSolutions-S1", because="It holds the access logs; logging its own would not end.")
        self.bucket_name = cell.bucket_name
        artifacts = LastingBucket(
            self,
            "Artifacts",
            name=self.bucket_name,
            key=self.key,
            logs=self.access_logs,
            lifecycle=kept_while_current(cell),
        )
        self.vectors_name = cell.bucket_of("search")
        self._vectors()
        if replicas:
            CopiedArtifacts(self, "Copies", cell=cell, artifacts=artifacts, key=self.key, regions=replicas)
        TenantsBucket(
            self,
            "Audio",
            cell=cell,
            what="audio",
            keys=self.media_keys,
            otherwise=self.key,
            logs=self.access_logs,
        )
        self.facts_bucket = cell.bucket_of("facts")
        LastingBucket(
            self,
            "Facts",
            name=self.facts_bucket,
            key=self.key,
            logs=self.access_logs,
            lifecycle=kept_for_retention(cell),
        )
        FactTables(self, "FactTables", cell=cell, bucket=self.facts_bucket)
        self._outputs()

    def table_name(self, name: str) -> str:
        """Tables and the bucket are named, not numbered: a policy that names them can be read, and other stacks need no
        exports of this one."""
        return self._cell.prefix + name.removeprefix("sotto-")

    @property
    def environment(self) -> dict[str, str]:
        """As sotto.core.settings reads it."""
        tables = {spec.variable: self.table_name(spec.name) for spec in self._specs}
        audio = {RECORDINGS_VARIABLE: self._audio_name}
        keys = {
            "SOTTO_TENANT_KEY": self._cell.tenant_key_alias("{tenant}"),
            "SOTTO_CERTIFICATE_KEY": self._cell.certificate_key_alias,
        }
        buckets = {
            ARTIFACTS_VARIABLE: self.bucket_name,
            SEARCH_VARIABLE: self.vectors_name,
            FACTS_VARIABLE: self.facts_bucket,
        }
        return {**tables, **audio, **keys, **buckets}

    @property
    def recording_keys(self) -> str:
        """Tenant -> the key that its recordings are under, as sotto.core.settings reads it."""
        return Stack.of(self).to_json_string({name: key.key_arn for name, key in self.media_keys.items()})

    def stream_of(self, table: str) -> str:
        """The ARN of a table's stream in this region."""
        arn = self._tables[table].table_stream_arn
        assert arn is not None
        return arn

    def let_read_books(self, who: Role) -> None:
        self.let_read(TENANTS, who)
        self._let_get(who, "*/books/*")

    def let_publish_books(self, who: Role) -> None:
        """Where functions act as themselves."""
        self._let(who, TENANTS.name, WRITE)
        self._let_get(who, "*/books/*", BOOKS_ACTIONS)

    def let_keep(self, table: TableSpec, who: IGrantable) -> None:
        self._let(who, table.name, READ + WRITE)

    def let_read(self, table: TableSpec, who: IGrantable) -> None:
        self._let(who, table.name, READ)

    def let_append(self, table: TableSpec, who: IGrantable) -> None:
        """Add to a log and read it; nobody who takes calls may change it."""
        self._let(who, table.name, READ + APPEND)

    def let_act_as(self, tenant: str, who: Role) -> None:
        """Everything of one tenant, and nothing of another: DynamoDB compares the first part of every key. Only for
        sessions that name the tenant in a tag."""
        equal = {f"aws:PrincipalTag/{TENANT_TAG}": tenant}
        tagged = {"StringEquals": equal}
        self._let_reach(who, *(reach.of(tenant) for reach in TENANT_RECORDS), **tagged)
        if self._cell.has_channel("websocket"):
            self._let_reach(who, TENANT_CONNECTIONS.of(tenant), **tagged)
        if self._cell.rest_api:
            self._let_reach(who, TENANT_API.of(tenant), **tagged)
        self._let_get(who, TENANT_OBJECTS.replace("{tenant}", tenant), BOOKS_ACTIONS, **tagged)
        self.let_keep_index(index_of(tenant), who, **tagged)
        self.let_keep_facts(who, TENANT_FACTS.replace("{tenant}", tenant), **tagged)
        _allow(who, TENANT_KEY_USES, [self.media_keys[tenant].key_arn], tagged)
        self.let_read_secrets(tenant, who, **tagged)
        self.let_play_recordings(tenant, who, **equal)
        self.let_read_imports(tenant, who, **equal)
        self.let_read_media(tenant, who, **equal, **{f"aws:PrincipalTag/{MEDIA_TAG}": MEDIA_READ})
        self.let_redact_recordings(tenant, who, **equal, **{f"aws:PrincipalTag/{MEDIA_TAG}": MEDIA_REDACT})

    def let_play_recordings(self, tenant: str, who: Role, **equal: str) -> None:
        """The tenant's redacted recordings: read and erase them, with all their versions. ``equal``: what must be."""
        tagged = {"StringEquals": equal} if equal else {}
        bucket, objects = self._recordings_of(tenant)
        _allow(who, (*READ_OBJECTS, *ERASE_OBJECTS), [objects], tagged)
        listed = {"StringLike": {"s3:prefix": [f"{tenant}/recordings/*"]}}
        _allow(who, (LIST_VERSIONS,), [bucket], {**tagged, **listed})
        accept(who, f"AwsSolutions-IAM5[Resource::{objects}]", because="All recordings of one tenant.")
        self.media_keys[tenant].let_use_through("s3", who, DECRYPT)

    def let_redact_recordings(self, tenant: str, who: Role, **equal: str) -> None:
        """What the tenant's instances recorded, to read it and to delete it; and to keep what was redacted."""
        tagged = {"StringEquals": equal} if equal else {}
        _, objects = self._recordings_of(tenant)
        _allow(who, WRITE_OBJECTS, [objects], tagged)
        through = {"kms:ViaService": f"s3.{self._cell.region}.amazonaws.com"}
        _allow(who, ENCRYPT, [self.media_keys[tenant].key_arn], {"StringEquals": through | equal})
        recording = [each for each in self._cell.instances if each.tenant == tenant and each.recordings_bucket]
        if not recording:
            return
        sources = sorted(f"arn:aws:s3:::{each.recordings_bucket}/{each.recordings_are_under}*" for each in recording)
        _allow(who, (*READ_OBJECTS, *ERASE_OBJECTS), sources, tagged)
        because = "Connect names an object for each recording; those of the tenant's own instances."
        accept(who, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in sources), because=because)
        for each in recording:
            # Without it, what is not there yet would look like what may not be read.
            listed = {"StringLike": {"s3:prefix": [f"{each.recordings_are_under}*"]}}
            _allow(who, ("s3:ListBucket",), [f"arn:aws:s3:::{each.recordings_bucket}"], {**tagged, **listed})
        keys = sorted({each.recordings_key_arn for each in recording if each.recordings_key_arn})
        if keys:
            _allow(who, DECRYPT, keys, {"StringEquals": through | equal})

    def let_read_imports(self, tenant: str, who: Role, **equal: str) -> None:
        """What the customer put below its sources; nothing of it can be changed."""
        tagged = {"StringEquals": equal} if equal else {}
        for each in self._cell.imports:
            if each.tenant != tenant:
                continue
            bucket, objects = f"arn:aws:s3:::{each.bucket}", f"arn:aws:s3:::{each.bucket}/{each.prefix}*"
            _allow(who, (GET_OBJECT,), [objects], tagged)
            # Without it, what is not there would look like what may not be read.
            listed = {"StringLike": {"s3:prefix": [f"{each.prefix}*"]}}
            _allow(who, ("s3:ListBucket",), [bucket], {**tagged, **listed})
            accept(who, f"AwsSolutions-IAM5[Resource::{objects}]", because="All that the tenant keeps to be imported.")
            if each.key_arn is not None:
                through = {"kms:ViaService": f"s3.{self._cell.region}.amazonaws.com"}
                _allow(who, DECRYPT, [each.key_arn], {"StringEquals": through | equal})

    def let_use_data_keys(self, who: IGrantable) -> None:
        """Of every tenant of the cell: for functions that act as themselves."""
        _allow(who, TENANT_KEY_USES, [key.key_arn for key in self.media_keys.values()])

    def let_sign(self, who: IGrantable) -> None:
        """Certificates of erasures."""
        _allow(who, ("kms:Sign", "kms:GetPublicKey"), [self.certificate_key.key_arn])

    def let_read_secrets(self, tenant: str, who: Role, **conditions: Mapping[str, object]) -> None:
        """Of the tenant's systems of record, by how their names begin."""
        names = TENANT_SECRETS.replace("{tenant}", tenant)
        secrets = f"arn:aws:secretsmanager:{self._cell.region}:{self._cell.account}:secret:{names}"
        _allow(who, (GET_SECRET,), [secrets], conditions)
        because = "The tenant's own secrets: Secrets Manager ends each ARN with letters of its own."
        accept(who, f"AwsSolutions-IAM5[Resource::{secrets}]", because=because)

    def let_read_media(self, tenant: str, who: Role, **equal: str) -> None:
        """The media streams of the tenant's own instances and its media gateways, under its own key, and of its Voice
        Connectors, which are under Kinesis Video Streams' own. ``equal``: what else must be equal."""
        instances = [each for each in self._cell.instances if each.tenant == tenant]
        connectors = [each for each in self._cell.voice_connectors if each.tenant == tenant]
        streams = sorted({*map(self._streams_of, instances), *map(self._streams_of, connectors)})
        gateway = self._cell.media_gateway
        gateway_streams = gateway is not None and tenant in {each.tenant for each in gateway.entries}
        if gateway_streams:
            streams = sorted([*streams, self._cell.gateway_streams_arn(tenant)])
        only = {"StringEquals": equal} if equal else None
        _allow(who, ("kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"), streams, only)
        because = "A stream for each call, named after the instance, the Voice Connector or the tenant."
        accept(who, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in streams), because=because)
        own = {self.media_keys[tenant].key_arn} if gateway_streams else set()
        keys = sorted({each.media_key_arn or self.media_keys[tenant].key_arn for each in instances} | own)
        through = {"kms:ViaService": f"kinesisvideo.{self._cell.region}.amazonaws.com"}
        _allow(who, ("kms:Decrypt",), keys, {"StringEquals": through | equal})

    def let_keep_index(self, index: str, who: Role, **conditions: Mapping[str, object]) -> None:
        """``index``: a tenant's, by name; or ``*``, where functions act as themselves."""
        bucket = f"arn:aws:s3vectors:{self._cell.region}:{self._cell.account}:bucket/{self.vectors_name}"
        indexes = f"{bucket}/index/{index}"
        _allow(who, INDEX_ACTIONS, [indexes], conditions)
        self.key.let_use_through("s3vectors", who, ENCRYPT)
        if index == "*":
            because = "Every tenant's index in the cell's own bucket."
            accept(who, f"AwsSolutions-IAM5[Resource::{indexes}]", because=because)

    def let_read_what_is_nobodys(self, who: Role) -> None:
        """Whose Connect instance it is, and the models that tenants share."""
        self._let_reach(who, *NOBODYS_RECORDS)

    def let_keep_facts(self, who: Role, keys: str = "*", **conditions: Mapping[str, object]) -> None:
        """Files of facts, and every version of them: what a day's new file replaces is deleted."""
        objects = f"arn:aws:s3:::{self.facts_bucket}/{keys}"
        _allow(who, FACTS_ACTIONS, [objects], conditions)
        listing: dict[str, Mapping[str, object]] = {**conditions, "StringLike": {"s3:prefix": [keys]}}
        _allow(who, (LIST_VERSIONS,), [f"arn:aws:s3:::{self.facts_bucket}"], listing)
        accept(who, f"AwsSolutions-IAM5[Resource::{objects}]", because="A file for each fact and day under one prefix.")
        self.key.let_use_through("s3", who, ENCRYPT)

    def let_load_models(self, who: Role) -> None:
        self._let_get(who, f"{MODELS_PREFIX}*")
        listing = {"StringLike": {"s3:prefix": [f"{MODELS_PREFIX}*"]}}
        _allow(who, ("s3:ListBucket",), [f"arn:aws:s3:::{self.bucket_name}"], listing)

    def let_capture(self, tenant: str, who: Role) -> tuple[str, LastingKey]:
        """Let SageMaker keep what the tenant's models were asked; where to, and under which key."""
        key, place = self.media_keys[tenant], f"{self._cell.bucket_of('audio')}/{tenant}/captures"
        objects = f"arn:aws:s3:::{place}/*"
        _allow(who, ("s3:PutObject",), [objects])
        accept(who, f"AwsSolutions-IAM5[Resource::{objects}]", because="Objects named by hour under one prefix.")
        key.let_use_through("s3", who, ENCRYPT)
        return f"s3://{place}", key

    def _vectors(self) -> None:
        """A bucket for the tenants' search indexes, which their own sessions make. S3 Vectors reads the key by itself
        while it builds indexes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html
        """
        self.key.let_service_use("indexing.s3vectors.amazonaws.com", DECRYPT)
        encryption = CfnVectorBucket.EncryptionConfigurationProperty(sse_type="aws:kms", kms_key_arn=self.key.key_arn)
        bucket = CfnVectorBucket(
            self, "Search", vector_bucket_name=self.vectors_name, encryption_configuration=encryption
        )
        bucket.apply_removal_policy(RemovalPolicy.RETAIN)

    def _table(self, spec: TableSpec, replicas: tuple[str, ...]) -> LastingTable | ReplicatedTable:
        name = self.table_name(spec.name)
        if not replicas:
            return LastingTable(self, spec.name, name=name, spec=spec, key=self.key)
        keys = {region: replica_key_arn(self._cell, region) for region in replicas}
        return ReplicatedTable(self, spec.name, name=name, spec=spec, key=self.key, keys=keys)

    @property
    def _audio_name(self) -> str:
        return self._cell.bucket_of("audio")

    def _recordings_of(self, tenant: str) -> tuple[str, str]:
        """ARNs of the bucket, and of the tenant's objects in it."""
        bucket = f"arn:aws:s3:::{self._audio_name}"
        return bucket, f"{bucket}/{TENANT_RECORDINGS.replace('{tenant}', tenant)}"

    def _streams_of(self, producer: Instance | VoiceConnector) -> str:
        streams = f"arn:aws:kinesisvideo:{self._cell.region}:{self._cell.account}:stream"
        return f"{streams}/{producer.streams_begin}*/*"

    def _let_reach(self, who: Role, *reaches: Reach, **conditions: Mapping[str, object]) -> None:
        for reach in reaches:
            compare = "StringLike" if reach.keys.endswith("*") else "StringEquals"
            keys = {f"ForAllValues:{compare}": {"dynamodb:LeadingKeys": [reach.keys]}}
            _allow(who, reach.actions, [self._table_arn(reach.table)], {**keys, **conditions})
        self.key.let_use_through("dynamodb", who, KEEP_TABLES)

    def _let(self, who: IGrantable, table: str, actions: tuple[str, ...]) -> None:
        _allow(who, actions, [self._table_arn(table)])
        self.key.let_use_through("dynamodb", who, KEEP_TABLES)

    def _table_arn(self, table: str) -> str:
        return f"arn:aws:dynamodb:{self._cell.region}:{self._cell.account}:table/{self.table_name(table)}"

    def _let_get(
        self,
        who: Role,
        keys: str,
        actions: tuple[str, ...] = (GET_OBJECT,),
        **conditions: Mapping[str, object],
    ) -> None:
        """``actions``: on these objects of the artifacts bucket."""
        objects = f"arn:aws:s3:::{self.bucket_name}/{keys}"
        _allow(who, actions, [objects], conditions)
        accept(
            who, f"AwsSolutions-IAM5[Resource::{objects}]", because="All objects of one kind in the cell's own bucket."
        )
        self.key.let_use_through("s3", who, DECRYPT if actions == (GET_OBJECT,) else ENCRYPT)

    def _media_key(self, tenant: str, cell: Cell) -> LastingKey:
        """A tenant's own: without it, nobody reads the audio of that tenant's callers."""
        key = LastingKey(self, f"MediaKey-{tenant}", description=f"Sotto: calls of tenant {tenant}")
        key.add_alias(cell.tenant_key_alias(tenant))
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
    who: IGrantable,
    actions: tuple[str, ...],
    resources: Sequence[str],
    conditions: Mapping[str, object] | None = None,
) -> None:
    statement = PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions or None)
    who.grant_principal.add_to_principal_policy(statement)
