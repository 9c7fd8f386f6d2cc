"""A contact's disposition in Amazon Connect: a contact attribute, for flows and contact records, and a contact tag, for
reports and billing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.call.contact import Contact
from sotto.core.errors import Retryable

NAME = "sotto_disposition"
_REFUSED = frozenset({"AccessDeniedException", "AccessDenied", "UnrecognizedClientException"})
_NEVER = frozenset({"ResourceNotFoundException", "InvalidRequestException", "InvalidParameterException"})


class ConnectUnavailable(Retryable):
    """Connect throttled us or could not be reached."""


class ConnectDispositions:
    """A DispositionTarget. ``client``: boto3's ``connect``. ``refused`` is called with the operation that the
    function's role may not do.

    Both calls set a value and are idempotent. The attribute goes by the initial contact's id and belongs to all
    contacts of a conversation; the tag is the contact's own.
    https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html
    https://docs.aws.amazon.com/connect/latest/APIReference/API_TagContact.html
    """

    def __init__(self, client: Any, refused: Callable[[str], None] = lambda operation: None) -> None:
        self._client = client
        self._refused = refused

    def write(self, contact: Contact, code: str) -> bool:
        instance = contact.instance_arn.rpartition("/")[2]
        attribute = self._asked(
            "UpdateContactAttributes",
            self._client.update_contact_attributes,
            InstanceId=instance,
            InitialContactId=contact.conversation_id,
            Attributes={NAME: code},
        )
        tag = self._asked(
            "TagContact",
            self._client.tag_contact,
            InstanceId=instance,
            ContactId=contact.contact_id,
            Tags={NAME: code},
        )
        return attribute and tag

    def _asked(self, operation: str, ask: Callable[..., object], **about: Any) -> bool:
        try:
            ask(**about)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSED:
                self._refused(operation)
            if code in _REFUSED or code in _NEVER:
                return False
            raise ConnectUnavailable(f"{operation}: Connect answered {code}") from error
        except BotoCoreError as error:
            raise ConnectUnavailable(f"{operation}: Connect did not answer") from error
        return True
