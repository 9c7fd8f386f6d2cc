"""Passages and their words in SQLite: what can be filtered by in columns, the words in a full-text index (FTS5).

The text is stored once, in its row; the full-text index holds stems without it. What is removed is overwritten
(``secure_delete``), its words are merged out of the index, and the journal is emptied: nothing of it is left in a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sotto.core.validation import silent
from sotto.search.passage import Passage, PassageFilter
from sotto.search.query import Said
from sotto.search.words import Word, tokens

_passage = silent(Passage)
POSTINGS_READ = 60_000
"""Passages whose words are weighed for one question, at most: of its words the rare ones first, as many as fit."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS passages (
    slot INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, contact TEXT NOT NULL, conversation TEXT NOT NULL,
    kind TEXT NOT NULL, speaker TEXT NOT NULL, agent TEXT NOT NULL, team TEXT NOT NULL, queue TEXT NOT NULL,
    language TEXT NOT NULL, disposition TEXT NOT NULL, at_ms INTEGER NOT NULL, score REAL, digest TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_contact ON passages (contact);
CREATE INDEX IF NOT EXISTS by_conversation ON passages (conversation);
CREATE INDEX IF NOT EXISTS by_agent ON passages (agent);
CREATE INDEX IF NOT EXISTS by_team ON passages (team);
CREATE INDEX IF NOT EXISTS by_time ON passages (at_ms);
CREATE TABLE IF NOT EXISTS moments (name TEXT NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (name, slot)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS moments_by_slot ON moments (slot);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (stems, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (words, 'row');
"""
_COLUMNS = (
    ("kind", "kinds"), ("speaker", "speakers"), ("agent", "agents"), ("team", "teams"), ("queue", "queues"),
    ("language", "languages"), ("disposition", "dispositions"), ("contact", "contacts"),
    ("conversation", "conversations"),
)  # fmt: skip


class PassageTable:
    """Of one tenant; for one thread at a time."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        for setting in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON", "cache_size = -65536"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.executescript(_SCHEMA)

    def put(self, passages: Sequence[Passage]) -> list[int]:
        """Their slots. Of each key the one before is taken out first."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            slots = [self._put(each) for each in passages]
        return slots

    def by_keys(self, keys: Iterable[str]) -> Mapping[str, tuple[int, str]]:
        """Key -> slot and digest, of those that are there."""
        found: dict[str, tuple[int, str]] = {}
        for key in keys:
            row = self._db.execute("SELECT slot, digest FROM passages WHERE key = ?", (key,)).fetchone()
            if row is not None:
                found[key] = (row[0], row[1])
        return found

    def keys_of(self, contact_id: str) -> list[str]:
        rows = self._db.execute("SELECT key FROM passages WHERE contact = ?", (contact_id,))
        return [key for (key,) in rows]

    def passages(self, slots: Sequence[int]) -> Mapping[int, Passage]:
        marks = ",".join("?" * len(slots))
        rows = self._db.execute(f"SELECT slot, body FROM passages WHERE slot IN ({marks})", tuple(slots))
        return {slot: _passage.validate_json(body) for slot, body in rows}

    def remove(self, keys: Sequence[str]) -> list[int]:
        """The slots that are free now."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            freed = [slot for key in keys if (slot := self._taken_out(key)) is not None]
        if freed:
            self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return freed

    def slots_of(self, wanted: PassageFilter) -> list[int] | None:
        """None where everything is wanted."""
        where, values = _where(wanted)
        if not where:
            return None
        return [slot for (slot,) in self._db.execute(f"SELECT slot FROM passages p WHERE {where}", values)]

    def by_words(self, said: Said, wanted: PassageFilter, most: int) -> tuple[list[int], bool]:
        """Slots by BM25, best first; whether words of the question were left out, or more would have been found.
        Phrases must be there, what is excluded must not."""
        match, left_out = self._match(said)
        if match is None:
            return [], left_out
        where, values = _where(wanted)
        joined = f"JOIN passages p ON p.slot = words.rowid WHERE words MATCH ? AND {where}" if where else None
        how = joined or "WHERE words MATCH ?"
        rows = self._db.execute(f"SELECT words.rowid FROM words {how} ORDER BY rank LIMIT ?", (match, *values, most))
        found = [slot for (slot,) in rows]
        return found, left_out or len(found) == most

    def holding(self, said: Said, slots: Sequence[int]) -> set[int]:
        """Which of them have some word of the question."""
        match = " OR ".join(_either(word) for word in said.all_words)
        if not match or not slots:
            return set()
        marks = ",".join("?" * len(slots))
        rows = self._db.execute(f"SELECT rowid FROM words WHERE rowid IN ({marks}) AND words MATCH ?", (*slots, match))
        return {slot for (slot,) in rows}

    def last_slot(self) -> int:
        (found,) = self._db.execute("SELECT coalesce(max(slot), -1) FROM passages").fetchone()
        return int(found)

    def close(self) -> None:
        self._db.close()

    def _put(self, passage: Passage) -> int:
        slot = self._taken_out(passage.key)
        if slot is None:
            slot = self.last_slot() + 1
        self._db.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                slot, passage.key, passage.contact_id, passage.conversation_id, passage.kind.value, passage.speaker,
                passage.agent, passage.team, passage.queue, passage.language, passage.disposition, passage.at_ms,
                passage.score, passage.digest, _passage.dump_json(passage).decode(),
            ),
        )  # fmt: skip
        self._db.execute("INSERT INTO words (rowid, stems) VALUES (?, ?)", (slot, _stems(passage)))
        self._db.executemany("INSERT INTO moments VALUES (?, ?)", [(name, slot) for name in set(passage.moments)])
        return slot

    def _taken_out(self, key: str) -> int | None:
        row = self._db.execute("SELECT slot, body FROM passages WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        slot, body = row
        stems = _stems(_passage.validate_json(body))
        self._db.execute("INSERT INTO words (words, rowid, stems) VALUES ('delete', ?, ?)", (slot, stems))
        self._db.execute("DELETE FROM moments WHERE slot = ?", (slot,))
        self._db.execute("DELETE FROM passages WHERE slot = ?", (slot,))
        return int(slot)

    def _match(self, said: Said) -> tuple[str | None, bool]:
        """What FTS5 is asked; None where no word is known."""
        required = [_sequence(phrase) for phrase in said.phrases]
        excluded = [_sequence(phrase) for phrase in said.excluded]
        words, left_out = ([], False) if required else self._rarest(said.words)
        asked = " AND ".join(required) if required else " OR ".join(map(_either, words))
        if not asked:
            return None, left_out
        return f"({asked})" + "".join(f" NOT ({each})" for each in excluded), left_out

    def _rarest(self, words: Sequence[Word]) -> tuple[list[Word], bool]:
        """As many as are in ``POSTINGS_READ`` passages together; the rarest in any case."""
        counted = sorted((self._count(word), at) for at, word in enumerate(words))
        chosen: list[Word] = []
        read = 0
        for count, at in counted:
            if not count:
                continue
            if chosen and read + count > POSTINGS_READ:
                return chosen, True
            chosen.append(words[at])
            read += count
        return chosen, False

    def _count(self, word: Word) -> int:
        marks = ",".join("?" * len(word))
        rows = self._db.execute(f"SELECT coalesce(sum(doc), 0) FROM vocabulary WHERE term IN ({marks})", tuple(word))
        return int(rows.fetchone()[0])


def _stems(passage: Passage) -> str:
    return " ".join(_plain(token.stem) for token in tokens(passage.text, passage.language))


def _plain(stem: str) -> str:
    """FTS5's own splitting must find one word in it."""
    return stem.replace("'", "")


def _either(word: Word) -> str:
    stems = sorted({_plain(stem) for stem in word})
    quoted = [f'"{stem}"' for stem in stems]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


def _sequence(phrase: Sequence[Word]) -> str:
    """FTS5 knows no alternatives in a phrase: one for each rule of cutting, as a text has one language."""
    versions = {tuple(_plain(stem) for stem in choice) for choice in _choices(phrase)}
    written = [f'"{" ".join(each)}"' for each in sorted(versions)]
    return written[0] if len(written) == 1 else f"({' OR '.join(written)})"


def _choices(phrase: Sequence[Word]) -> Iterable[tuple[str, ...]]:
    """Of the first sixteen ways."""
    ways: list[tuple[str, ...]] = [()]
    for word in phrase:
        ways = [(*way, stem) for way in ways for stem in sorted(word)][:16]
    return ways


def _where(wanted: PassageFilter) -> tuple[str, list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    for column, name in _COLUMNS:
        if asked := getattr(wanted, name):
            conditions.append(f"p.{column} IN ({','.join('?' * len(asked))})")
            values += [str(each) for each in sorted(asked)]
    if wanted.moments:
        marks = ",".join("?" * len(wanted.moments))
        conditions.append(f"p.slot IN (SELECT slot FROM moments WHERE name IN ({marks}))")
        values += sorted(wanted.moments)
    bounds = (
        ("p.at_ms >= ?", wanted.since_ms),
        ("p.at_ms < ?", wanted.until_ms),
        ("p.score >= ?", wanted.min_score),
        ("p.score <= ?", wanted.max_score),
    )
    for condition, value in bounds:
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if (seen_by := wanted.seen_by) is not None:
        either = ["p.agent = ?"]
        values.append(seen_by.agent)
        if seen_by.teams:
            either.append(f"p.team IN ({','.join('?' * len(seen_by.teams))})")
            values += sorted(seen_by.teams)
        conditions.append(f"({' OR '.join(either)})")
    return " AND ".join(conditions), values
