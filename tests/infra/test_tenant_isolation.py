"""What one tenant's role may reach, and what the functions' own may not. Kind: synthesised templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from functions.specs import function_specs, socket_authoriser
from tests.infra.conftest import Template, resources

AS_NOBODY = (socket_authoriser(), "start_after_call")
"""Who lets desktops in, and who starts the work after a call: it passes two ids on, and reads nothing."""
ACTING = [spec for spec in function_specs() if spec.name not in AS_NOBODY and spec.stack == "call-path"]


@pytest.fixture(scope="module")
def with_sessions(variant: Mapping[str, Template]) -> Template:
    """The call path of two pooled tenants whose functions act as the tenant."""
    return variant["us-east-1/sotto-shared-call-path"]


def statements(template: Template, role: str) -> Iterator[dict[str, Any]]:
    for policy in resources(template, "AWS::IAM::Policy").values():
        if role in json.dumps(policy["Roles"]):
            yield from policy["PolicyDocument"]["Statement"]


def reads_of(statement: dict[str, Any]) -> bool:
    return any(word in json.dumps(statement["Action"]) for word in ("dynamodb:", "s3:"))


def test_a_tenants_role_reaches_that_tenants_records_only(with_sessions: Template) -> None:
    found = [each for each in statements(with_sessions, "Tenantsharbourbank") if reads_of(each)]
    assert len(found) == 15
    assert "table/sotto-connections" in json.dumps(found) and "table/sotto-api" in json.dumps(found)
    for statement in found:
        written = json.dumps(statement)
        assert "harbour_bank" in written and "torque_garage" not in written
        if "media" in written:
            assert '"aws:PrincipalTag/media": "redact"' in written, "Connect's recordings, and what is written"
        if "dynamodb:" in written:
            assert statement["Condition"], "only leading keys limit a table that tenants share"


def test_a_tenants_role_reaches_that_tenants_search_index_only(with_sessions: Template) -> None:
    found = [each for each in statements(with_sessions, "Tenantsharbourbank") if "s3vectors:" in json.dumps(each)]
    vectors = [each for each in found if "s3vectors:QueryVectors" in each["Action"]]
    (written,) = [json.dumps(each["Resource"]) for each in vectors]
    assert written.endswith('/index/t.harbour.bank.t"')


def trust(template: Template, tenant: str) -> list[dict[str, Any]]:
    roles = resources(template, "AWS::IAM::Role").values()
    (role,) = (each for each in roles if each.get("RoleName") == f"sotto-tenant-{tenant}-us-east-1")
    return list(role["AssumeRolePolicyDocument"]["Statement"])


def test_a_tenants_audit_log_can_be_added_to_and_read_and_nothing_else(with_sessions: Template) -> None:
    found = statements(with_sessions, "Tenantsharbourbank")
    (audit,) = [each for each in found if "table/sotto-audit" in json.dumps(each["Resource"])]
    assert sorted(audit["Action"]) == ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]


def test_only_the_cells_functions_may_act_as_a_tenant(with_sessions: Template) -> None:
    all_of_them, media, redaction = trust(with_sessions, "harbour_bank")
    path = "/sotto-us-east-1/acting-as-tenants/"
    assert json.dumps(all_of_them["Condition"]["ArnLike"]).count(f":iam::111122223333:role{path}*") == 1
    roles = resources(with_sessions, "AWS::IAM::Role")
    under_it = {name for name, role in roles.items() if role.get("Path") == path}
    assert len(under_it) == len(ACTING) and any(name.startswith("FunctionsStartGuidanceRole") for name in under_it)
    assert all("lambda.amazonaws.com" in json.dumps(roles[name]["AssumeRolePolicyDocument"]) for name in under_it)
    assert json.dumps(media["Principal"]).count("Fn::GetAtt") == 1
    assert "FunctionsTranscribeCallRole" in json.dumps(media["Principal"])
    assert "FunctionsRedactRecordingRole" in json.dumps(redaction["Principal"])


def test_a_session_must_name_the_tenant_of_its_role_and_only_the_audio_worker_may_say_that_it_reads_media(
    with_sessions: Template,
) -> None:
    all_of_them, media, redaction = trust(with_sessions, "harbour_bank")
    assert all_of_them["Action"] == media["Action"] == redaction["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert {name: value for name, value in all_of_them["Condition"].items() if name != "ArnLike"} == {
        "StringEquals": {"aws:RequestTag/tenant": "harbour_bank"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["tenant"]},
    }
    assert media["Condition"] == {
        "StringEquals": {"aws:RequestTag/tenant": "harbour_bank", "aws:RequestTag/media": "read"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["media", "tenant"]},
    }
    assert redaction["Condition"]["StringEquals"]["aws:RequestTag/media"] == "redact"


def test_a_trust_policy_fits_into_what_iam_takes_of_one(with_sessions: Template) -> None:
    """2,048 characters without blanks, when all roles' names and the tenant's are as long as they can be."""
    longest = "arn:aws:iam::111122223333:role/" + "r" * 64
    written = [
        each | {"Principal": {"AWS": [longest] * json.dumps(each["Principal"]).count("Fn::GetAtt")}}
        for each in trust(with_sessions, "harbour_bank")
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": written}, separators=(",", ":"))
    assert len(document.replace("harbour_bank", "t" * 64)) <= 2_048


def test_a_tenants_role_has_rights_for_sessions_that_carry_its_tag_alone(with_sessions: Template) -> None:
    """The cell's key opens nothing by itself: it is used through DynamoDB, S3 and S3 Vectors, which ask for the tag."""
    for statement in statements(with_sessions, "Tenantsharbourbank"):
        equal = statement["Condition"]["StringEquals"]
        tagged = equal.get("aws:PrincipalTag/tenant") == "harbour_bank"
        assert tagged or equal["kms:ViaService"].partition(".")[0] in ("dynamodb", "s3", "s3vectors"), statement


