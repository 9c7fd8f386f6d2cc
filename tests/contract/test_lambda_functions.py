"""Contract: which version of a function our own calls run. botocore's stubber checks shapes."""

from __future__ import annotations

import json

import boto3
from botocore.stub import Stubber

from sotto.aws.lambda_functions import LambdaAudioWorkers, LambdaFunctions


def test_a_worker_is_started_under_the_alias_that_snapshots_and_rollbacks_hang_on() -> None:
    client = boto3.client("lambda", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    order = {"tenant": "harbour_bank", "contact_id": "c", "generation": 3, "revivals": 0}
    expected = {
        "FunctionName": "sotto-transcribe_call",
        "Qualifier": "live",
        "InvocationType": "Event",
        "Payload": json.dumps(order, separators=(",", ":")).encode(),
    }
    with Stubber(client) as lambda_api:
        lambda_api.add_response("invoke", {"StatusCode": 202}, expected)
        LambdaAudioWorkers(LambdaFunctions(client, "sotto-")).start("harbour_bank", "c", 3)
        lambda_api.assert_no_pending_responses()
