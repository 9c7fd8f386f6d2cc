"""Call: the sample calls were played while IAM was emulated; what the functions' own role then still reaches."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sotto.core.settings import TenantRoles
from tests.call.conftest import Played, Stack

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]


def test_no_function_asked_for_what_it_may_not_have(sample_calls: Calls, logged: Path) -> None:
    assert "access denied" not in logged.read_text(errors="replace")


def test_the_functions_own_role_cannot_read_the_calls_that_they_guided(sample_calls: Calls, stack: Stack) -> None:
    played = sample_calls["bank_cancel", "retention"]
    key = {"pk": {"S": f"harbour_bank#{played.contact_id}"}, "sk": {"S": "contact"}}
    asked = {"TableName": "sotto-contacts", "Key": key}
    assert stack.sotto.engineer("dynamodb").get_item(**asked)["Item"]
    functions = stack.sotto.root
    role = functions.settings.of(TenantRoles).arn
    assert role is not None
    sessions = functions.tenant_sessions(role)
    assert sessions.client("harbour_bank", "dynamodb").get_item(**asked)["Item"]
    for stranger in (functions.client("dynamodb"), sessions.client("torque_garage", "dynamodb")):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            stranger.get_item(**asked)
