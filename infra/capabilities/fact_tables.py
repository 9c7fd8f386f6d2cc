"""Facts as tables of Glue, for Athena: the files that DuckDB reads, where they have outgrown one function."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from constructs import Construct

from infra.deployment import Cell
from sotto.analytics.facts.tables import GLUE_TYPES, TABLES, FactTable

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


def database_name(cell: Cell) -> str:
    return f"{cell.prefix}facts".replace("-", "_")


class FactTables(Construct):
    """No crawler, and nothing to repair: which partitions there are is reckoned from the tenants and the days. A query
    must name its tenant (``injected``); which files it may read then is still the matter of the role that asks.
    https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
    """

    def __init__(self, scope: Construct, id: str, *, cell: Cell, bucket: str) -> None:
        super().__init__(scope, id)
        account, name = Stack.of(self).account, database_name(cell)
        database = CfnDatabase(
            self,
            "Database",
            catalog_id=account,
            database_input=CfnDatabase.DatabaseInputProperty(
                name=name, description=f"Sotto {cell.title}: facts without text; their definitions, not their rows"
            ),
        )
        for fact, table in TABLES.items():
            made = CfnTable(
                self,
                fact.title(),
                catalog_id=account,
                database_name=name,
                table_input=self._table(table, f"s3://{bucket}"),
            )
            made.add_dependency(database)

    @staticmethod
    def _table(table: FactTable, place: str) -> CfnTable.TableInputProperty:
        column = CfnTable.ColumnProperty
        return CfnTable.TableInputProperty(
            name=table.name,
            description=table.grain,
            table_type="EXTERNAL_TABLE",
            partition_keys=[column(name="tenant", type="string"), column(name="dt", type="string")],
            parameters={
                "classification": "parquet",
                "EXTERNAL": "TRUE",
                "projection.enabled": "true",
                "projection.tenant.type": "injected",
                "projection.dt.type": "date",
                "projection.dt.format": "yyyy-MM-dd",
                "projection.dt.range": "2026-01-01,NOW+1DAY",
                "storage.location.template": f"{place}/${{tenant}}/{table.name}/dt=${{dt}}/",
            },
            storage_descriptor=CfnTable.StorageDescriptorProperty(
                columns=[column(name=name, type=GLUE_TYPES[kind]) for name, kind in table.columns.items()],
                location=f"{place}/",
                input_format=f"{_PARQUET}.MapredParquetInputFormat",
                output_format=f"{_PARQUET}.MapredParquetOutputFormat",
                serde_info=CfnTable.SerdeInfoProperty(serialization_library=f"{_PARQUET}.serde.ParquetHiveSerDe"),
            ),
        )
