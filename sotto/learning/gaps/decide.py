"""What people say about groups of gaps: a new intent or an article to write, a name that there is, or nothing.

An accepted group's chosen utterances become examples, with the person's vote: from there they go the way of any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.core.audit import AuditAction, AuditEntry, contact_record
from sotto.core.errors import Rejected
from sotto.knowledge.answers import ArticleReader
from sotto.learning.checks import STOPS, warnings_of
from sotto.learning.example import Example, Source, Vote, is_for_regression
from sotto.learning.gaps.gap import FEWEST_MEMBERS, Gap, GapGroup, GapKind, GroupState
from sotto.learning.gaps.ports import GapStore, NewIntents
from sotto.learning.review.use_cases import ExampleReviewPorts, distrusted, labels_of
from sotto.learning.review.votes import with_vote

MOST_SHOWN = 50
MOST_CHOSEN = 200
MOST_MOVED = 200
"""Of a group that is merged into another, at once; the next grouping moves the rest."""
LONGEST_TITLE = 120
_NAME = re.compile(r"[a-z][a-z0-9_]{1,63}")


class NoSuchGroup(Rejected):
    """There is no such group, or no longer: gaps were grouped anew, or their time is over."""


class GroupDecided(Rejected):
    """Somebody has decided on this group, or changed it, since it was read; read it again."""


class CannotDecide(Rejected):
    """The message names the field and the fix."""


@dataclass(frozen=True, slots=True)
class DecidePorts:
    """``review``: where accepted examples go."""

    gaps: GapStore
    new_intents: NewIntents
    articles: ArticleReader
    review: ExampleReviewPorts


@dataclass(frozen=True, slots=True)
class Decision:
    """``version``: of the group, as it was read. ``chosen``: contacts and ids of the gaps that are examples of it; none
    for all that are shown."""

    tenant: str
    who: str
    kind: GapKind
    group: str
    version: int
    chosen: tuple[tuple[str, str], ...] = ()


def groups_of(tenant: str, kind: GapKind, state: GroupState | None, ports: DecidePorts) -> list[GapGroup]:
    """Those with most calls first. Raises Retryable."""
    found = [each for each in ports.gaps.groups(tenant, kind) if state is None or each.state is state]
    return sorted(found, key=lambda each: (-each.calls, -each.members, each.id))


def shown(
    tenant: str, who: str, kind: GapKind, id: str, ports: DecidePorts, limit: int = MOST_SHOWN
) -> tuple[GapGroup, Sequence[Gap]]:
    """A group and its latest gaps. That a call's words were read is in the audit log before they are shown. Raises
    NoSuchGroup and Retryable."""
    group = _known(tenant, kind, id, ports)
    found = ports.gaps.of_group(tenant, kind, id, min(limit, MOST_SHOWN))
    now_ms = int(ports.review.clock.now_ms())
    for contact_id in dict.fromkeys(each.contact_id for each in found):
        entry = AuditEntry(tenant, who, AuditAction.LOOKED_INTO, contact_record(contact_id), now_ms)
        ports.review.audit.append(entry)
    return group, found


def accept(asked: Decision, name: str, ports: DecidePorts) -> GapGroup:
    """As a new intent called ``name``, or as an article to write with that title. The same again is as good as once.
    Raises NoSuchGroup, GroupDecided, CannotDecide and Retryable."""
    group, name = _known(asked.tenant, asked.kind, asked.group, ports), name.strip()
    if asked.kind is GapKind.ARTICLE:
        if not 1 <= len(name) <= LONGEST_TITLE:
            raise CannotDecide(f"name: give the article a title of 1 to {LONGEST_TITLE} characters")
        return _changed(group, asked, GroupState.ACCEPTED, ports, label=name)
    if not _NAME.fullmatch(name):
        raise CannotDecide("name: use 2 to 64 of a-z, 0-9 and '_', beginning with a letter, such as travel_notice")
    again = group.state is GroupState.ACCEPTED and group.label == name
    if not again and name in labels_of(asked.tenant, ports.review.books, ports.new_intents):
        raise CannotDecide("name: there is an intent of this name; merge the group into it, or choose another name")
    chosen = _chosen(asked, ports)
    if len(chosen) < FEWEST_MEMBERS:
        raise CannotDecide(f"chosen: {len(chosen)} of them are still there; a new intent begins with {FEWEST_MEMBERS}")
    changed = group if again else _changed(group, asked, GroupState.ACCEPTED, ports, label=name)
    ports.new_intents.add(asked.tenant, name, asked.who, changed.changed_at_ms)
    _learn(chosen, name, asked, ports)
    return changed


def merge(asked: Decision, label: str, ports: DecidePorts) -> GapGroup:
    """Into the intent, or the article that covers it, of this name. Raises as ``accept``."""
    group = _known(asked.tenant, asked.kind, asked.group, ports)
    if asked.kind is GapKind.ARTICLE:
        if ports.articles.article(asked.tenant, label) is None:
            raise CannotDecide("into: there is no such article")
        return _changed(group, asked, GroupState.MERGED, ports, label=label)
    if label not in labels_of(asked.tenant, ports.review.books, ports.new_intents):
        raise CannotDecide("into: there is no such intent")
    chosen = _chosen(asked, ports)
    if not chosen:
        raise CannotDecide("chosen: none of them is there any more")
    again = group.state is GroupState.MERGED and group.label == label
    changed = group if again else _changed(group, asked, GroupState.MERGED, ports, label=label)
    _learn(chosen, label, asked, ports)
    return changed


def merge_groups(asked: Decision, into: str, ports: DecidePorts) -> GapGroup:
    """Into another open group: answers with that one. Raises as ``accept``."""
    group = _known(asked.tenant, asked.kind, asked.group, ports)
    other = _known(asked.tenant, asked.kind, into, ports)
    if other.id == group.id or other.state is not GroupState.OPEN:
        raise CannotDecide("into: choose another group, on which nobody has decided")
    _changed(group, asked, GroupState.MERGED, ports, into=other.id)
    for each in ports.gaps.of_group(asked.tenant, asked.kind, group.id, MOST_MOVED):
        ports.gaps.put(replace(each, group=other.id, version=each.version + 1))
    both = replace(other, kept=True, members=other.members + group.members, calls=other.calls + group.calls)
    return ports.gaps.save_group(replace(both, version=other.version + 1))


def ignore(asked: Decision, ports: DecidePorts) -> GapGroup:
    """It is not shown any more, nor is what is like it. Raises NoSuchGroup, GroupDecided and Retryable."""
    return _changed(_known(asked.tenant, asked.kind, asked.group, ports), asked, GroupState.IGNORED, ports)


def reopen(asked: Decision, ports: DecidePorts) -> GapGroup:
    """What was ignored, or an article that was to be written. Raises as ``accept``, where examples were made of it."""
    group = _known(asked.tenant, asked.kind, asked.group, ports)
    if group.into or (group.kind is GapKind.INTENT and group.state is not GroupState.IGNORED):
        raise CannotDecide("group: examples were made of it; change those under Examples")
    if group.version != asked.version:
        raise GroupDecided("group: somebody changed it meanwhile; read it again")
    return _saved(group, asked, GroupState.OPEN, ports)


def _known(tenant: str, kind: GapKind, id: str, ports: DecidePorts) -> GapGroup:
    found = ports.gaps.group(tenant, kind, id)
    if found is None:
        raise NoSuchGroup("group: there is none, or no longer; look at the list again")
    return found


def _chosen(asked: Decision, ports: DecidePorts) -> list[Gap]:
    """As far as they are still there, in this group, and can be learned from."""
    if len(asked.chosen) > MOST_CHOSEN:
        raise CannotDecide(f"chosen: at most {MOST_CHOSEN}")
    if not asked.chosen:
        found = list(ports.gaps.of_group(asked.tenant, asked.kind, asked.group, MOST_SHOWN))
    else:
        places = dict.fromkeys(asked.chosen)
        read = (ports.gaps.gap(asked.tenant, contact_id, asked.kind, id) for contact_id, id in places)
        found = [each for each in read if each is not None and each.group == asked.group]
    return [each for each in found if not STOPS & set(warnings_of(each.text))]


def _changed(
    group: GapGroup, asked: Decision, state: GroupState, ports: DecidePorts, *, label: str = "", into: str = ""
) -> GapGroup:
    if (group.state, group.label, group.into) == (state, label, into):
        return group  # asked again
    if group.state is not GroupState.OPEN or group.version != asked.version:
        raise GroupDecided("group: somebody changed it meanwhile; read it again")
    return _saved(group, asked, state, ports, label=label, into=into)


def _saved(
    group: GapGroup, asked: Decision, state: GroupState, ports: DecidePorts, *, label: str = "", into: str = ""
) -> GapGroup:
    now_ms = int(ports.review.clock.now_ms())
    record = f"gap/{group.kind.value}/{group.id}"
    ports.review.audit.append(AuditEntry(asked.tenant, asked.who, AuditAction.GAP_DECIDED, record, now_ms))
    changed = replace(group, state=state, label=label, into=into, who=asked.who, changed_at_ms=now_ms)
    return ports.gaps.save_group(replace(changed, version=group.version + 1))


def _learn(chosen: Sequence[Gap], label: str, asked: Decision, ports: DecidePorts) -> None:
    """Examples with this person's vote; who reviews them else is asked as of any other."""
    needed = ports.review.books.current(asked.tenant).settings.learning.reviewers
    out = distrusted(asked.tenant, ports.review.reviewers)
    vote = Vote(asked.who, label, int(ports.review.clock.now_ms()))
    for each in chosen:
        known = ports.review.examples.example(asked.tenant, each.contact_id, each.id)
        if known is None:
            made = with_vote(_example(each, label), vote, needed=needed, distrusted=out)
            ports.review.examples.put(made)
        elif known.proposed_by != asked.who and all(other.reviewer != asked.who for other in known.votes):
            voted = with_vote(known, vote, needed=needed, distrusted=out)
            ports.review.examples.put(replace(voted, version=known.version + 1))


def _example(gap: Gap, label: str) -> Example:
    return Example(
        gap.tenant,
        gap.contact_id,
        gap.id,
        gap.text,
        Source.GROUP,
        gap.at_ms,
        gap.consent,
        proposed=label,
        confidence=gap.confidence,
        warnings=warnings_of(gap.text),
        is_regression=is_for_regression(gap.tenant, gap.text),
    )
