"""A contact's disposition in Amazon Connect: a contact attribute, for flows and contact records, and a contact tag, for
reports and billing."""

from __future__ import annotations

from sotto.aws.connect_api import ConnectApi, instance_id
from sotto.call.contact import Contact

NAME = "sotto_disposition"


class ConnectDispositions:
    """A DispositionTarget.

    Both calls set a value and are idempotent. The attribute goes by the initial contact's id and belongs to all
    contacts of a conversation; the tag is the contact's own.
    https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html
    https://docs.aws.amazon.com/connect/latest/APIReference/API_TagContact.html
    """

    def __init__(self, connect: ConnectApi) -> None:
        self._connect = connect

    def write(self, contact: Contact, code: str) -> bool:
        if contact.imported:  # Connect knows no such contact
            return False
        instance = instance_id(contact.instance_arn)
        attribute = self._connect.ask(
            "UpdateContactAttributes",
            InstanceId=instance,
            InitialContactId=contact.conversation_id,
            Attributes={NAME: code},
        )
        tag = self._connect.ask("TagContact", InstanceId=instance, ContactId=contact.contact_id, Tags={NAME: code})
        return attribute is not None and tag is not None
