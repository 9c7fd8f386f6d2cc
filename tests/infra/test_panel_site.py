"""The panel on CloudFront. Kind: synthesised templates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infra.deployment import DeploymentMistaken, deployment_of
from tests.infra.conftest import REPOSITORY, Template, resources
from tests.infra.test_templates import plain


@pytest.fixture(scope="module")
def call_path(variant: Mapping[str, Template]) -> Template:
    return variant["us-east-1/sotto-shared-call-path"]


def the(template: Template, kind: str) -> dict[str, Any]:
    (found,) = resources(template, kind).values()
    return found


@pytest.fixture(scope="module")
def csp(call_path: Template) -> dict[str, str]:
    """By directive."""
    config = the(call_path, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    policy = plain(config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    return {name: rest for name, _, rest in (each.partition(" ") for each in policy.split("; "))}


def test_the_panel_connects_to_its_api_and_the_token_issuer_alone(csp: dict[str, str]) -> None:
    own, api, realtime, issuer, desktops = re.split(r" (?=https:|wss:)", csp["connect-src"])
    assert own == "'self'"
    assert re.fullmatch(r"https://<.*GraphQLDns.*>", api)
    assert re.fullmatch(r"wss://<.*RealtimeDns.*>", realtime)
    assert issuer == "https://login.example.com"
    assert re.fullmatch(r"wss://<.*DesktopsApi.*>\.execute-api\.us-east-1\.amazonaws\.com", desktops)


def test_only_the_cells_own_workspaces_frame_the_panel_and_nothing_foreign_runs_in_it(csp: dict[str, str]) -> None:
    own = [
        f"https://{name}.{at}" for name in ("harbour-bank", "torque-garage") for at in ("my.connect.aws", "awsapps.com")
    ]
    assert csp["frame-ancestors"].split() == csp["frame-src"].split() == own
    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == csp["style-src"] == "'self'"


def test_the_header_allows_all_that_the_page_allows_itself_but_foreign_hosts(csp: dict[str, str]) -> None:
    """Browsers keep to both: what is only in the page's own policy would be refused. The page knows neither the API's
    hosts, nor the aliases of Connect instances, nor the buckets with recordings."""
    page = (REPOSITORY / "web" / "apps" / "agent" / "index.html").read_text()
    (own,) = re.findall(r'content="(default-src[^"]+)"', page)
    for name, _, rest in (each.partition(" ") for each in own.split("; ")):
        if name == "frame-src":
            assert {"https://*." + host.partition(".")[2] for host in csp[name].split()} == set(rest.split())
        elif name == "media-src":
            assert rest == "http: https:" and all(host.startswith("https://") for host in csp[name].split())
        elif name != "connect-src":
            assert csp[name] == rest, name


def test_files_are_private_and_reached_by_cloudfront_over_tls(call_path: Template) -> None:
    buckets = resources(call_path, "AWS::S3::Bucket")
    ((name, bucket),) = buckets.items()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    policy = json.dumps(the(call_path, "AWS::S3::BucketPolicy"))
    assert "cloudfront.amazonaws.com" in policy and "AWS:SourceArn" in policy and "aws:SecureTransport" in policy
    config = the(call_path, "AWS::CloudFront::Distribution")["DistributionConfig"]
    behaviours = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    assert {each["ViewerProtocolPolicy"] for each in behaviours} == {"redirect-to-https"}
    assert all(each["ResponseHeadersPolicyId"] for each in behaviours)
    fresh = {f"{app}{name}" for app in ("", "manager/") for name in ("index.html", "config.json")}
    assert {each["PathPattern"] for each in config["CacheBehaviors"]} == fresh


def test_the_workspace_loads_the_panel_from_there(call_path: Template) -> None:
    source = the(call_path, "AWS::AppIntegrations::Application")["ApplicationSourceConfig"]["ExternalUrlConfig"]
    assert re.fullmatch(r"https://<.*DomainName.*>/", plain(source["AccessUrl"]))
    assert [plain(each) for each in source["ApprovedOrigins"]] == [plain(source["AccessUrl"]).rstrip("/")]


def test_the_panels_configuration_is_an_output(call_path: Template) -> None:
    (config,) = (each["Value"] for name, each in call_path["Outputs"].items() if re.match(r"PanelConfig", name))
    written = json.loads(plain(config))
    assert set(written) == {"graphqlUrl", "realtimeUrl", "tokenUrl", "host", "channel", "websocketUrl"}
    assert written["channel"] == "appsync", "torque_garage has no other"
    assert re.fullmatch(
        r"wss://<.*DesktopsApi.*>\.execute-api\.us-east-1\.amazonaws\.com/live", written["websocketUrl"]
    )
    assert "RealtimeUrl" in written["realtimeUrl"]


def test_without_cloudfront_nothing_of_it_is_deployed(templates: Mapping[str, Template]) -> None:
    kinds = {each["Type"] for template in templates.values() for each in template["Resources"].values()}
    assert not {kind for kind in kinds if "CloudFront" in kind}


@pytest.mark.parametrize(
    ("chosen", "channel"),
    [
        ([["appsync"]], "appsync"),
        ([["websocket"]], "websocket"),
        ([["websocket", "appsync"]], "websocket"),
        ([["websocket", "appsync"], ["websocket"]], "websocket"),
        ([["appsync", "websocket"], ["websocket"]], "websocket"),
        ([["appsync", "websocket"], ["websocket", "appsync"]], "appsync"),
    ],
)
def test_the_panel_takes_a_channel_that_all_who_load_it_have(
    written: Callable[..., dict[str, Any]], chosen: list[list[str]], channel: str
) -> None:
    (cell,) = deployment_of(_with_channels(written(), chosen), "test").cells("us-east-1")
    assert cell.panel_channel == channel


def test_tenants_without_a_channel_in_common_cannot_load_one_panel(written: Callable[..., dict[str, Any]]) -> None:
    mine = _with_channels(written(), [["appsync"], ["websocket"]])
    with pytest.raises(DeploymentMistaken, match="harbour_bank, torque_garage load the same panel but have no channel"):
        deployment_of(mine, "test")
    mine["regions"]["us-east-1"]["panel"] = {"url": "https://panel.example.com/"}
    deployment_of(mine, "test")


def _with_channels(mine: dict[str, Any], chosen: list[list[str]]) -> dict[str, Any]:
    """Pooled tenants of the example, with the panel on CloudFront."""
    names = ["harbour_bank", "torque_garage"][: len(chosen)]
    mine["tenants"] = {name: {"channels": channels} for name, channels in zip(names, chosen, strict=True)}
    here = mine["regions"]["us-east-1"]
    here["instances"] = [each for each in here["instances"] if each["tenant"] in names]
    here["panel"] = {"token_url": "https://login.example.com/token"}
    return mine
