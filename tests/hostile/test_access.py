"""Hostile: who asks too much, who frames the panel, and who asks for what is another tenant's."""

from __future__ import annotations

import copy
import fnmatch
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from ruamel.yaml import YAML

from infra.capabilities.panel_site import audio_hosts, workspaces
from infra.checkup import findings
from infra.deployment import Deployment, DeploymentMistaken, deployment_of
from sotto.aws.access import may_assume
from sotto.realtime.limits import QUERY_DEPTH_LIMIT, RESOLVER_COUNT_LIMIT
from sotto.realtime.page_policy import content_security_policy

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = YAML(typ="safe").load((REPOSITORY / "deployment.example.yaml").read_text())
OWN = {"issuer": "https://login.torque.example", "client_id": "panel"}


def written() -> dict[str, Any]:
    mine: dict[str, Any] = copy.deepcopy(EXAMPLE)
    return mine


def deployed(mine: dict[str, Any]) -> Deployment:
    return deployment_of(mine, "test")


# Too much in one request, and too many requests

_ASKED = sorted((REPOSITORY / "web" / "packages" / "api" / "src").rglob("*.graphql"))
OPERATIONS = parse("\n".join(each.read_text() for each in _ASKED))
FRAGMENTS = {each.name.value: each for each in OPERATIONS.definitions if isinstance(each, FragmentDefinitionNode)}
ASKED = {
    each.name.value: each
    for each in OPERATIONS.definitions
    if isinstance(each, OperationDefinitionNode) and each.name is not None
}


def fields_of(selections: SelectionSetNode) -> list[FieldNode]:
    found: list[FieldNode] = []
    for each in selections.selections:
        if isinstance(each, FieldNode):
            found.append(each)
        elif isinstance(each, FragmentSpreadNode):
            found.extend(fields_of(FRAGMENTS[each.name.value].selection_set))
        elif isinstance(each, InlineFragmentNode):
            found.extend(fields_of(each.selection_set))
    return found


def depth_of(selections: SelectionSetNode | None) -> int:
    if selections is None:
        return 0
    return 1 + max(depth_of(each.selection_set) for each in fields_of(selections))


@pytest.mark.parametrize("name", ASKED)
def test_what_the_panel_asks_fits_into_what_may_be_asked(name: str) -> None:
    """Only the fields of Query, Mutation and Subscription have resolvers."""
    asked = ASKED[name].selection_set
    assert len(fields_of(asked)) <= RESOLVER_COUNT_LIMIT / 2
    assert depth_of(asked) <= QUERY_DEPTH_LIMIT - 2


