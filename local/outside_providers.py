"""Providers of speech and text outside the embedded stack, with the credentials of whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from websockets.proxy import get_proxy
from websockets.uri import parse_uri

from local.writing import NO_KEY, WriterUnclear, Writing
from sotto.aws.secrets import GivenKey
from sotto.call.language import LanguageSet
from sotto.core.clock import SystemClock
from sotto.core.errors import Rejected
from sotto.core.settings import DEEPGRAM_URL
from sotto.recognition.adapters.deepgram import DeepgramRecogniser
from sotto.recognition.adapters.self_hosted.recogniser import SelfHostedRecogniser
from sotto.recognition.adapters.self_hosted.websocket import WebSocketLinks
from sotto.recognition.adapters.transcribe import TranscribeRecogniser
from sotto.recognition.recogniser import Recogniser

OUTSIDE = ("transcribe", "deepgram", "self_hosted")


class CredentialsMissing(Rejected):
    """A provider was chosen without saying who pays for it."""


def check_provider(name: str, provider: Recogniser | None) -> None:
    """Raises CredentialsMissing where an outside recogniser would be asked with the embedded stack's own keys."""
    if name in OUTSIDE and provider is None:
        raise CredentialsMissing(
            f"--recogniser {name} needs credentials of your own, which the embedded stack does not use: "
            f"play one call with them (sotto call FILE --recogniser {name}), or choose embedded or transcript here"
        )


def outside_provider(name: str, environment: Mapping[str, str]) -> Recogniser | None:
    """The provider, or None for a recogniser of this machine. Raises CredentialsMissing."""
    if name == "deepgram":
        return _deepgram(environment)
    if name == "self_hosted":
        return _self_hosted(environment)
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
    url = environment.get("SOTTO_DEEPGRAM_URL", DEEPGRAM_URL)
    # This machine's proxy, found now: the embedded stack knows none.
    return DeepgramRecogniser(GivenKey(key), clock=SystemClock(), url=url, proxy=get_proxy(parse_uri(url)))


def _self_hosted(environment: Mapping[str, str]) -> Recogniser:
    """Over its WebSocket: behind SageMaker it answers a deployment's own role."""
    url = environment.get("SOTTO_SELF_HOSTED_RECOGNISER", "")
    if not url.startswith(("ws://", "wss://")):
        raise CredentialsMissing(
            "--recogniser self_hosted: set the environment variable SOTTO_SELF_HOSTED_RECOGNISER to where it is, such "
            "as ws://127.0.0.1:8080"
        )
    token = environment.get("SOTTO_RECOGNISER_TOKEN")
    languages = environment.get("SOTTO_SELF_HOSTED_LANGUAGES", "en").split(",")
    links = WebSocketLinks(url, key=GivenKey(token) if token else None, proxy=get_proxy(parse_uri(url)))
    return SelfHostedRecogniser(links, clock=SystemClock(), languages=LanguageSet(tuple(languages)))


def _transcribe() -> Recogniser:
    session = Session()
    try:
        credentials, region = session.get_credentials(), session.get_config_variable("region")
        # Once, now: to refresh them later would ask the embedded STS, whose answer must not go to AWS.
        frozen = credentials.get_frozen_credentials() if credentials is not None else None
    except (BotoCoreError, ClientError) as error:
        raise CredentialsMissing(f"--recogniser transcribe: {error}") from error
    if frozen is None:
        raise CredentialsMissing("--recogniser transcribe: no AWS credentials; run 'aws configure' or set AWS_PROFILE")
    if not region:
        raise CredentialsMissing("--recogniser transcribe: no AWS region; set AWS_REGION")
    return TranscribeRecogniser(lambda: frozen, region=region, clock=SystemClock())
