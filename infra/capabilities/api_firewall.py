"""A web application firewall before the agents' API."""

from __future__ import annotations

import math

from aws_cdk.aws_wafv2 import CfnWebACL, CfnWebACLAssociation
from constructs import Construct

from infra.sizing import Load

_REQUESTS_PER_AGENT = 60
"""In five minutes, a panel that reloads often included."""
_PUBLISHED_PER_CALL = 2 * 5 * math.ceil(Load().messages)
"""In five minutes, twice what a call has to say."""


class ApiFirewall(Construct):
    """Bounds how fast one address may ask, whatever it says of itself, and keeps out known bad ones.

    AWS's rules about bodies are left out on purpose: a body here is what somebody said, of any length and about
    anything, and a blocked one would be guidance that never arrives. The schema and the resolvers judge bodies.
    """

    def __init__(self, scope: Construct, id: str, *, api_arn: str, name: str, calls: int) -> None:
        super().__init__(scope, id)
        self.acl = CfnWebACL(
            self,
            "Acl",
            name=name,
            scope="REGIONAL",
            default_action=CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_watched(name),
            rules=[
                _known_bad_addresses(0),
                _not_too_fast(1, "not-too-fast", max(2_000, _REQUESTS_PER_AGENT * calls), _unsigned()),
                _not_too_fast(2, "signed-not-too-fast", max(20_000, _PUBLISHED_PER_CALL * calls), _signed()),
            ],
        )
        CfnWebACLAssociation(self, "Association", resource_arn=api_arn, web_acl_arn=self.acl.attr_arn)


def _known_bad_addresses(priority: int) -> CfnWebACL.RuleProperty:
    group = CfnWebACL.ManagedRuleGroupStatementProperty(vendor_name="AWS", name="AWSManagedRulesAmazonIpReputationList")
    return CfnWebACL.RuleProperty(
        name="known-bad-addresses",
        priority=priority,
        override_action=CfnWebACL.OverrideActionProperty(none={}),
        statement=CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        visibility_config=_watched("known-bad-addresses"),
    )


def _not_too_fast(priority: int, name: str, limit: int, counted: CfnWebACL.StatementProperty) -> CfnWebACL.RuleProperty:
    """Of what is ``counted``, at most ``limit`` from one address in five minutes."""
    rate = CfnWebACL.RateBasedStatementProperty(limit=limit, aggregate_key_type="IP", scope_down_statement=counted)
    return CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=CfnWebACL.RuleActionProperty(block={}),
        statement=CfnWebACL.StatementProperty(rate_based_statement=rate),
        visibility_config=_watched(name),
    )


def _signed() -> CfnWebACL.StatementProperty:
    """What says that it is signed with IAM, as our functions do with what they publish. WAF cannot check the signature
    and everybody can write these words, so this is a bound of its own and no exception. Functions come from few
    addresses of Lambda's, all of them perhaps from one: the bound is above all that they can have to say."""
    return CfnWebACL.StatementProperty(
        byte_match_statement=CfnWebACL.ByteMatchStatementProperty(
            field_to_match=CfnWebACL.FieldToMatchProperty(single_header={"Name": "authorization"}),
            positional_constraint="STARTS_WITH",
            search_string="AWS4-HMAC-SHA256",
            text_transformations=[CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _unsigned() -> CfnWebACL.StatementProperty:
    """Agents. All of a site share an address, so their limit grows with them."""
    return CfnWebACL.StatementProperty(not_statement=CfnWebACL.NotStatementProperty(statement=_signed()))


def _watched(name: str) -> CfnWebACL.VisibilityConfigProperty:
    return CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
