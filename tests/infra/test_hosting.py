"""Models in every way of hosting, and copies of records within a residency. Kind: synthesised templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from functions.specs import deployed
from sotto.models.hosting import component_name
from tests.infra.conftest import Template, resources

Templates = Mapping[str, Template]
SHARED, ALONE = "sotto-shared-models", "sotto-allein-models"


def one(template: Template, kind: str, like: str = "") -> dict[str, Any]:
    (found,) = (each for name, each in resources(template, kind).items() if like in name)
    return found


def scaled_by(template: Template, like: str) -> tuple[str, str, Any]:
    target = one(template, "AWS::ApplicationAutoScaling::ScalableTarget", like)
    policy = one(template, "AWS::ApplicationAutoScaling::ScalingPolicy", like)
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    metric = tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]
    return target["ScalableDimension"], metric, tracking["TargetValue"]


def test_one_endpoint_fetches_adapters_itself(hosted: Templates) -> None:
    container = one(hosted[SHARED], "AWS::SageMaker::Model", "Shard")["PrimaryContainer"]
    assert "Mode" not in container and "ModelDataUrl" not in container
    assert container["Environment"]["SOTTO_ADAPTERS"] == "s3://sotto-shared-111122223333-eu-central-1/models"
    assert "SOTTO_ENGINE" not in container["Environment"]
    endpoint = one(hosted[SHARED], "AWS::SageMaker::Endpoint", "Shard")
    assert len(endpoint["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]) == 2
    metric = "SageMakerVariantInvocationsPerInstance"
    assert scaled_by(hosted[SHARED], "Shard") == ("sagemaker:variant:DesiredInstanceCount", metric, 2_000)


def test_adapters_are_components_on_a_base_component(hosted: Templates) -> None:
    components = resources(hosted[SHARED], "AWS::SageMaker::InferenceComponent")
    base = one(hosted[SHARED], "AWS::SageMaker::InferenceComponent", "Base")
    assert base["InferenceComponentName"] == "sotto-writer-base"
    assert base["Specification"]["ComputeResourceRequirements"]["NumberOfAcceleratorDevicesRequired"] == 1
    adapter = one(hosted[SHARED], "AWS::SageMaker::InferenceComponent", "Adapter")
    assert len(components) == 2
    assert adapter["InferenceComponentName"] == component_name("sotto-writer", "nord_bank/writer/v1.tar.gz")
    assert adapter["Specification"] == {
        "BaseInferenceComponentName": "sotto-writer-base",
        "Container": {"ArtifactUrl": "s3://sotto-shared-111122223333-eu-central-1/models/nord_bank/writer/v1.tar.gz"},
    }


def test_components_are_replaced_one_by_one_and_rolled_back_by_alarms(hosted: Templates) -> None:
    """Endpoints with components know no blue/green updates."""
    assert "DeploymentConfig" not in one(hosted[SHARED], "AWS::SageMaker::Endpoint", "Writer")
    update = one(hosted[SHARED], "AWS::SageMaker::InferenceComponent", "Base")["DeploymentConfig"]
    assert update["RollingUpdatePolicy"]["MaximumBatchSize"] == {"Type": "COPY_COUNT", "Value": 1}
    alarms = resources(hosted[SHARED], "AWS::CloudWatch::Alarm")
    watching = [alarms[each["AlarmName"]["Ref"]] for each in update["AutoRollbackConfiguration"]["Alarms"]]
    assert {each["AlarmName"] for each in watching} == {"sotto-writer-model-errors", "sotto-writer-model-latency"}
    for alarm in watching:
        assert alarm["Dimensions"] == [{"Name": "InferenceComponentName", "Value": "sotto-writer-base"}]


def test_a_writer_scales_by_the_texts_it_has_in_hand(hosted: Templates) -> None:
    metric = "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
    dimension = "sagemaker:inference-component:DesiredCopyCount"
    assert scaled_by(hosted[SHARED], "Writer") == (dimension, metric, 8)


def test_packages_are_published_for_an_address_that_says_how_it_hosts(hosted: Templates, templates: Templates) -> None:
    def addresses(template: Template) -> set[str]:
        return {each["Value"] for name, each in template["Outputs"].items() if "EndpointName" in name}

    assert addresses(hosted[SHARED]) == {"sotto-shard/adapters", "sotto-writer/components"}
    assert addresses(templates["sotto-shared-models"]) == {"sotto-shard"}


def test_only_the_functions_that_write_texts_may_ask_the_writer_and_stream_from_it_alone(hosted: Templates) -> None:
    policies = resources(hosted["sotto-shared-call-path"], "AWS::IAM::Policy").items()
    asking = {name.partition("Role")[0] for name, policy in policies if "sotto-writer" in json.dumps(policy)}
    assert asking == {
        f"Functions{name}" for name in ("RouteInference", "ServeAgent", "SummariseCall", "EvaluateConversation")
    }
    for _, policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            if "sagemaker:InvokeEndpointWithResponseStream" in statement["Action"]:
                assert "sotto-shard" not in json.dumps(statement["Resource"])


def test_what_a_tenant_asks_is_captured_only_where_it_opted_in_and_under_its_own_key(hosted: Templates) -> None:
    assert "DataCaptureConfig" not in json.dumps(hosted[SHARED])
    for config in resources(hosted[ALONE], "AWS::SageMaker::EndpointConfig").values():
        capture = config["DataCaptureConfig"]
        assert capture["DestinationS3Uri"] == "s3://sotto-allein-audio-111122223333-eu-central-1/allein/captures"
        assert "MediaKeyallein" in json.dumps(capture["KmsKeyId"])


def test_every_resource_of_tenants_bound_to_europe_is_in_europe(hosted: Templates) -> None:
    regions = set()
    for name, template in hosted.items():
        regions |= set(re.findall(r"\b(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d\b", json.dumps(template))) or {name}
    assert regions == {"eu-central-1", "eu-west-1"}


def test_tables_have_copies_under_a_key_that_is_where_they_are(hosted: Templates) -> None:
    tables = resources(hosted["sotto-shared-data"], "AWS::DynamoDB::GlobalTable")
    assert len(tables) == len(deployed().tables) == 6
    for table in tables.values():
        replicas = {each["Region"]: each for each in table["Replicas"]}
        assert set(replicas) == {"eu-central-1", "eu-west-1"}
        alias = "arn:aws:kms:eu-west-1:111122223333:alias/sotto-replica-of-eu-central-1"
        assert replicas["eu-west-1"]["SSESpecification"]["KMSMasterKeyId"] == alias
        assert all(each["DeletionProtectionEnabled"] for each in replicas.values())
        assert all(each["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] for each in replicas.values())
        assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_books_and_models_are_copied_and_what_was_said_is_not(hosted: Templates) -> None:
    buckets = resources(hosted["sotto-shared-data"], "AWS::S3::Bucket")
    copied = {name: each for name, each in buckets.items() if "ReplicationConfiguration" in each}
    ((name, artifacts),) = copied.items()
    assert "Artifacts" in name
    (rule,) = artifacts["ReplicationConfiguration"]["Rules"]
    assert rule["Destination"]["Bucket"] == "arn:aws:s3:::sotto-shared-replica-111122223333-eu-west-1"
    there = hosted["sotto-shared-replica-of-eu-central-1"]
    names = {each.get("BucketName") for each in resources(there, "AWS::S3::Bucket").values()}
    assert "sotto-shared-replica-111122223333-eu-west-1" in names
    (alias,) = resources(there, "AWS::KMS::Alias").values()
    assert rule["Destination"]["EncryptionConfiguration"]["ReplicaKmsKeyID"].endswith(alias["AliasName"])


def test_a_copy_goes_with_nothing_and_comes_before_what_is_copied(hosted: Templates) -> None:
    for name, template in hosted.items():
        if "replica-of" in name:
            kept = [
                each for each in template["Resources"].values() if each["Type"] in ("AWS::S3::Bucket", "AWS::KMS::Key")
            ]
            assert kept and all(each["DeletionPolicy"] == "Retain" for each in kept)


def test_each_tenants_audio_is_under_its_own_key_or_refused(templates: Templates) -> None:
    template, name = templates["sotto-shared-data"], "sotto-shared-audio-111122223333-us-east-1"
    ((bucket, properties),) = (
        (logical, each)
        for logical, each in resources(template, "AWS::S3::Bucket").items()
        if each.get("BucketName") == name
    )
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    (policy,) = (
        each for each in resources(template, "AWS::S3::BucketPolicy").values() if each["Bucket"] == {"Ref": bucket}
    )
    (denial,) = (
        each
        for each in policy["PolicyDocument"]["Statement"]
        if each.get("Resource") == f"arn:aws:s3:::{name}/harbour_bank/*"
    )
    assert denial["Effect"] == "Deny"
    assert "MediaKeyharbourbank" in json.dumps(denial["Condition"])


def test_audio_goes_after_the_tenants_retention(templates: Templates) -> None:
    buckets = resources(templates["sotto-shared-data"], "AWS::S3::Bucket").values()
    named = {each["BucketName"]: each for each in buckets if "BucketName" in each}
    (audio,) = named["sotto-shared-audio-111122223333-us-east-1"]["LifecycleConfiguration"]["Rules"]
    assert (audio["Prefix"], audio["ExpirationInDays"]) == ("harbour_bank/", 90)


def test_buckets_are_those_that_something_is_written_to(templates: Templates) -> None:
    buckets = resources(templates["sotto-shared-data"], "AWS::S3::Bucket").values()
    named = {each["BucketName"] for each in buckets if "BucketName" in each}
    written = {f"sotto-shared{what}-111122223333-us-east-1" for what in ("", "-audio", "-facts")}
    assert named == written
