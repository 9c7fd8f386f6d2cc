"""The panel as an application of Connect's agent workspace."""

from __future__ import annotations

from aws_cdk.aws_appintegrations import CfnApplication
from constructs import Construct

from infra.deployment import Cell

PERMISSIONS = ("User.Details.View", "Contact.Details.View", "Contact.Attributes.View")


class AgentWorkspace(Construct):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, url: str, origin: str) -> None:
        super().__init__(scope, id)
        self.application = CfnApplication(
            self,
            "Application",
            name=f"{cell.prefix}guidance",
            namespace=f"{cell.prefix}guidance".replace("-", "."),
            description="Live guidance for the call that the agent is on",
            permissions=list(PERMISSIONS),
            application_source_config=CfnApplication.ApplicationSourceConfigProperty(
                external_url_config=CfnApplication.ExternalUrlConfigProperty(access_url=url, approved_origins=[origin])
            ),
            application_config=CfnApplication.ApplicationConfigProperty(
                contact_handling=CfnApplication.ContactHandlingProperty(scope="PER_CONTACT")
            ),
        )

    @property
    def arn(self) -> str:
        return self.application.attr_application_arn
