"""The models: those that classify, and those that write."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sotto.core.built import built, built_per_name
from sotto.core.errors import SottoError
from sotto.core.settings import AwsRegion
from sotto.wiring.stores import StoreParts

if TYPE_CHECKING:
    from sotto.generation.adapters.dynamodb_budgets import DynamoBudgets
    from sotto.generation.budget.budgets import Budgets
    from sotto.generation.chain import GenerationChain
    from sotto.generation.conversation_so_far import ReadsConversation
    from sotto.generation.generator import Generator
    from sotto.generation.nodes import GenerativeNodes
    from sotto.generation.settings import GenerationSettings
    from sotto.graph.node import NodeRouter
    from sotto.inference.earlier_utterances import EarlierUtterances
    from sotto.inference.router import Router
    from sotto.tenants.budgets import Budget


class ModelParts(StoreParts):
    @built
    def routes(self) -> NodeRouter:
        """The router, which also writes texts when the settings name providers (sotto.generation.settings)."""
        from sotto.generation.nodes import GenerativeRouter

        if not self.generation.order:
            return self.router
        return GenerativeRouter(self.router, self.writer)

    @built
    def router(self) -> Router:
        """One for the process: what it learns of the endpoints serves every request."""
        return self._router()

    @built
    def recall_router(self) -> Router:
        """For questions about calls, which take longer the longer the call is: one that is too long says nothing about
        the endpoint, and must not close it to the others."""
        return self._router()

    @built
    def generation(self) -> GenerationSettings:
        """Nobody writes where the settings are wrong: the other models must not fall silent with it."""
        from sotto.generation.settings import GenerationSettings, WrongSetting

        try:
            return GenerationSettings.from_environment(self.settings.environment)
        except WrongSetting as error:
            self.logger("generation").error("generation not set up", extra={"problem": str(error)})
            return GenerationSettings()

    @built
    def generation_chain(self) -> GenerationChain:
        """The providers, one after the other; empty where the settings name none."""
        from sotto.generation.account import Price
        from sotto.generation.chain import GenerationChain, Provider

        settings = self.generation
        providers = [
            Provider(name, self.generator(name), settings.prices.get(name, Price()), self._refusing(name))
            for name in settings.order
        ]
        return GenerationChain(providers, self.clock, self.observe, self.budgets)

    @built
    def budgets(self) -> Budgets:
        from sotto.generation.budget.budgets import Budgets

        return Budgets(self._budgets_of, self.budget_counters, self.clock, self.observe)

    @built
    def budget_counters(self) -> DynamoBudgets:
        from sotto.aws.table import Table
        from sotto.core.settings import ContactRecords
        from sotto.generation.adapters.dynamodb_budgets import DynamoBudgets

        table = Table(self.records("dynamodb"), self.settings.of(ContactRecords).table)
        return DynamoBudgets(table, self.pause)

    def _budgets_of(self, tenant: str) -> tuple[Budget, ...]:
        return self.books.current(tenant).settings.budgets

    @built
    def writer(self) -> GenerativeNodes:
        """Who writes; without a provider it writes nothing, and what it answers is quoted."""
        from sotto.generation.nodes import GenerativeNodes

        return GenerativeNodes(
            self.generation_chain, self.clock, house=self.house_rules, conversation=self.conversation_so_far
        )

    @built
    def earlier_utterances(self) -> EarlierUtterances:
        from sotto.inference.earlier_utterances import EarlierUtterances

        return EarlierUtterances(self.conversations)

    @built
    def conversation_so_far(self) -> ReadsConversation:
        from sotto.guidance.stored_conversation import StoredConversation

        return StoredConversation(self.earlier_utterances, self.conversations, self.contacts, self.books)

    def _refusing(self, provider: str) -> Callable[[str], None]:
        place = self.generation.place(provider, self.settings.of(AwsRegion).region)
        return lambda tenant: self.refuse_outside(tenant, provider, place)

    @built_per_name
    def generator(self, name: str) -> Generator:
        from sotto.aws.secrets import SecretsManagerKey
        from sotto.generation.adapters.bedrock import BedrockGenerator, bedrock_clients
        from sotto.generation.adapters.openai_compatible import OpenAiCompatibleGenerator
        from sotto.generation.adapters.sagemaker_shard import ShardGenerator
        from sotto.inference.adapters.sagemaker import sagemaker_clients
        from sotto.models.registry import CachedRegistry

        settings = self.generation
        if name == "shard":
            return ShardGenerator(sagemaker_clients(self.session), CachedRegistry(self.model_registry, self.clock))
        if name == "bedrock":
            clients = bedrock_clients(self.session)
            return BedrockGenerator(clients, settings.bedrock_model, shape=settings.bedrock_shape)
        key = SecretsManagerKey(self.client("secretsmanager"), settings.openai_secret, self.clock)
        return OpenAiCompatibleGenerator(settings.openai_url, settings.openai_model, key)

    def house_rules(self, tenant: str) -> str:
        """How the tenant wants texts to be written, and what they may offer; nothing when its book cannot be read."""
        try:
            return "\n".join(self.books.current(tenant).settings.house_rules)
        except SottoError as error:
            self.logger("generation").warning("house rules not read", extra={"reason": type(error).__name__})
            return ""

    def _router(self) -> Router:
        from sotto.inference.adapters.sagemaker import SageMakerShard, sagemaker_clients
        from sotto.inference.router import Router
        from sotto.models.registry import CachedRegistry

        shard = SageMakerShard(sagemaker_clients(self.session), self.clock, lambda ms: time.sleep(ms / 1000))
        registry = CachedRegistry(self.model_registry, self.clock)
        return Router(registry, shard, self.clock, earlier=self.earlier_utterances)
