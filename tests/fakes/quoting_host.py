"""An OpenAI-compatible host that writes by a rule instead of a model: it quotes what the prompt has given it."""

from __future__ import annotations

import json
import re

from local.generation.openai_host import LocalOpenAi
from local.generation.script import ReceivedRequest, ScriptedAnswer
from sotto.core.content_words import content_words
from sotto.tenants.article_text import sentences

PIECE = 9
_PASSAGE = re.compile(r'<passage number="(\d+)" title="([^"]*)">(.*?)</passage>', re.DOTALL)
_SPOKEN = re.compile(r'<spoken by="[^"]*">(.*?)</spoken>', re.DOTALL)


class QuotingHost(LocalOpenAi):
    """Of the passages, the sentence that shares most words with what was said; of a call, how the
    customer's longest words begin.

    ``fault``: what happens instead when a text is asked for about something said; not to summaries.
    """

    def __init__(self, *, key: str) -> None:
        super().__init__(keys={key})
        self.fault: ScriptedAnswer | None = None

    def otherwise(self, asked: ReceivedRequest) -> ScriptedAnswer:
        prompt = "\n".join(message["content"] for message in asked.body["messages"] if message["role"] == "user")
        passages = _PASSAGE.findall(prompt)
        said = "".join(_SPOKEN.findall(prompt))
        if said and self.fault is not None:
            return self.fault
        text, number = self._answer(said, passages) if said else self._summary(passages)
        return ScriptedAnswer(pieces(json.dumps({"text": f"{text} [{number}].", "citations": [int(number)]})))

    @staticmethod
    def _answer(said: str, passages: list[tuple[str, str, str]]) -> tuple[str, str]:
        wanted = set(content_words(said))
        every = [(sentence, number) for number, _, text in passages for sentence in sentences(text)]
        best, number = max(every, key=lambda each: len(wanted & set(content_words(each[0]))))
        return best.rstrip(".!?"), number

    @staticmethod
    def _summary(passages: list[tuple[str, str, str]]) -> tuple[str, str]:
        number, _, text = max((each for each in passages if each[1] == "customer"), key=lambda each: len(each[2]))
        return f'The customer said: "{sentences(text)[0].rstrip(".!?")}"', number


def pieces(text: str) -> tuple[str, ...]:
    return tuple(text[start : start + PIECE] for start in range(0, len(text), PIECE))
