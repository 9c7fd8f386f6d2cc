"""The agents' panel and the manager's app below it: built files in a bucket, served by CloudFront with the headers that
hold them to their own hosts.

Files are copied there by the engineer (docs/deploy.md): a construct that copies would bring a function of its own, with
rights that nobody reviewed. Nothing of a tenant is among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk.aws_cloudfront import (
    BehaviorOptions,
    CachePolicy,
    Distribution,
    HeadersReferrerPolicy,
    HttpVersion,
    ICachePolicy,
    IOrigin,
    ResponseHeadersContentSecurityPolicy,
    ResponseHeadersContentTypeOptions,
    ResponseHeadersPolicy,
    ResponseHeadersReferrerPolicy,
    ResponseHeadersStrictTransportSecurity,
    ResponseSecurityHeadersBehavior,
    ViewerProtocolPolicy,
)
from aws_cdk.aws_cloudfront_origins import S3BucketOrigin
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership
from constructs import Construct

from infra.building_blocks.reviewed import accept
from infra.capabilities.agent_api import AgentApi
from infra.capabilities.desktop_api import DesktopApi
from infra.deployment import Cell
from sotto.realtime.page_policy import content_security_policy

_MANAGER = "manager"
_CHANGING = ("index.html", "config.json", f"{_MANAGER}/index.html", f"{_MANAGER}/config.json")


class PanelSite(Construct):
    """``desktops``: the second channel, where a tenant of the cell chose it. The panel is given which to take, and
    has the addresses of both."""

    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, api: AgentApi, desktops: DesktopApi | None, token_url: str
    ) -> None:
        super().__init__(scope, id)
        token = urlsplit(token_url)
        hosts = [f"https://{api.host}", f"wss://{api.realtime_host}", f"{token.scheme}://{token.netloc}"]
        config = {"graphqlUrl": api.url, "realtimeUrl": api.realtime_url, "tokenUrl": token_url, "host": "workspace"}
        if desktops is not None:
            hosts.append(desktops.origin)
            assert cell.panel_channel is not None  # infra.deployment refuses it
            config |= {"channel": cell.panel_channel, "websocketUrl": desktops.url}
        self._headers = self._security_headers(cell, hosts)
        bucket = self._bucket()
        self.distribution = self._distribution(S3BucketOrigin.with_origin_access_control(bucket))
        self.origin = f"https://{self.distribution.distribution_domain_name}"
        self.url = f"{self.origin}/"
        self._add_outputs(bucket, config)

    def _distribution(self, files: IOrigin) -> Distribution:
        """What has its own hash in its name is kept for a year; the page and its configuration are asked for anew."""
        distribution = Distribution(
            self,
            "Site",
            default_root_object="index.html",
            default_behavior=self._served(files, CachePolicy.CACHING_OPTIMIZED),
            additional_behaviors={name: self._served(files, CachePolicy.CACHING_DISABLED) for name in _CHANGING},
            http_version=HttpVersion.HTTP2_AND_3,
        )
        accept(
            distribution, "AwsSolutions-CFR1", "AwsSolutions-CFR2", because="Public files; the API behind has a WAF."
        )
        because = "Who loads public files is of no interest; who asks for calls is in the API's log."
        accept(distribution, "AwsSolutions-CFR3", because=because)
        because = "CloudFront's own certificate is for its own name; browsers of the last ten years agree on TLS 1.2."
        accept(distribution, "AwsSolutions-CFR4", because=because)
        return distribution

    def _served(self, files: IOrigin, cache: ICachePolicy) -> BehaviorOptions:
        return BehaviorOptions(
            origin=files,
            viewer_protocol_policy=ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cache,
            response_headers_policy=self._headers,
        )

    def _security_headers(self, cell: Cell, hosts: Sequence[str]) -> ResponseHeadersPolicy:
        """The page's own policy allows any host, because it does not know the deployment; browsers keep to both."""
        return ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=f"{cell.prefix}panel-{cell.region}".replace("_", "-"),
            security_headers_behavior=ResponseSecurityHeadersBehavior(
                content_security_policy=ResponseHeadersContentSecurityPolicy(
                    content_security_policy=content_security_policy(hosts, audio_hosts(cell), workspaces(cell)),
                    override=True,
                ),
                content_type_options=ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=ResponseHeadersReferrerPolicy(
                    referrer_policy=HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=True, override=True
                ),
            ),
        )

    def _bucket(self) -> Bucket:
        bucket = Bucket(
            self,
            "Files",
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            encryption=BucketEncryption.S3_MANAGED,
            object_ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=RemovalPolicy.RETAIN,
        )
        accept(bucket, "AwsSolutions-S1", because="The panel's public files; what changes them is in CloudTrail.")
        return bucket

    def _add_outputs(self, bucket: Bucket, config: Mapping[str, str]) -> None:
        CfnOutput(self, "Url", value=self.url, description="Where agents' workspaces load the panel from")
        manager = f"{self.url}{_MANAGER}/index.html"
        CfnOutput(self, "ManagerUrl", value=manager, description="Where supervisors open the manager's app")
        files = f"Copy web/apps/agent/dist here, and web/apps/manager/dist below {_MANAGER}/"
        CfnOutput(self, "Bucket", value=bucket.bucket_name, description=files)
        CfnOutput(self, "Distribution", value=self.distribution.distribution_id, description="Invalidate after copying")
        written = Stack.of(self).to_json_string(config)
        CfnOutput(self, "Config", value=written, description="Copy beside each as config.json")


def workspaces(cell: Cell) -> list[str]:
    """Where the agent workspaces and softphones of the cell's own Connect instances are served from, by their new and
    their old address. Anybody in the world can have an instance, so a wildcard would let anybody frame the panel."""
    aliases = sorted(instance.alias.lower() for instance in cell.instances)
    return [f"https://{alias}.{domain}" for alias in aliases for domain in ("my.connect.aws", "awsapps.com")]


def audio_hosts(cell: Cell) -> list[str]:
    """Where links to redacted recordings lead: the one bucket, by its address of old and by its region's, to which S3
    sends on who asks the other."""
    bucket = cell.bucket_of("audio")
    return [f"https://{bucket}.s3.amazonaws.com", f"https://{bucket}.s3.{cell.region}.amazonaws.com"]
