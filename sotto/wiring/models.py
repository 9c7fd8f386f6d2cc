"""The models: route_inference, and whoever asks them directly."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from sotto.core.errors import SottoError
from sotto.core.once import once
from sotto.wiring.process import client, clock, logger, metrics
from sotto.wiring.stores import books, conversations, model_registry

if TYPE_CHECKING:
    from sotto.generation.generator import Generator
    from sotto.generation.nodes import GenerativeNodes
    from sotto.generation.settings import GenerationSettings
    from sotto.graph.node import NodeRouter
    from sotto.inference.router import Router


def node_router() -> NodeRouter:
    """The router, which also writes texts when the environment names providers (sotto.generation.settings)."""
    from sotto.inference.measured import MeasuredRoutes

    return MeasuredRoutes(_routes(), metrics())


def _routes() -> NodeRouter:
    from sotto.generation.nodes import GenerativeRouter

    generation = _generation("route_inference")
    return GenerativeRouter(router(), _nodes(generation)) if generation.order else router()


def call_writer(service: str) -> GenerativeNodes:
    """Who writes about calls; without a provider it writes nothing, and what it answers is quoted."""
    return _nodes(_generation(service))


def _generation(service: str) -> GenerationSettings:
    """Nobody writes where the settings are wrong: the other models must not fall silent with it."""
    from sotto.generation.settings import GenerationSettings, WrongSetting

    try:
        return GenerationSettings.from_environment(os.environ)
    except WrongSetting as error:
        logger(service).error("generation not set up", extra={"problem": str(error)})
        return GenerationSettings()


def _nodes(generation: GenerationSettings) -> GenerativeNodes:
    from sotto.generation.account import Price
    from sotto.generation.chain import GenerationChain, Provider
    from sotto.generation.measured import MeasuredAccount
    from sotto.generation.nodes import GenerativeNodes

    providers = [
        Provider(name, generator(name, generation), generation.prices.get(name, Price())) for name in generation.order
    ]
    chain = GenerationChain(providers, clock(), MeasuredAccount(metrics()))
    return GenerativeNodes(chain, clock(), house=house_rules)


def house_rules(tenant: str) -> str:
    """How the tenant wants texts to be written, and what they may offer; nothing when its book cannot be read."""
    try:
        return "\n".join(books().current(tenant).settings.house_rules)
    except SottoError as error:
        logger("route_inference").warning("house rules not read", extra={"reason": type(error).__name__})
        return ""


def generator(name: str, generation: GenerationSettings) -> Generator:
    from sotto.aws.secrets import SecretsManagerKey
    from sotto.generation.adapters.bedrock import BedrockGenerator, bedrock_clients
    from sotto.generation.adapters.openai_compatible import OpenAiCompatibleGenerator
    from sotto.generation.adapters.sagemaker_shard import ShardGenerator
    from sotto.inference.adapters.sagemaker import sagemaker_clients
    from sotto.models.registry import CachedRegistry

    if name == "shard":
        return ShardGenerator(sagemaker_clients(), CachedRegistry(model_registry(), clock()))
    if name == "bedrock":
        return BedrockGenerator(bedrock_clients(), generation.bedrock_model, shape=generation.bedrock_shape)
    key = SecretsManagerKey(client("secretsmanager"), generation.openai_secret, clock())
    return OpenAiCompatibleGenerator(generation.openai_url, generation.openai_model, key)


@once
def router() -> Router:
    """One for the process: what it learns of the endpoints serves every request."""
    return _router()


@once
def recall_router() -> Router:
    """For questions about calls, which take longer the longer the call is: one that is too long says nothing about the
    endpoint, and must not close it to the others."""
    return _router()


def _router() -> Router:
    from sotto.inference.adapters.sagemaker import SageMakerShard, sagemaker_clients
    from sotto.inference.earlier_utterances import EarlierUtterances
    from sotto.inference.router import Router
    from sotto.models.registry import CachedRegistry

    shard = SageMakerShard(sagemaker_clients(), clock(), lambda ms: time.sleep(ms / 1000))
    registry = CachedRegistry(model_registry(), clock())
    return Router(registry, shard, clock(), earlier=EarlierUtterances(conversations()))
