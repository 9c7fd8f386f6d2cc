"""What is deployed, by intent. Kind: synthesised templates, no account, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import build_schema
from graphql.utilities import find_schema_changes

from functions.specs import deployed
from infra.capabilities.contact_flow.validator import problems
from infra.deployment import Deployment
from sotto.core.resources import DEFAULT_BUS, EVENTS
from sotto.core.triggers import StepOf
from tests.infra.conftest import REPOSITORY, Template, resources

Templates = Mapping[str, Template]
CALL_PATH = "sotto-shared-call-path"
LEARNING = "sotto-shared-learning"
ALERTS = "sotto-shared-alerts"
WORKFLOWS = "sotto-shared-workflows"
WITH_FUNCTIONS = (CALL_PATH, LEARNING, ALERTS, WORKFLOWS)
DATA = "sotto-shared-data"


def every(templates: Templates, kind: str) -> list[dict[str, Any]]:
    return [each for template in templates.values() for each in resources(template, kind).values()]


def plain(value: Any) -> str:
    """A joined string with references written as ``<...>``."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(map(plain, value["Fn::Join"][1]))
    return f"<{json.dumps(value)}>".replace('"', "'")


def test_each_cell_has_its_stacks_by_lifecycle(templates: Templates) -> None:
    lives = ("alerts", "call-path", "data", "learning", "models", "observability", "panel-fields", "workflows")
    assert sorted(templates) == sorted(f"sotto-{cell}-{life}" for cell in ("shared", "torque-garage") for life in lives)


def test_functions_and_tables_are_those_of_the_shared_table(templates: Templates) -> None:
    functions = _of_functions(templates, "AWS::Lambda::Function")
    assert {each["FunctionName"]: (each["Handler"], each["Timeout"], each["MemorySize"]) for each in functions} == {
        f"sotto-{spec.name}": (spec.handler, spec.timeout_s, spec.memory_mb) for spec in deployed().functions
    }
    tables = resources(templates[DATA], "AWS::DynamoDB::Table").values()
    assert sorted(each["TableName"] for each in tables) == sorted(spec.name for spec in deployed().tables)


def _of_functions(templates: Templates, kind: str) -> list[Any]:
    """In the stacks that hold functions."""
    return [each for stack in WITH_FUNCTIONS for each in resources(templates[stack], kind).values()]


def test_nothing_else_runs_code(templates: Templates) -> None:
    """Constructs that bring a function of their own would run with rights that nobody reviewed."""
    kinds = {each["Type"] for template in templates.values() for each in template["Resources"].values()}
    assert not {kind for kind in kinds if kind.startswith("Custom::")}
    assert len(every(templates, "AWS::Lambda::Function")) == 2 * len(deployed().functions)


def test_functions_run_on_arm_with_traces_and_bounded_logs(templates: Templates) -> None:
    for function in every(templates, "AWS::Lambda::Function"):
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.13"
        assert function["TracingConfig"] == {"Mode": "Active"}
    for logs in every(templates, "AWS::Logs::LogGroup"):
        assert logs["RetentionInDays"] == 30


def test_a_cold_start_that_an_agent_would_notice_is_a_snapshot(templates: Templates) -> None:
    functions = resources(templates[CALL_PATH], "AWS::Lambda::Function").values()
    snapped = {each["FunctionName"] for each in functions if each.get("SnapStart") == {"ApplyOn": "PublishedVersions"}}
    assert snapped == {f"sotto-{spec.name}" for spec in deployed().functions if spec.snap_start}


def test_the_audio_worker_may_start_itself_again_and_again_and_be_revived(templates: Templates) -> None:
    """AWS stops a loop of functions after 16 rounds; handing over and reviving are loops that end with the call, and so
    does a directory's listing that does not fit into one run."""
    functions = resources(templates[CALL_PATH], "AWS::Lambda::Function").values()
    looping = {each["FunctionName"] for each in functions if each.get("RecursiveLoop") == "Allow"}
    assert looping == {"sotto-transcribe_call", "sotto-follow_contact", "sotto-synchronise_directory"}


