"""What one tenant's role may reach, and what the functions' own may not. Kind: synthesised templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sotto.resources import SOTTO, WEBSOCKET, WEBSOCKET_AUTHORISER
from tests.infra.conftest import Template, resources

ACTING = [spec for spec in (*SOTTO.functions, *WEBSOCKET.functions) if spec.name != WEBSOCKET_AUTHORISER]


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
    assert len(found) == 4
    assert "table/sotto-connections" in json.dumps(found)
    for statement in found:
        written = json.dumps(statement)
        assert "harbour_bank" in written and "torque_garage" not in written
        if "dynamodb:" in written:
            assert statement["Condition"], "only leading keys limit a table that tenants share"


def test_only_the_cells_functions_may_act_as_a_tenant(with_sessions: Template) -> None:
    roles = resources(with_sessions, "AWS::IAM::Role")
    (tenant,) = (each for each in roles.values() if each.get("RoleName") == "sotto-tenant-harbour_bank-us-east-1")
    (statement,) = tenant["AssumeRolePolicyDocument"]["Statement"]
    trusted = json.dumps(statement["Principal"])
    assert trusted.count("Fn::GetAtt") == len(ACTING)
    assert trusted.count("FunctionsStartGuidanceRole") == 1


def test_no_functions_own_role_reads_a_tenants_records(with_sessions: Template) -> None:
    functions = [name for name in resources(with_sessions, "AWS::IAM::Role") if name.startswith("Functions")]
    own = [name for name in functions if "Tenants" not in name]
    assert len(own) == len(ACTING) + 1, "who lets desktops in acts as nobody"
    for name in own:
        if "AuthoriseConnection" in name:
            assert not [each for each in statements(with_sessions, name) if reads_of(each)]
            continue
        reading = [each for each in statements(with_sessions, name) if reads_of(each)]
        keys = [key for each in reading for values in each["Condition"].values() for key in values.values()]
        assert sorted(json.dumps(key) for key in keys) == ['["instance#*"]', '["tenant#shared"]']


def test_functions_know_where_the_tenants_roles_are(with_sessions: Template) -> None:
    for function in resources(with_sessions, "AWS::Lambda::Function").values():
        if function["FunctionName"].endswith(WEBSOCKET_AUTHORISER):
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
