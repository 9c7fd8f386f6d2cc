"""A web application firewall before the agents' API."""

from __future__ import annotations

from aws_cdk.aws_wafv2 import CfnWebACL, CfnWebACLAssociation
from constructs import Construct

_REQUESTS_PER_AGENT = 60
"""In five minutes, a panel that reloads often included."""


class ApiFirewall(Construct):
    """Bounds how fast one address may ask and keeps out known bad ones.

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
            rules=[_known_bad_addresses(0), _not_too_fast(1, max(2_000, _REQUESTS_PER_AGENT * calls))],
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


def _not_too_fast(priority: int, limit: int) -> CfnWebACL.RuleProperty:
    """All agents of a site share an address, so the limit grows with them. Our functions sign what they publish with
    IAM and come from few addresses of Lambda's: they are not counted."""
    signed = CfnWebACL.StatementProperty(
        byte_match_statement=CfnWebACL.ByteMatchStatementProperty(
            field_to_match=CfnWebACL.FieldToMatchProperty(single_header={"Name": "authorization"}),
            positional_constraint="STARTS_WITH",
            search_string="AWS4-HMAC-SHA256",
            text_transformations=[CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
    counted = CfnWebACL.RateBasedStatementProperty(
        limit=limit,
        aggregate_key_type="IP",
        scope_down_statement=CfnWebACL.StatementProperty(
            not_statement=CfnWebACL.NotStatementProperty(statement=signed)
        ),
    )
    return CfnWebACL.RuleProperty(
        name="not-too-fast",
        priority=priority,
        action=CfnWebACL.RuleActionProperty(block={}),
        statement=CfnWebACL.StatementProperty(rate_based_statement=counted),
        visibility_config=_watched("not-too-fast"),
    )


def _watched(name: str) -> CfnWebACL.VisibilityConfigProperty:
    return CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
