"""Creates what functions need, in the embedded AWS, by ordinary API calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.aws.lambda_runtime import LambdaRuntime, imported
from local.aws.lambda_sandbox import Handler
from local.aws.step_functions import definition_with
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import LIVE, Resources, RuleSpec, StateMachineSpec, TableSpec

ROLE = "arn:aws:iam::123456789012:role/sotto-embedded"


def create(
    resources: Resources,
    functions: LambdaRuntime,
    clients: Any,
    repository: Path,
    load: Callable[[FunctionSpec], Handler] = imported,
) -> dict[str, str]:
    """``clients(service)`` gives a boto3 client, ``load`` a function's handler at its first use. Answers with the ARNs
    of functions' aliases and state machines."""
    arns = {spec.name: f"{functions.register(spec, load=load)}:{LIVE}" for spec in resources.functions}
    for table in resources.tables:
        _create_table(table, clients("dynamodb"))
    for bucket in resources.buckets:
        clients("s3").create_bucket(Bucket=bucket)
    for machine in resources.state_machines:
        arns[machine.name] = _create_state_machine(machine, arns, clients("stepfunctions"), repository)
    for rule in resources.rules:
        _create_rule(rule, arns, clients("events"))
    return arns


def _create_table(table: TableSpec, dynamodb: Any) -> None:
    keys = [(table.partition_key, "HASH")] + ([(table.sort_key, "RANGE")] if table.sort_key else [])
    stream = {"StreamEnabled": True, "StreamViewType": table.stream} if table.stream else {"StreamEnabled": False}
    dynamodb.create_table(
        TableName=table.name,
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification=stream,
    )
    if table.ttl_attribute:
        dynamodb.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
        )


def _create_state_machine(machine: StateMachineSpec, arns: dict[str, str], stepfunctions: Any, repository: Path) -> str:
    definition = definition_with(
        (repository / machine.definition).read_text(),
        {name: arns[function] for name, function in machine.substitutions.items()},
    )
    created = stepfunctions.create_state_machine(name=machine.name, definition=definition, roleArn=ROLE, type="EXPRESS")
    return str(created["stateMachineArn"])


def _create_rule(rule: RuleSpec, arns: dict[str, str], events: Any) -> None:
    events.put_rule(Name=rule.name, EventPattern=json.dumps(dict(rule.pattern)))
    events.put_targets(Rule=rule.name, Targets=[{"Id": rule.function, "Arn": arns[rule.function]}])
