"""The models: route_inference, and whoever asks them directly."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from sotto.wiring.process import client, clock, logger, metrics
from sotto.wiring.stores import model_registry

if TYPE_CHECKING:
    from sotto.generation.generator import Generator
    from sotto.generation.nodes import Routes
    from sotto.generation.settings import GenerationSettings
    from sotto.inference.router import Router


def node_router() -> Routes:
    """The router, which also writes texts when the environment names providers (sotto.generation.settings)."""
    from sotto.inference.measured import MeasuredRoutes

    return MeasuredRoutes(_routes(), metrics())


def _routes() -> Routes:
    from sotto.generation.settings import GenerationSettings, WrongSetting

    try:
        generation = GenerationSettings.from_environment(os.environ)
    except WrongSetting as error:  # the other models must not fall silent with it
        logger("route_inference").error("generation not set up", extra={"problem": str(error)})
        return router()
    return _writing(router(), generation) if generation.order else router()


def _writing(others: Router, generation: GenerationSettings) -> Routes:
    from sotto.generation.account import Price
    from sotto.generation.chain import GenerationChain, Provider
    from sotto.generation.measured import MeasuredAccount
    from sotto.generation.nodes import GenerativeNodes, GenerativeRouter

    providers = [
        Provider(name, generator(name, generation), generation.prices.get(name, Price())) for name in generation.order
    ]
    chain = GenerationChain(providers, clock(), MeasuredAccount(metrics()))
    return GenerativeRouter(others, GenerativeNodes(chain, clock()))


def generator(name: str, generation: GenerationSettings) -> Generator:
    from sotto.generation.adapters.bedrock import BedrockGenerator, bedrock_clients
    from sotto.generation.adapters.openai_compatible import OpenAiCompatibleGenerator
    from sotto.generation.adapters.sagemaker_shard import ShardGenerator
    from sotto.inference.adapters.sagemaker import sagemaker_clients
    from sotto.inference.registry import CachedRegistry
    from sotto.speech.adapters.provider_keys import SecretsManagerKey

    if name == "shard":
        return ShardGenerator(sagemaker_clients(), CachedRegistry(model_registry(), clock()))
    if name == "bedrock":
        return BedrockGenerator(bedrock_clients(), generation.bedrock_model)
    key = SecretsManagerKey(client("secretsmanager"), generation.openai_secret, clock())
    return OpenAiCompatibleGenerator(generation.openai_url, generation.openai_model, key)


def router() -> Router:
    from sotto.inference.adapters.sagemaker import SageMakerShard, sagemaker_clients
    from sotto.inference.registry import CachedRegistry
    from sotto.inference.router import Router

    shard = SageMakerShard(sagemaker_clients(), clock(), lambda ms: time.sleep(ms / 1000))
    return Router(CachedRegistry(model_registry(), clock()), shard, clock())
