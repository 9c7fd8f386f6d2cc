"""What may show that something was done: facts of the playbook first, then rules over the words. Nothing counts that
was spoken by the wrong speaker, outside its time, or was denied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sotto.call.language import primary
from sotto.call.utterance import Utterance
from sotto.guidance.wording import spans
from sotto.scorecards.judge.call_facts import BEHAVIOURS, CallFacts, Noticed
from sotto.scorecards.judge.leaves import leaves
from sotto.scorecards.judge.negation import is_denied, is_denied_somewhere, own_denials
from sotto.scorecards.judge.windows import Opening
from sotto.tenants.playbook import Detected, Phrases, Playbook
from sotto.tenants.scorecards.form import AutomaticAnswer

BY_PHRASE = 0.95


class Evidence:
    """Of one question in one call."""

    def __init__(self, answer: AutomaticAnswer, playbook: Playbook, call: CallFacts) -> None:
        self._answer, self._playbook, self._call = answer, playbook, call
        self._leaves = _leaves(answer, playbook)

    def of_playbook(self) -> Iterator[Noticed]:
        """What guidance found while the call went on."""
        phrases = self._phrases_of_playbook()
        for name in self._answer.items:
            if (id := self._call.items.get(name)) is not None:
                yield from self._located(id, 1.0, phrases, name)
        for name in self._answer.moments:
            for each in self._call.moments.get(name, ()):
                for id in each.utterances:
                    yield from self._located(id, each.confidence, phrases, name)
        for name in self._answer.actions:
            for id in self._call.actions.get(name, ()):
                yield from self._located(id, 1.0, phrases, name)

    def of_rules(self) -> Iterator[Noticed]:
        """Every utterance again: a playbook notes what happens once, and the first time may have been the wrong
        speaker's."""
        wording = (*self._phrases_of_playbook(), *self._answer.phrases)
        for utterance in self._call.utterances:
            yield from self._matches(utterance, wording)
        for label, at_least in self._behaviours():
            denies = own_denials(self._playbook.behaviours.get(label, ()), self._call.language)
            for each in self._call.behaviours.get(label, ()):
                if each.confidence >= at_least:
                    yield Noticed(each.utterance_id, each.confidence, denies=denies, why=label)

    @property
    def looks_by_meaning(self) -> bool:
        """Whether a behaviour of the tenant's model was looked for, which finds other words for the same."""
        return any(True for _ in self._behaviours())

    def counts(self, one: Noticed, opening: Opening) -> bool:
        utterance = self._call.utterance(one.utterance_id)
        if utterance is None or utterance.speaker is not self._answer.speaker:
            return False
        if not any(span.from_ms <= utterance.start_ms <= span.to_ms for span in opening.spans):
            return False
        if one.start is None and utterance.start_ms in opening.in_a_breath:
            return False  # without a place nobody knows whether it came after what it must come after
        if one.denies:
            return True
        if one.start is None or one.end is None:
            return not is_denied_somewhere(utterance.text, self._call.language)
        return not is_denied(utterance.text, one.start, one.end, self._call.language)

    def _phrases_of_playbook(self) -> tuple[str, ...]:
        usable = [leaf for leaf in self._leaves if leaf.speaker in (None, self._answer.speaker)]
        return tuple(dict.fromkeys(phrase for leaf in usable if isinstance(leaf, Phrases) for phrase in leaf.phrases))

    def _behaviours(self) -> Iterator[tuple[str, float]]:
        for label in self._answer.behaviours:
            yield label, self._answer.at_least
        for leaf in self._leaves:
            if isinstance(leaf, Detected) and leaf.task == BEHAVIOURS:
                yield from ((label, leaf.at_least) for label in leaf.labels)

    def _located(self, id: str, confidence: float, phrases: tuple[str, ...], why: str) -> Iterator[Noticed]:
        """Where the words stand, which is where a denial would be; a place is not needed where a model found it."""
        utterance = self._call.utterance(id)
        found = [*self._matches(utterance, phrases)] if utterance is not None else []
        if found:
            yield from (Noticed(id, confidence, each.start, each.end, each.denies, why) for each in found)
            return
        labels = [label for label, _ in self._behaviours()]
        wording = [text for label in labels for text in self._playbook.behaviours.get(label, ())]
        yield Noticed(id, confidence, denies=own_denials(wording, self._call.language), why=why)

    def _matches(self, utterance: Utterance, phrases: Iterable[str]) -> Iterator[Noticed]:
        for phrase in phrases:
            denies = own_denials((phrase,), self._call.language)
            for start, end in spans((phrase,), utterance.text, primary(self._call.language)):
                yield Noticed(utterance.id, BY_PHRASE * utterance.confidence, start, end, denies, phrase)


def _leaves(answer: AutomaticAnswer, playbook: Playbook) -> tuple[Detected | Phrases, ...]:
    """Of the named moments, items and actions."""
    moments = {moment.name: moment.when for one in playbook.sets for moment in one.moments}
    items = {f"{c.name}/{i.name}": i.done_when for one in playbook.sets for c in one.checklists for i in c.items}
    actions = {action.name: action.withdraw_when for one in playbook.sets for action in one.actions}
    named = (*map(items.get, answer.items), *map(moments.get, answer.moments), *map(actions.get, answer.actions))
    return leaves(named, playbook)