CONTACT = "11111111-2222-3333-4444-555555555555"
STREAMS = "arn:aws:kinesisvideo:us-east-1:111122223333:stream"


@pytest.mark.parametrize(
    ("stream", "is_its_own"),
    [
        (f"theirs-connect-harbour-bank-contact-{CONTACT}", True),
        (f"sotto-connect-torque-garage-contact-{CONTACT}", False),
        (f"theirs-connect-harbour-bank-2-contact-{CONTACT}", False),
        (f"theirs-connect-harbour-bankrupt-contact-{CONTACT}", False),
        (f"sotto-connect-harbour-bank-contact-{CONTACT}", False),
        (f"ChimeVoiceConnector-abcdef1ghij2klmno3pqr4-{CONTACT}", True),
        (f"ChimeVoiceConnector-abcdef1ghij2klmno3pqr4x-{CONTACT}", False),
    ],
)
def test_a_tenants_streams_are_its_own_instances_and_no_others(
    with_sessions: Template, stream: str, is_its_own: bool
) -> None:
    (media,) = (
        each
        for each in statements(with_sessions, "Tenantsharbourbank")
        if "kinesisvideo:" in json.dumps(each["Action"])
    )
    tags = {"aws:PrincipalTag/tenant": "harbour_bank", "aws:PrincipalTag/media": "read"}
    assert media["Condition"] == {"StringEquals": tags}
    allowed = [fnmatchcase(f"{STREAMS}/{stream}/1600000000000", each) for each in media["Resource"]]
    assert any(allowed) is is_its_own


def test_no_functions_own_role_reads_a_calls_audio(with_sessions: Template) -> None:
    functions = [name for name in resources(with_sessions, "AWS::IAM::Role") if name.startswith("Functions")]
    for name in (name for name in functions if "Tenants" not in name):
        assert not [each for each in statements(with_sessions, name) if "kinesisvideo:" in json.dumps(each)], name


def test_no_functions_own_role_reads_a_tenants_records(with_sessions: Template) -> None:
    functions = [name for name in resources(with_sessions, "AWS::IAM::Role") if name.startswith("Functions")]
    own = [name for name in functions if "Tenants" not in name]
    assert len(own) == len(ACTING) + len(AS_NOBODY)
    for name in own:
        if any("".join(word.title() for word in each.split("_")) in name for each in AS_NOBODY):
            assert not [each for each in statements(with_sessions, name) if reads_of(each)]
            continue
        reading = [each for each in statements(with_sessions, name) if reads_of(each)]
        keys = [key for each in reading for values in each["Condition"].values() for key in values.values()]
        assert sorted(json.dumps(key) for key in keys) == ['["instance#*"]', '["tenant#shared"]']


def test_the_rest_apis_function_acts_as_tenants_too_and_reads_nothing_as_itself(
    variant: Mapping[str, Template],
) -> None:
    template = variant["us-east-1/sotto-shared-rest-api"]
    ((name, role),) = (
        each for each in resources(template, "AWS::IAM::Role").items() if each[0].startswith("FunctionsServeApi")
    )
    assert role["Path"] == "/sotto-us-east-1/acting-as-tenants/"
    reading = [each for each in statements(template, name) if reads_of(each)]
    keys = [key for each in reading for values in each["Condition"].values() for key in values.values()]
    assert sorted(json.dumps(key) for key in keys) == ['["instance#*"]', '["tenant#shared"]']
    assumed = [each["Resource"] for each in statements(template, name) if "sts:AssumeRole" in each["Action"]]
    tenants = ("harbour_bank", "torque_garage")
    assert assumed == [[f"arn:aws:iam::111122223333:role/sotto-tenant-{each}-us-east-1" for each in tenants]]
    assert not resources(template, "AWS::IAM::ManagedPolicy")


def test_what_learns_acts_as_the_tenant_too_and_has_no_rights_of_its_own_to_records(
    templates: dict[str, Template],
) -> None:
    learning = templates["sotto-shared-learning"]
    own = [name for name in resources(learning, "AWS::IAM::Role") if name.startswith("Functions")]
    assert len(own) == sum(spec.stack == "learning" for spec in function_specs())
    for name in own:
        assert resources(learning, "AWS::IAM::Role")[name]["Path"] == "/sotto-us-east-1/acting-as-tenants/"
        keys = [key for each in statements(learning, name) if reads_of(each) for key in each["Condition"].values()]
        assert sorted(json.dumps(list(key.values())[0]) for key in keys) == ['["instance#*"]', '["tenant#shared"]']


def test_functions_know_where_the_tenants_roles_are(with_sessions: Template) -> None:
    for function in resources(with_sessions, "AWS::Lambda::Function").values():
        if function["FunctionName"].endswith(AS_NOBODY):
            assert "SOTTO_TENANT_ROLE_ARN" not in function["Environment"]["Variables"]
            continue
        arn = function["Environment"]["Variables"]["SOTTO_TENANT_ROLE_ARN"]
        assert arn == "arn:aws:iam::111122223333:role/sotto-tenant-{tenant}-us-east-1"


def test_a_dedicated_tenants_functions_reach_its_own_tables_and_bucket_only(
    templates: dict[str, Template],
) -> None:
    for policy in resources(templates["sotto-torque-garage-call-path"], "AWS::IAM::Policy").values():
        written = json.dumps(policy)
        assert "table/sotto-contacts" not in written
        assert "sotto-shared-111122223333" not in written
