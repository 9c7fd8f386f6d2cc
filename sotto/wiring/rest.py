"""The REST API: serve_api and the ``sotto keys`` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import ApiRecords
from sotto.wiring.agents import AgentParts
from sotto.wiring.analytics import AnalyticsParts
from sotto.wiring.erasure import ErasureParts

if TYPE_CHECKING:
    from sotto.api.adapters.dynamodb_keys import DynamoKeys
    from sotto.api.keys.use_cases import KeyPorts
    from sotto.api.rest.answer import GatePorts
    from sotto.aws.table import Table


class RestParts(AgentParts, ErasureParts, AnalyticsParts):
    @built
    def api_table(self) -> Table:
        from sotto.aws.table import Table

        return Table(self.records("dynamodb"), self.settings.of(ApiRecords).table)

    @built
    def api_keys(self) -> DynamoKeys:
        from sotto.api.adapters.dynamodb_keys import DynamoKeys

        return DynamoKeys(self.api_table)

    @built
    def key_ports(self) -> KeyPorts:
        from sotto.api.keys.use_cases import KeyPorts
        from sotto.api.rest.routing import all_scopes

        return KeyPorts(self.api_keys, self.audit_log, self.clock, all_scopes())

    @built
    def gate_ports(self) -> GatePorts:
        from sotto.api.adapters.dynamodb_requests import DynamoRequests, DynamoWrites
        from sotto.api.keys.authorise import DoorPorts, Uses
        from sotto.api.rest.answer import GatePorts
        from sotto.api.rest.route import ApiPorts

        door = DoorPorts(self.api_keys, self.tokens, self.signed_tenants, self.admission_directory, self.clock, Uses())
        api = ApiPorts(
            panel=lambda: self.agent_ports,
            keys=lambda: self.key_ports,
            privacy=lambda: self.privacy_ports,
            figures=lambda: self.figure_ports,
        )
        return GatePorts(
            door,
            DynamoRequests(self.api_table),
            DynamoWrites(self.api_table),
            self.clock,
            api,
            self._request_failed,
        )

    def _request_failed(self, error: Exception) -> None:
        from sotto.wiring.unquoted import unquoted

        self.logger("serve_api").error("request failed", extra={"error": unquoted(error)})
