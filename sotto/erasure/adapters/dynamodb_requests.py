"""Requests of erasure, how far each contact of one is, certificates, and the list that is replayed after a restore."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.core.validation import silent
from sotto.erasure.request import Certificate, ContactErasure, ErasureRequest

_request, _contact, _certificate = silent(ErasureRequest), silent(ContactErasure), silent(Certificate)
_CERTIFICATE = "certificate"
"""Beside the request's contacts; no contact's sort key is this."""
_CONTACT = "contact#"


class DynamoErasureRequests:
    """An ErasureRequests. ``retention``: the audit log's, because that is what this is."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def add(self, request: ErasureRequest, contacts: Sequence[str]) -> None:
        """The request last: what cannot be found has not been asked, and whoever asked is told so."""
        for contact_id in contacts:
            self._table.put(self._item(keys.of_suppressed(request.tenant), keys.contact_part(contact_id), request))
            self.save(ContactErasure(request.tenant, request.id, contact_id))
        body = _request.dump_json(request).decode()
        kept = self._item(keys.of_erasure_requests(request.tenant), request.id, request) | {"body": body}
        listed = self._item(keys.of_open_requests(request.tenant), request.id, request)
        self._table.put_all([(kept, None, {}), (listed, None, {})])

    def request(self, tenant: str, request_id: str) -> ErasureRequest | None:
        item = self._table.get(keys.of_erasure_requests(tenant), request_id)
        return _request.validate_json(item["body"]) if item else None

    def open_requests(self, tenant: str, *, limit: int) -> list[str]:
        return [item["sk"] for item in self._table.between(keys.of_open_requests(tenant), " ", "~", limit)]

    def contacts(self, tenant: str, request_id: str) -> list[ContactErasure]:
        pk = keys.of_erasure_request(tenant, request_id)
        return [_contact.validate_json(item["body"]) for item in self._table.between(pk, _CONTACT, f"{_CONTACT}~")]

    def save(self, of: ContactErasure) -> None:
        pk = keys.of_erasure_request(of.tenant, of.request_id)
        sk = f"{_CONTACT}{keys.contact_part(of.contact_id)}"
        self._table.put(self._item(pk, sk, of) | {"body": _contact.dump_json(of).decode()})

    def finish(self, request: ErasureRequest, certificate: Certificate) -> Certificate:
        finished = replace(request, finished_at_ms=certificate.finished_at_ms)
        kept = self._item(keys.of_erasure_requests(request.tenant), request.id, request)
        proof = self._item(keys.of_erasure_request(request.tenant, request.id), _CERTIFICATE, request)
        try:
            self._table.put_all(
                [
                    (kept | {"body": _request.dump_json(finished).decode()}, None, {}),
                    (
                        proof | {"body": _certificate.dump_json(certificate).decode()},
                        "attribute_not_exists(pk)",
                        {},
                    ),
                ],
                [(keys.of_open_requests(request.tenant), request.id)],
            )
        except ConditionFailed as error:
            first = self.certificate(request.tenant, request.id)
            if first is None:
                raise StorageUnavailable("another process finishes this request in the same moment") from error
            return first
        return certificate

    def certificate(self, tenant: str, request_id: str) -> Certificate | None:
        item = self._table.get(keys.of_erasure_request(tenant, request_id), _CERTIFICATE)
        return _certificate.validate_json(item["body"]) if item else None

    def suppressed(self, tenant: str) -> list[str]:
        return [item["sk"] for item in self._table.between(keys.of_suppressed(tenant), " ", "~")]

    def _item(self, pk: str, sk: str, of: ErasureRequest | ContactErasure) -> dict[str, object]:
        return {"pk": pk, "sk": sk, "expires_at": self._retention.expires_at(of.tenant)}
