"""The systems of record that tenants declare, as functions ask them: with the tenant's secrets, within its
residency."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from sotto.core.built import built
from sotto.core.settings import AwsRegion, FilingAddresses, TenantRoles
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.contacts.customer.crm_source import CrmSource
    from sotto.filing.adapters.http import Timeouts
    from sotto.filing.crm import Crm
    from sotto.tenants.filing import FilingSystem

MOST_KNOWN = 200
"""Systems of all tenants whose tokens and connections a process keeps."""


class CrmParts(PanelParts):
    @built
    def crm_context(self) -> CrmSource:
        from sotto.filing.adapters.http import Timeouts
        from sotto.filing.context import CrmContext

        quick = Timeouts(connect_s=0.3, read_s=0.6)
        return CrmContext(
            self.books, lambda tenant, system: self._crm(tenant, system, quick), self.clock, self.look_ups
        )

    @built
    def look_ups(self) -> ThreadPoolExecutor:
        """What is asked at a call's start, of whom nobody waits longer than the deadline."""
        return ThreadPoolExecutor(max_workers=4, thread_name_prefix="crm")

    def crm_of(self, tenant: str, system: FilingSystem) -> Crm:
        """Raises OutsideResidency."""
        from sotto.filing.adapters.http import Timeouts

        return self._crm(tenant, system, Timeouts())

    def _crm(self, tenant: str, system: FilingSystem, timeouts: Timeouts) -> Crm:
        from sotto.filing.adapters.connection import Connection

        for place in system.places or (self.settings.of(AwsRegion).region,):
            self.refuse_outside(tenant, system.name, place)
        known, name = self._known_crms, (tenant, system.model_dump_json(), timeouts)
        if name not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            connection = Connection(
                clock=self.clock,
                key=self._filing_key(tenant, system.secret) if system.secret else None,
                client=self._filing_client(timeouts),
                timeouts=timeouts,
                instead=self.settings.of(FilingAddresses).instead,
            )
            known[name] = import_module(f"sotto.filing.adapters.{system.kind}").crm(system, connection)
        return known[name]

    @built
    def _known_crms(self) -> dict[Any, Crm]:
        """A declaration that is published anew is another one."""
        return {}

    def _filing_key(self, tenant: str, secret: str) -> Any:
        """Read as the tenant where the deployment has roles for tenants: they reach no other's."""
        from sotto.aws.secrets import SecretsManagerKey

        role_arn = self.settings.of(TenantRoles).arn
        if role_arn is None:
            return SecretsManagerKey(self.client("secretsmanager"), secret, self.clock)
        client: Any = _SessionClient(self.tenant_sessions(role_arn), tenant)
        return SecretsManagerKey(client, secret, self.clock)

    def _filing_client(self, timeouts: Timeouts) -> Callable[[str], Any]:
        """Who is to be asked again is asked by the outbox."""
        config = Config(
            retries={"total_max_attempts": 1}, connect_timeout=timeouts.connect_s, read_timeout=timeouts.read_s
        )
        return lambda service: self.session.client(service, config=config)  # type: ignore[call-overload]


class _SessionClient:
    """As much of Secrets Manager's client as keys use, with whatever session the tenant has now."""

    def __init__(self, sessions: Any, tenant: str) -> None:
        self._sessions = sessions
        self._tenant = tenant

    def get_secret_value(self, **asked: Any) -> Any:
        return self._sessions.client(self._tenant, "secretsmanager").get_secret_value(**asked)