def test_failed_asynchronous_events_are_kept_under_a_key(templates: Templates) -> None:
    configs = _of_functions(templates, "AWS::Lambda::EventInvokeConfig")
    assert len(configs) == sum(spec.asynchronous for spec in deployed().functions)
    assert all(config["DestinationConfig"]["OnFailure"]["Destination"] for config in configs)
    assert all(queue["KmsMasterKeyId"] for queue in every(templates, "AWS::SQS::Queue"))


def test_a_worker_that_crashes_at_its_last_second_is_still_retried(templates: Templates) -> None:
    """Lambda counts an event's age from when it came, and waits one and two minutes before its retries."""
    configs = resources(templates[CALL_PATH], "AWS::Lambda::EventInvokeConfig")
    (worker,) = (config for name, config in configs.items() if "TranscribeCall" in name)
    assert worker["MaximumEventAgeInSeconds"] >= 3 * 900 + 180
    assert worker["MaximumRetryAttempts"] == 2


def test_whoever_invokes_a_function_invokes_its_alias(templates: Templates) -> None:
    """Grants are on the alias alone, so that nothing of ours can go round a snapshot, a release or a failure queue."""
    template = templates[CALL_PATH]
    for config in resources(template, "AWS::Lambda::EventInvokeConfig").values():
        assert config["Qualifier"] == "live"
    for policy in resources(template, "AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "lambda:InvokeFunction" in statement["Action"]:
                arns = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                assert all(plain(arn).endswith(":live") or "Live" in plain(arn) for arn in arns), arns
    for permission in resources(template, "AWS::Lambda::Permission").values():
        assert "Live" in plain(permission["FunctionName"])
    for mapping in resources(template, "AWS::Lambda::EventSourceMapping").values():
        assert "Live" in plain(mapping["FunctionName"])
    for machine in resources(template, "AWS::StepFunctions::StateMachine").values():
        assert all("Live" in plain(arn) for arn in machine["DefinitionSubstitutions"].values())


def test_a_bad_release_of_a_function_is_taken_back_by_itself(templates: Templates) -> None:
    template = templates[CALL_PATH]
    aliases = [each for each in template["Resources"].values() if each["Type"] == "AWS::Lambda::Alias"]
    groups = resources(template, "AWS::CodeDeploy::DeploymentGroup")
    alarms = resources(template, "AWS::CloudWatch::Alarm")
    updated = {each["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"] for each in aliases}
    assert len(_of_functions(templates, "AWS::Lambda::Alias")) == len(deployed().functions)
    assert updated == set(groups)
    for group in groups.values():
        assert "Canary10Percent" in group["DeploymentConfigName"]
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        (alarm,) = group["AlarmConfiguration"]["Alarms"]
        dimensions = {each["Name"]: each["Value"] for each in alarms[alarm["Name"]["Ref"]]["Dimensions"]}
        assert dimensions["Resource"] == f"{dimensions['FunctionName']}:live"


def test_concurrency_is_reserved_for_what_a_call_cannot_do_without(templates: Templates) -> None:
    functions = resources(templates[CALL_PATH], "AWS::Lambda::Function").values()
    reserved = {each["FunctionName"]: each.get("ReservedConcurrentExecutions") for each in functions}
    assert {name: count for name, count in reserved.items() if count} == {
        "sotto-start_guidance": 50,
        "sotto-transcribe_call": 1100,
    }


def test_tables_are_recoverable_encrypted_and_outlive_their_stack(templates: Templates) -> None:
    for template in (templates[name] for name in templates if name.endswith("-data")):
        for each in template["Resources"].values():
            if each["Type"] != "AWS::DynamoDB::Table":
                continue
            table = each["Properties"]
            assert each["DeletionPolicy"] == each["UpdateReplacePolicy"] == "Retain"
            assert table["BillingMode"] == "PAY_PER_REQUEST"
            assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
            assert table["SSESpecification"]["SSEType"] == "KMS"


def test_contacts_expire_and_stream_their_changes(templates: Templates) -> None:
    (contacts,) = (
        table
        for table in resources(templates[DATA], "AWS::DynamoDB::Table").values()
        if table["TableName"] == "sotto-contacts"
    )
    assert contacts["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert contacts["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_buckets_are_private_versioned_and_speak_tls_only(templates: Templates) -> None:
    for bucket in every(templates, "AWS::S3::Bucket"):
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    policies = every(templates, "AWS::S3::BucketPolicy")
    assert len(policies) == len(every(templates, "AWS::S3::Bucket"))
    assert all("aws:SecureTransport" in json.dumps(policy) for policy in policies)


def test_every_tenant_has_a_key_for_its_calls_that_turns_over(templates: Templates) -> None:
    keys = [key for key in every(templates, "AWS::KMS::Key") if key.get("KeyUsage") != "SIGN_VERIFY"]
    assert all(key["EnableKeyRotation"] for key in keys)
    descriptions = {key["Description"] for key in keys}
    assert {"Sotto: calls of tenant harbour_bank", "Sotto: calls of tenant torque_garage"} <= descriptions


def test_the_state_machines_are_the_repositorys_and_log_no_transcript(templates: Templates) -> None:
    machines = _of_functions(templates, "AWS::StepFunctions::StateMachine")
    by_name = {machine["StateMachineName"].removeprefix("sotto-"): machine for machine in machines}
    assert set(by_name) == {spec.name for spec in deployed().state_machines}
    for spec in deployed().state_machines:
        machine = by_name[spec.name]
        assert machine["StateMachineType"] == ("EXPRESS" if spec.express else "STANDARD")
        assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
        assert machine["DefinitionString"] == (REPOSITORY / spec.definition).read_text()
        assert set(machine["DefinitionSubstitutions"]) == {*spec.substitutions, *(["Plan"] if spec.plan else [])}


def test_the_api_serves_the_repositorys_schema_to_people_and_functions(templates: Templates, assembly: Path) -> None:
    (schema,) = resources(templates[CALL_PATH], "AWS::AppSync::GraphQLSchema").values()
    deployed = schema["Definition"]
    assert '"' not in re.sub(r'@aws_subscribe\(mutations: \["\w+"\]\)', "", deployed), "AppSync refuses descriptions"
    assert "#" not in deployed
    read = (REPOSITORY / "sotto/realtime/appsync.graphql").read_text()
    source = (REPOSITORY / "sotto/realtime/schema.graphql").read_text()
    here = build_schema(read + source)
    changes = find_schema_changes(here, build_schema(read + deployed))
    assert {change.type.name for change in changes} == {"DESCRIPTION_CHANGED"}
    assert deployed.count("@aws_iam") == len(re.findall(r"^[^#\n]*@aws_iam", source, re.M))
    (api,) = resources(templates[CALL_PATH], "AWS::AppSync::GraphQLApi").values()
    assert api["AuthenticationType"] == "OPENID_CONNECT"
    assert [each["AuthenticationType"] for each in api["AdditionalAuthenticationProviders"]] == ["AWS_IAM"]
    assert api["LogConfig"]["ExcludeVerboseContent"] is True


def test_every_root_field_has_a_resolver_and_publishing_asks_no_function(templates: Templates) -> None:
    resolvers = resources(templates["sotto-shared-panel-fields"], "AWS::AppSync::Resolver").values()
    sources = {(each["TypeName"], each["FieldName"]): json.dumps(each["DataSourceName"]) for each in resolvers}
    roots = ("Query", "Mutation", "Subscription")
    schema = (REPOSITORY / "sotto/realtime/schema.graphql").read_text()
    assert {root for root, _ in sources} == set(roots)
    assert sum(len(_fields(schema, root)) for root in roots) == len(sources)
    for (_, field), source in sources.items():
        assert ("Nothing" in source) == field.startswith("publish"), field


def _fields(schema: str, root: str) -> list[str]:
    body = schema.split(f"\ntype {root} {{\n", 1)[1].split("\n}\n", 1)[0]
    undescribed = re.sub(r'"""[\s\S]*?"""', "", body)
    return re.findall(r"^  [a-zA-Z].*", undescribed, re.M)


def test_the_firewall_never_judges_what_was_said(templates: Templates) -> None:
    (acl,) = resources(templates[CALL_PATH], "AWS::WAFv2::WebACL").values()
    groups = [rule["Statement"].get("ManagedRuleGroupStatement", {}).get("Name") for rule in acl["Rules"]]
    assert [group for group in groups if group] == ["AWSManagedRulesAmazonIpReputationList"]
    assert len(resources(templates[CALL_PATH], "AWS::WAFv2::WebACLAssociation")) == 1


def test_audio_is_kept_long_enough_to_resume_under_the_tenants_key(templates: Templates) -> None:
    (storage,) = resources(templates[CALL_PATH], "AWS::Connect::InstanceStorageConfig").values()
    assert (storage["ResourceType"], storage["StorageType"]) == ("MEDIA_STREAMS", "KINESIS_VIDEO_STREAM")
    assert storage["KinesisVideoStreamConfig"]["RetentionPeriodHours"] >= 1
    key = json.dumps(storage["KinesisVideoStreamConfig"]["EncryptionConfig"]["KeyId"])
    assert "MediaKeyharbourbank" in key


def test_only_the_instance_may_invoke_start_guidance(templates: Templates, deployment: Deployment) -> None:
    permissions = resources(templates[CALL_PATH], "AWS::Lambda::Permission").values()
    connect = [each for each in permissions if each["Principal"] == "connect.amazonaws.com"]
    assert [each["SourceArn"] for each in connect] == [deployment.regions["us-east-1"].instances[0].arn]
    associated = resources(templates[CALL_PATH], "AWS::Connect::IntegrationAssociation").values()
    assert sorted(each["IntegrationType"] for each in associated) == ["APPLICATION", "LAMBDA_FUNCTION"]


def test_deployed_flows_keep_the_rules_of_the_flow_language(templates: Templates) -> None:
    flows = [
        *resources(templates[CALL_PATH], "AWS::Connect::ContactFlow").values(),
        *resources(templates[CALL_PATH], "AWS::Connect::ContactFlowModule").values(),
    ]
    assert len(flows) == 4
    for flow in flows:
        content = plain(flow["Content"])
        assert problems(json.loads(content), complete=True) == []
        assert "FunctionsStartGuidanceLive" in content


def test_contact_events_reach_follow_contact(templates: Templates) -> None:
    rules = resources(templates[CALL_PATH], "AWS::Events::Rule").values()
    (rule,) = [each for each in rules if "EventBusName" not in each and "EventPattern" in each]
    (spec,) = deployed().rules_of(DEFAULT_BUS)
    assert rule["EventPattern"] == spec.pattern
    (target,) = rule["Targets"]
    assert "FollowContact" in json.dumps(target["Arn"])
    assert target["DeadLetterConfig"]["Arn"]


def test_each_subscriber_has_a_rule_on_the_cells_bus_and_dead_letters_of_its_own(templates: Templates) -> None:
    found = _of_functions(templates, "AWS::Events::Rule")
    rules = {each["Name"]: each for each in found if each.get("EventBusName") == "sotto-events"}
    assert set(rules) == {f"sotto-{spec.name}" for spec in deployed().rules_of(EVENTS)}
    for spec in deployed().rules_of(EVENTS):
        rule = rules[f"sotto-{spec.name}"]
        assert rule["EventPattern"] == spec.pattern
        (target,) = rule["Targets"]
        assert spec.function.replace("_", "") in json.dumps(target["Arn"]).lower()
        assert target["RetryPolicy"] == {
            "MaximumEventAgeInSeconds": spec.max_event_age_s,
            "MaximumRetryAttempts": spec.retries,
        }
    queues = [json.dumps(rule["Targets"][0]["DeadLetterConfig"]) for rule in rules.values()]
    assert len(set(queues)) == len(queues)


def test_a_pipe_carries_the_outbox_from_the_tables_stream_to_a_bus_under_the_cells_key(templates: Templates) -> None:
    data = templates["sotto-shared-data"]
    (spec,) = deployed().pipes
    (pipe,) = resources(data, "AWS::Pipes::Pipe").values()
    source = pipe["SourceParameters"]
    assert json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"]) == spec.pattern
    stream = source["DynamoDBStreamParameters"]
    assert stream["DeadLetterConfig"]["Arn"] and stream["OnPartialBatchItemFailure"] == "AUTOMATIC_BISECT"
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    (bus,) = resources(data, "AWS::Events::EventBus").values()
    assert (bus["Name"], "RecordsKey" in json.dumps(bus["KmsKeyIdentifier"])) == ("sotto-events", True)
    policies = json.dumps(list(resources(data, "AWS::SQS::QueuePolicy").values()))
    assert "events.amazonaws.com" in policies, "the bus may use its dead-letter queue"


def test_no_function_names_who_works_after_a_call_or_erases(templates: Templates) -> None:
    policies = resources(templates[CALL_PATH], "AWS::IAM::Policy").items()
    for name in ("start_after_call", "summarise_call", "erase_contact"):
        callers = [role for role, each in policies if f"{name}:live" in json.dumps(each) and "Release" not in role]
        assert callers == []


def test_the_machine_after_calls_is_a_standard_one_that_may_call_its_steps_and_is_given_their_plan(
    templates: Templates,
) -> None:
    machines = resources(templates[CALL_PATH], "AWS::StepFunctions::StateMachine")
    (machine,) = (each for each in machines.values() if each["StateMachineName"] == "sotto-after_call")
    assert machine["StateMachineType"] == "STANDARD"
    given = json.dumps(machine["DefinitionSubstitutions"])
    policies = resources(templates[CALL_PATH], "AWS::IAM::Policy").items()
    (policy,) = (json.dumps(each) for name, each in policies if name.startswith("AfterCallMachineRole"))
    steps = [spec.name for spec in deployed().functions if spec.triggered_by(StepOf)]
    assert "summarise_call" in steps
    for name in (*steps, "track_after_call"):
        title = "".join(word.title() for word in name.split("_"))
        assert f"Functions{title}" in policy and f"Functions{title}" in given


def test_models_are_hosted_as_the_shard_expects_and_roll_back_by_themselves(templates: Templates) -> None:
    template = templates["sotto-shared-models"]
    (model,) = resources(template, "AWS::SageMaker::Model").values()
    container = model["PrimaryContainer"]
    assert container["Mode"] == "MultiModel"
    assert container["ModelDataUrl"] == "s3://sotto-shared-111122223333-us-east-1/models/"
    (endpoint,) = resources(template, "AWS::SageMaker::Endpoint").values()
    assert len(endpoint["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]) == 2
    (config,) = resources(template, "AWS::SageMaker::EndpointConfig").values()
    assert "DataCaptureConfig" not in config
    (scaling,) = resources(template, "AWS::ApplicationAutoScaling::ScalableTarget").values()
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (2, 8)


def test_a_cell_names_nothing_of_another(templates: Templates) -> None:
    for name, template in templates.items():
        written = json.dumps(template)
        if name.startswith("sotto-torque-garage"):
            assert "harbour" not in written and "sotto-shared" not in written
        else:
            assert "torque" not in written


def test_no_template_is_larger_than_cloudformation_takes(template_files: Mapping[str, Path]) -> None:
    for file in template_files.values():
        assert len(file.read_bytes()) < 1_000_000
        assert len(json.loads(file.read_text())["Resources"]) < 500
