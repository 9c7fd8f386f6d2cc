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
from sotto.core.resources import LIVE, PipeSpec, Resources, RuleSpec, StateMachineSpec, TableSpec

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
        create_table(table, clients("dynamodb"))
    for bucket in resources.buckets:
        clients("s3").create_bucket(Bucket=bucket)
        clients("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for bucket in resources.vector_buckets:
        clients("s3vectors").create_vector_bucket(vectorBucketName=bucket)
    for machine in resources.state_machines:
        arns[machine.name] = _create_state_machine(machine, arns, clients("stepfunctions"), repository)
    for bus in resources.buses:
        clients("events").create_event_bus(Name=bus)
    for rule in resources.rules:
        _create_rule(rule, arns, clients)
    for pipe in resources.pipes:
        _create_pipe(pipe, clients)
    return arns


def create_table(table: TableSpec, dynamodb: Any) -> None:
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
        machine.substituted(arns),
    )
    kind = "EXPRESS" if machine.express else "STANDARD"
    created = stepfunctions.create_state_machine(name=machine.name, definition=definition, roleArn=ROLE, type=kind)
    return str(created["stateMachineArn"])


def _create_rule(rule: RuleSpec, arns: dict[str, str], clients: Any) -> None:
    events = clients("events")
    events.put_rule(Name=rule.name, EventBusName=rule.bus, EventPattern=json.dumps(dict(rule.pattern)))
    target = {
        "Id": rule.function,
        "Arn": arns[rule.function],
        "RetryPolicy": {"MaximumRetryAttempts": rule.retries, "MaximumEventAgeInSeconds": rule.max_event_age_s},
        "DeadLetterConfig": {"Arn": _queue(undelivered(rule.name), clients("sqs"))},
    }
    events.put_targets(Rule=rule.name, EventBusName=rule.bus, Targets=[target])


def _create_pipe(pipe: PipeSpec, clients: Any) -> None:
    bus = clients("events").describe_event_bus(Name=pipe.bus)
    clients("pipes").create_pipe(
        Name=pipe.name,
        RoleArn=ROLE,
        Source=clients("dynamodb").describe_table(TableName=pipe.table)["Table"]["LatestStreamArn"],
        SourceParameters={
            "FilterCriteria": {"Filters": [{"Pattern": json.dumps(dict(pipe.pattern))}]},
            "DynamoDBStreamParameters": {
                "StartingPosition": "TRIM_HORIZON",
                "BatchSize": pipe.batch_size,
                "MaximumRetryAttempts": pipe.retries,
                "MaximumRecordAgeInSeconds": pipe.max_record_age_s,
                "OnPartialBatchItemFailure": "AUTOMATIC_BISECT",
                "DeadLetterConfig": {"Arn": _queue(undelivered(pipe.name), clients("sqs"))},
            },
        },
        Target=bus["Arn"],
        TargetParameters={
            "InputTemplate": pipe.template,
            "EventBridgeEventBusParameters": {"DetailType": pipe.path_of(pipe.type_field), "Source": pipe.source},
        },
    )


def undelivered(name: str) -> str:
    """The dead-letter queue of a rule or a pipe."""
    return f"{name}-undelivered"


def _queue(name: str, sqs: Any) -> str:
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])
