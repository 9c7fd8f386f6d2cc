"""Amazon Connect's side of a call, no kinder than Connect: its flows, contacts, contact events and API."""

from local.aws.connect.calls import AmazonConnect, FlowFailed, PlacedCall, duration_ms
from local.aws.connect.chats import ChatMessage, ChatSegments, PlacedChat
from local.aws.connect.contacts import ACCOUNT, REGION, ConnectContact, ConnectContacts, instance_arn, queue_arn
from local.aws.connect.delivery import ContactEventFaults
from local.aws.connect.parties import CallParties, Hold, LaterAttributes, Transfer

__all__ = [
    "ACCOUNT",
    "REGION",
    "AmazonConnect",
    "CallParties",
    "ChatMessage",
    "ChatSegments",
    "ConnectContact",
    "ConnectContacts",
    "ContactEventFaults",
    "FlowFailed",
    "Hold",
    "LaterAttributes",
    "PlacedCall",
    "PlacedChat",
    "Transfer",
    "duration_ms",
    "instance_arn",
    "queue_arn",
]
