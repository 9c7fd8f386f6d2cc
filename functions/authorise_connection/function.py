"""Lets a desktop connect to the WebSocket API. Who is not let in yet is nobody's tenant: it reaches no records."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import VerifiesTokens
from sotto.core.triggers import SocketAuthoriser

FUNCTION = function(
    __name__,
    SocketAuthoriser(),
    timeout_s=10,
    channel="websocket",
    needs=(VerifiesTokens(),),
)
