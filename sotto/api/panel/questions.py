"""What agents ask while somebody waits: the tenant's knowledge, and the call itself."""

from __future__ import annotations

from sotto.api.ask.ask import CallAnswer
from sotto.api.ask.aspects import is_about_the_call
from sotto.api.caller import Caller
from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.api.panel.ports import AgentPorts, readable
from sotto.api.panel.request_models import About, AboutArticle, BadRequest, Question, TooManyRequests
from sotto.knowledge.answers import KnowledgeAnswer, KnowledgeAssist
from sotto.realtime.shapes import Shape, summary_shape, utterance_shape

A_MINUTE_MS = 60_000
MOST_A_MINUTE = 20
"""Questions of one subject about one call; more than anyone types, and each may cost a model's answer."""


class TooManyQuestions(TooManyRequests):
    """Wait a minute."""


def search_knowledge(asked: Question, caller: Caller, ports: AgentPorts) -> list[Shape]:
    about = readable(asked, caller, ports)
    question = _without_what_is_private(asked, caller, Subject.KNOWLEDGE, ports)
    found = [] if is_about_the_call(question) else ports.knowledge.search(about, question)
    _note(asked, caller, Subject.KNOWLEDGE, question, len(found), ports)
    return [_knowledge_shape(each) for each in found]


def ask_knowledge(asked: Question, caller: Caller, ports: AgentPorts) -> Shape:
    about = readable(asked, caller, ports)
    question = _without_what_is_private(asked, caller, Subject.KNOWLEDGE, ports)
    nothing = is_about_the_call(question)
    answer = KnowledgeAssist((), ()) if nothing else ports.knowledge_questions.answer(about, question)
    _note(asked, caller, Subject.KNOWLEDGE, question, len(answer.found), ports)
    return {
        "sentences": [{"text": each.text, "sources": list(each.sources)} for each in answer.sentences],
        "origin": answer.origin.value.upper(),
        "model": answer.model,
        "found": [_knowledge_shape(each) for each in answer.found],
    }


def ask_about_call(asked: Question, caller: Caller, ports: AgentPorts) -> Shape:
    about = readable(asked, caller, ports)
    question = _without_what_is_private(asked, caller, Subject.CALL, ports)
    answer = ports.call_questions.answer(about, question)
    _note(asked, caller, Subject.CALL, question, len(answer.utterances), ports)
    return _answer_shape(answer)


def article(asked: AboutArticle, caller: Caller, ports: AgentPorts) -> Shape | None:
    readable(asked, caller, ports)
    found = ports.articles.article(caller.tenant, asked.article)
    return {"id": found.id, "title": found.title, "text": found.text} if found else None


def summary(asked: About, caller: Caller, ports: AgentPorts) -> Shape | None:
    readable(asked, caller, ports)
    found = ports.summaries.summary(caller.tenant, asked.contact_id)
    return summary_shape(found) if found else None


def handover_note(asked: About, caller: Caller, ports: AgentPorts) -> Shape | None:
    readable(asked, caller, ports)
    found = ports.handover_notes.summary(caller.tenant, asked.contact_id)
    return summary_shape(found) if found else None


def _without_what_is_private(asked: Question, caller: Caller, subject: Subject, ports: AgentPorts) -> str:
    """The question as it may be stored and asked. Raises TooManyQuestions and BadRequest."""
    since_ms = int(ports.clock.now_ms()) - A_MINUTE_MS
    if ports.questions.asked_since(caller.tenant, asked.contact_id, subject, since_ms) >= MOST_A_MINUTE:
        raise TooManyQuestions(f"question: at most {MOST_A_MINUTE} a minute about one call; wait a little")
    question = ports.redact(caller.tenant, asked.question).strip()
    if not question:
        raise BadRequest("question: without what is private nothing is left of it; ask in other words")
    return question


def _note(asked: Question, caller: Caller, subject: Subject, question: str, found: int, ports: AgentPorts) -> None:
    now_ms = int(ports.clock.now_ms())
    entry = AskedQuestion(caller.tenant, asked.contact_id, caller.agent, now_ms, subject, question, found)
    ports.questions.record(entry)


def _knowledge_shape(answer: KnowledgeAnswer) -> Shape:
    return {
        "text": answer.text,
        "article": answer.article,
        "title": answer.title,
        "startChar": answer.start_char,
        "endChar": answer.end_char,
        "confidence": answer.confidence,
        "source": answer.source or None,
        "date": answer.date or None,
    }


def _answer_shape(answer: CallAnswer) -> Shape:
    return {
        "question": answer.question,
        "text": answer.text,
        "origin": answer.origin.value.upper(),
        "model": answer.model,
        "utterances": [utterance_shape(each) for each in answer.utterances],
    }
