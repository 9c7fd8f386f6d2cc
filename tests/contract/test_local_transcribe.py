"""Contract tests: AWS's own streaming SDK is served by the local Transcribe as it is by the service.

The SDK is no dependency of ours. Where it is installed, it shows that both halves do not merely agree with each other.
"""

from __future__ import annotations

import asyncio

import pytest

from local.aws.event_streams.signatures import Principal
from local.aws.transcribe.server import LocalTranscribe
from local.known_speech import KnownCall
from tests.contract.ports.recogniser_contract import CALL, TRANSCRIPT, call_chunks

sdk = pytest.importorskip("amazon_transcribe.client", reason="amazon-transcribe is not installed")


async def test_the_official_sdk_signs_as_we_check_and_reads_what_we_send() -> None:
    from amazon_transcribe.auth import StaticCredentialResolver
    from amazon_transcribe.endpoints import StaticEndpointResolver
    from awscrt import io

    known = KnownCall.read(CALL / "call.wav", TRANSCRIPT)
    async with LocalTranscribe([known], Principal("AKIATEST", "secret", "us-east-1")) as server:
        client = sdk.TranscribeStreamingClient(
            region="us-east-1",
            endpoint_resolver=StaticEndpointResolver(server.address),
            credential_resolver=StaticCredentialResolver("AKIATEST", "secret"),
        )
        trusting = io.TlsContextOptions()
        trusting.override_default_trust_store(server.certificate)
        client._session_manager._tls_ctx = io.ClientTlsContext(trusting)
        stream = await client.start_stream_transcription(
            language_code="en-US",
            media_sample_rate_hz=8000,
            media_encoding="pcm",
            enable_channel_identification=True,
            number_of_channels=2,
        )

        async def speak() -> None:
            for chunk in call_chunks(0, 6_500):
                await stream.input_stream.send_audio_event(audio_chunk=chunk.pcm)
            await stream.input_stream.end_stream()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(speak())
            results = [r async for e in stream.output_stream for r in e.transcript.results if not r.is_partial]
        assert "help you today" in results[0].alternatives[0].transcript and results[0].channel_id == "ch_1"
        assert server.sessions[0].ended
