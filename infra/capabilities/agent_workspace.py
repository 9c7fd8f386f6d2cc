"""The panel as an application of Connect's agent workspace."""

from __future__ import annotations

from urllib.parse import urlsplit

from aws_cdk.aws_appintegrations import CfnApplication
from constructs import Construct

from infra.deployment import Cell, Panel

PERMISSIONS = ("User.Details.View", "Contact.Details.View", "Contact.Attributes.View")


class AgentWorkspace(Construct):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, panel: Panel) -> None:
        super().__init__(scope, id)
        address = urlsplit(panel.url)
        self.application = CfnApplication(
            self,
            "Application",
            name=f"{cell.prefix}guidance",
            namespace=f"{cell.prefix}guidance".replace("-", "."),
            description="Live guidance for the call that the agent is on",
            permissions=list(PERMISSIONS),
            application_source_config=CfnApplication.ApplicationSourceConfigProperty(
                external_url_config=CfnApplication.ExternalUrlConfigProperty(
                    access_url=panel.url, approved_origins=[f"{address.scheme}://{address.netloc}"]
                )
            ),
            application_config=CfnApplication.ApplicationConfigProperty(
                contact_handling=CfnApplication.ContactHandlingProperty(scope="PER_CONTACT")
            ),
        )

    @property
    def arn(self) -> str:
        return self.application.attr_application_arn