def test_no_words_in_a_header_escape_the_firewalls_bounds() -> None:
    from aws_cdk import App, Stack

    from infra.capabilities.api_firewall import ApiFirewall

    app = App()
    ApiFirewall(Stack(app, "Any"), "Firewall", api_arn="arn:aws:appsync:us-east-1:1:apis/a", name="any", calls=1_000)
    template = app.synth().get_stack_by_name("Any").template
    (acl,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::WAFv2::WebACL")
    for header in ("", "eyJhbGciOi", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=ASIA"):
        bounds = [limit for limit in (bound_of(rule, header) for rule in acl["Properties"]["Rules"]) if limit]
        assert len(bounds) == 1, header
        signed = header.startswith("AWS4")
        # Agents: 60 requests each. Functions: all that 1,000 calls publish in five minutes, and as much again.
        assert bounds == [1_000 * 63 * 5 * 2 if signed else 60_000]


def bound_of(rule: Mapping[str, Any], authorization: str) -> int | None:
    """Of one address that sends this header; None when the rule does not count it."""
    rate = rule["Statement"].get("RateBasedStatement")
    if rate is None or rule["Action"] != {"Block": {}} or rate["AggregateKeyType"] != "IP":
        return None
    return int(rate["Limit"]) if counts(rate["ScopeDownStatement"], authorization) else None


def counts(statement: Mapping[str, Any], authorization: str) -> bool:
    if "NotStatement" in statement:
        return not counts(statement["NotStatement"]["Statement"], authorization)
    return authorization.startswith(statement["ByteMatchStatement"]["SearchString"])


# Foreign pages around the panel


def framed_by(origin: str, tenants: set[str]) -> bool:
    (cell,) = (each for each in deployed(written()).cells("us-east-1") if set(each.tenants) == tenants)
    policy = content_security_policy(["https://api.example.com"], [], workspaces(cell))
    (ancestors,) = re.findall(r"frame-ancestors ([^;]+)", policy)
    return any(fnmatch.fnmatchcase(origin, each) for each in ancestors.split())


@pytest.mark.parametrize(
    ("origin", "frames"),
    [
        ("https://harbour-bank.my.connect.aws", True),
        ("https://harbour-bank.awsapps.com", True),
        ("https://attackers-own.my.connect.aws", False),
        ("https://torque-garage.my.connect.aws", False),
        ("https://harbour-bank.my.connect.aws.evil.test", False),
    ],
)
def test_only_the_cells_own_connect_instances_frame_the_panel(origin: str, frames: bool) -> None:
    assert framed_by(origin, {"harbour_bank"}) is frames


def test_a_page_plays_the_cells_own_recordings_and_connects_to_no_bucket() -> None:
    (cell,) = (each for each in deployed(written()).cells("us-east-1") if set(each.tenants) == {"harbour_bank"})
    policy = content_security_policy(["https://api.example.com"], audio_hosts(cell), workspaces(cell))
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    bucket = cell.bucket_of("audio")
    assert directives["media-src"] == f"https://{bucket}.s3.amazonaws.com https://{bucket}.s3.us-east-1.amazonaws.com"
    assert directives["connect-src"] == "'self' https://api.example.com"


@pytest.mark.parametrize("alias", ["*", "a.evil", "bank https://evil.test", "bank; script-src *", "", "b" * 46])
def test_an_alias_is_one_name_and_no_policy_of_its_own(alias: str) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["instances"][0]["alias"] = alias
    with pytest.raises(DeploymentMistaken, match=r"instances\.0\.alias"):
        deployed(mine)


def test_two_instances_cannot_have_one_alias() -> None:
    """Its streams would be both tenants'."""
    mine = written()
    mine["regions"]["us-east-1"]["instances"][1]["alias"] = "Harbour-Bank"
    with pytest.raises(DeploymentMistaken, match="'Harbour-Bank' is another instance's"):
        deployed(mine)


@pytest.mark.parametrize(("prefix", "alias"), [("sotto", "harbour-bank-contact-2"), ("s-connect-b-contact", "any")])
def test_an_instance_cannot_be_named_so_that_its_streams_are_anothers(prefix: str, alias: str) -> None:
    mine = written()
    bank, garage = mine["regions"]["us-east-1"]["instances"]
    if prefix != "sotto":
        bank |= {"alias": "b", "media_prefix": "s"}
    garage |= {"alias": alias, "media_prefix": prefix}
    with pytest.raises(DeploymentMistaken, match="its streams would be named as those of 'harbour_bank'"):
        deployed(mine)


# Sessions of a tenant's role


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"tenant": ""},
        {"tenant": "torque_garage"},
        {"tenant": "harbour_*"},
        {"Tenant": "harbour_bank"},
        {"media": "read"},
        {"tenant": "torque_garage", "media": "read"},
        {"tenant": "harbour_bank", "media": "write"},
        {"tenant": "harbour_bank", "role": "admin"},
    ],
)
def test_no_other_tags_open_a_tenants_role(tags: dict[str, str]) -> None:
    assert may_assume("harbour_bank", {"tenant": "harbour_bank"})
    assert not may_assume("harbour_bank", tags)


# Issuers


def test_a_dedicated_tenants_own_issuer_is_its_cells_only_one_and_no_other_cells() -> None:
    mine = written()
    mine["tenants"]["torque_garage"]["sign_in"] = OWN
    deployment = deployed(mine)
    region = deployment.regions["us-east-1"]
    issuers = {tuple(cell.tenants): cell.sign_in(region).issuer for cell in deployment.cells("us-east-1")}
    assert issuers == {("harbour_bank",): "https://login.example.com", ("torque_garage",): OWN["issuer"]}


def test_a_pooled_tenant_cannot_bring_an_issuer_into_the_api_of_all() -> None:
    mine = written()
    mine["tenants"]["harbour_bank"]["sign_in"] = OWN
    with pytest.raises(DeploymentMistaken, match=r"tenants\.harbour_bank\.sign_in: pooled tenants share an API"):
        deployed(mine)


def test_an_own_issuer_has_its_own_token_page_where_cloudfront_serves_the_panel() -> None:
    mine = written()
    del mine["tenants"]["torque_garage"]["residency"]
    mine["tenants"]["torque_garage"]["sign_in"] = dict(OWN)
    mine["regions"]["us-east-1"]["panel"] = {"token_url": "https://login.example.com/token"}
    with pytest.raises(DeploymentMistaken, match=r"torque_garage\.sign_in\.token_url: needed"):
        deployed(mine)
    mine["tenants"]["torque_garage"]["sign_in"]["token_url"] = "https://login.torque.example/token"
    deployed(mine)
    mine["regions"]["us-east-1"]["sign_in"]["token_url"] = "https://elsewhere.example/token"
    with pytest.raises(DeploymentMistaken, match=r"write panel\.token_url"):
        deployed(mine)


def test_the_doctor_says_which_tenants_only_a_claim_keeps_apart() -> None:
    mine = written()
    mine["tenants"]["torque_garage"] = {}
    said = [each for each in findings(deployed(mine)) if each.about == "sign_in of harbour_bank, torque_garage"]
    assert [each.has for each in said] == ["one issuer"]
    assert "sign_in of" not in json.dumps([each.about for each in findings(with_own_issuer())])


def with_own_issuer() -> Deployment:
    mine = written()
    mine["tenants"]["torque_garage"]["sign_in"] = OWN
    return deployed(mine)
