"""Providers of speech and text outside the embedded stack, with the credentials of whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ProfileNotFound
from botocore.session import Session

from local.writing import NO_KEY, WriterUnclear, Writing
from sotto.clock import SystemClock
from sotto.errors import Rejected
from sotto.speech.adapters.deepgram import URL, DeepgramRecogniser
from sotto.speech.adapters.provider_keys import GivenKey
from sotto.speech.adapters.transcribe import TranscribeRecogniser
from sotto.speech.recogniser import Recogniser


class CredentialsMissing(Rejected):
    """A provider was chosen without saying who pays for it."""


def outside_provider(name: str, environment: Mapping[str, str]) -> Recogniser | None:
    """The provider, or None for a recogniser of this machine. Raises CredentialsMissing."""
    if name == "deepgram":
        return _deepgram(environment)
    return _transcribe() if name == "transcribe" else None


def outside_writer(url: str | None, model: str | None, environment: Mapping[str, str]) -> Writing | None:
    """Who writes texts; None: nobody. Raises WriterUnclear."""
    if url is None:
        if model is not None:
            raise WriterUnclear("--generate-model needs --generate: the address of the host that has the model")
        return None
    return Writing(url=url, model=model or "", key=environment.get("SOTTO_OPENAI_KEY") or NO_KEY)


def _deepgram(environment: Mapping[str, str]) -> Recogniser:
    key = environment.get("DEEPGRAM_API_KEY")
    if not key:
        raise CredentialsMissing("--recogniser deepgram: set the environment variable DEEPGRAM_API_KEY")
    return DeepgramRecogniser(GivenKey(key), clock=SystemClock(), url=environment.get("SOTTO_DEEPGRAM_URL", URL))


def _transcribe() -> Recogniser:
    session = Session()
    try:
        credentials, region = session.get_credentials(), session.get_config_variable("region")
    except ProfileNotFound as error:
        raise CredentialsMissing(f"--recogniser transcribe: {error}") from error
    if credentials is None:
        raise CredentialsMissing("--recogniser transcribe: no AWS credentials; run 'aws configure' or set AWS_PROFILE")
    if not region:
        raise CredentialsMissing("--recogniser transcribe: no AWS region; set AWS_REGION")
    return TranscribeRecogniser(credentials.get_frozen_credentials, region=region, clock=SystemClock())
