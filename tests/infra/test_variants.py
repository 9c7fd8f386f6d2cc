"""What the example deployment does not use. Kind: synthesised templates."""

from __future__ import annotations

import json
from collections.abc import Mapping

from infra.building_blocks.bundling import REPOSITORY
from tests.infra.conftest import Template, resources

Variant = Mapping[str, Template]
CALL_PATH = "us-east-1/sotto-shared-call-path"


def test_a_tenant_bound_to_europe_is_named_nowhere_else(variant: Variant) -> None:
    regions = {name.partition("/")[0] for name, template in variant.items() if "nord_bank" in json.dumps(template)}
    assert regions == {"eu-central-1"}


def test_no_region_names_another(variant: Variant) -> None:
    for name, template in variant.items():
        other = {"us-east-1": "eu-central-1", "eu-central-1": "us-east-1"}[name.partition("/")[0]]
        assert other not in json.dumps(template), name


def test_media_streams_that_exist_are_left_alone_and_read_under_their_own_prefix(variant: Variant) -> None:
    storage = resources(variant[CALL_PATH], "AWS::Connect::InstanceStorageConfig").values()
    assert sum(each["ResourceType"] == "MEDIA_STREAMS" for each in storage) == 1, "only the other instance's"
    policies = json.dumps(list(resources(variant[CALL_PATH], "AWS::IAM::Policy").values()))
    assert "stream/theirs-connect-*/*" in policies
    assert "stream/sotto-connect-*/*" in policies


def test_the_worker_may_read_the_one_secret_that_it_needs(variant: Variant) -> None:
    policies = resources(variant[CALL_PATH], "AWS::IAM::Policy").items()
    readers = [name for name, policy in policies if "secretsmanager:GetSecretValue" in json.dumps(policy)]
    assert len(readers) == 1
    assert "TranscribeCall" in readers[0]


def test_a_worker_that_hears_by_itself_has_a_processor_for_each_channel(variant: Variant) -> None:
    for region, memory in (("us-east-1", 3_538), ("eu-central-1", 1_024)):
        functions = resources(variant[f"{region}/sotto-shared-call-path"], "AWS::Lambda::Function").values()
        (worker,) = (each for each in functions if each["FunctionName"] == "sotto-transcribe_call")
        assert worker["MemorySize"] == memory


def test_without_a_queue_only_the_module_is_made(variant: Variant) -> None:
    there = variant["eu-central-1/sotto-shared-call-path"]
    assert len(resources(there, "AWS::Connect::ContactFlowModule")) == 1
    assert not resources(there, "AWS::Connect::ContactFlow")


def test_the_toolchain_is_pinned_and_names_no_registry() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/aws-cdk"]["version"] == "2.1148.1"
    assert "resolved" not in json.dumps(lock)


def test_segments_that_were_given_up_raise_the_alarm_of_failed_events(variant: Variant) -> None:
    alarms = resources(variant["us-east-1/sotto-shared-observability"], "AWS::CloudWatch::Alarm").values()
    (failed,) = (each for each in alarms if each["AlarmName"] == "sotto-failed-events")
    assert "GivenUp" in json.dumps(failed["Metrics"])


def test_contact_lens_is_heard_through_a_stream_under_the_tenants_key(variant: Variant) -> None:
    template = variant[CALL_PATH]
    (stream,) = resources(template, "AWS::Kinesis::Stream").values()
    assert "MediaKeyharbourbank" in json.dumps(stream["StreamEncryption"])
    (mapping,) = resources(template, "AWS::Lambda::EventSourceMapping").values()
    assert "HearContactLensLive" in json.dumps(mapping["FunctionName"])
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    given_up = mapping["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    assert resources(template, "AWS::SQS::Queue")[given_up]["KmsMasterKeyId"]
    kinds = {each["ResourceType"] for each in resources(template, "AWS::Connect::InstanceStorageConfig").values()}
    assert "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS" in kinds
