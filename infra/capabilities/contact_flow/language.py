"""Amazon Connect's flow language, as far as a flow can be judged without Connect.

https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html
"""

from __future__ import annotations

from collections.abc import Mapping

VERSION = "2019-10-30"
MOST_ACTIONS = 250
LONGEST_IDENTIFIER = 50
LONGEST_LAMBDA_SECONDS = 8

ENDINGS = frozenset({"DisconnectParticipant", "EndFlowExecution", "EndFlowModuleExecution"})
"""After these nothing follows."""

MAY_END = ENDINGS | {
    "TransferToFlow",
    "TransferContactToAgent",
    "TransferContactToQueue",
    "MessageParticipantIteratively",
}
"""These hand the contact on or go round for ever, so a next action is optional."""

ACTIONS = frozenset(
    """
    AssociateContactToCustomerProfile AuthenticateParticipant CheckHoursOfOperation CheckMetricData
    CheckOutboundCallStatus CheckVoiceId Compare CompleteOutboundCall ConnectParticipantWithLexBot CreateCallbackContact
    CreateCase CreateCustomerProfile CreatePersistentContactAssociation CreateTask CreateWisdomSession
    DequeueContactAndTransferToQueue DisconnectParticipant DistributeByPercentage EndFlowExecution
    EndFlowModuleExecution GetCase GetCustomerProfile GetCustomerProfileObject GetMetricData GetParticipantInput
    InvokeFlowModule InvokeLambdaFunction LoadContactContent Loop MessageParticipant MessageParticipantIteratively
    ResumeContact SendMessage SetVoiceIdParams ShowView StartOutboundChatContact StartVoiceIdStream StoreUserInput
    TagContact TransferContactToAgent TransferContactToQueue TransferParticipantToThirdParty TransferToFlow UnTagContact
    UpdateCase UpdateContactAttributes UpdateContactCallbackNumber UpdateContactData UpdateContactEventHooks
    UpdateContactMediaProcessing UpdateContactMediaStreamingBehavior UpdateContactRecordingAndAnalyticsBehavior
    UpdateContactRecordingBehavior UpdateContactRoutingBehavior UpdateContactRoutingCriteria UpdateContactTargetQueue
    UpdateContactTextToSpeechVoice UpdateCustomerProfile UpdateFlowAttributes UpdateFlowLoggingBehavior
    UpdatePreviousContactParticipantState UpdateRoutingCriteria Wait
    """.split()
)

NEEDED: Mapping[str, tuple[str, ...]] = {
    "InvokeLambdaFunction": ("LambdaFunctionARN", "InvocationTimeLimitSeconds"),
    "UpdateContactMediaStreamingBehavior": ("MediaStreamingState", "MediaStreamType", "Participants"),
    "UpdateContactAttributes": ("Attributes",),
    "UpdateContactTargetQueue": ("QueueId",),
    "UpdateFlowLoggingBehavior": ("FlowLoggingBehavior",),
    "InvokeFlowModule": ("FlowModuleId",),
    "Loop": ("LoopCount",),
}
"""Parameters without which Connect refuses the action."""

ERRORS: Mapping[str, frozenset[str]] = {
    "InvokeLambdaFunction": frozenset({"NoMatchingError"}),
    "UpdateContactMediaStreamingBehavior": frozenset({"NoMatchingError"}),
    "UpdateContactAttributes": frozenset({"NoMatchingError"}),
    "UpdateContactTargetQueue": frozenset({"NoMatchingError"}),
    "TransferContactToQueue": frozenset({"NoMatchingError", "QueueAtCapacity"}),
    "MessageParticipant": frozenset({"NoMatchingError"}),
    "UpdateFlowLoggingBehavior": frozenset(),
    "DisconnectParticipant": frozenset(),
    "EndFlowExecution": frozenset(),
    "EndFlowModuleExecution": frozenset(),
}
"""Errors that an action can have; every one of them needs a way on."""

CONSOLE_ENDINGS = frozenset({"Disconnect", "EndFlowExecution", "ReturnModule", "TransferToFlow", "HoldCustomerOrAgent"})
"""Of the older form that the console exported, with ``modules`` and ``branches``."""
