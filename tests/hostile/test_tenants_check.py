"""Hostile: ``sotto tenants check`` is the last word. It ends, without a traceback, and what it passes can be pushed."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from local.commands.sotto import sotto
from local.publishing import PublishTarget, publish
from local.tenants import ModelPublisher
from model_containers.shard.base_encoder.embedding import CachingEncoder, TextEmbedding
from model_containers.shard.base_encoder.minilm import DIMENSIONS
from model_containers.shard.heads import _HEADS
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.packages import Recipe, _card, recipes
from model_containers.trainer.trained import Trained, silently
from sotto.aws.table import Table
from sotto.call.contact import Contact
from sotto.guidance.rules import rules_of
from sotto.guidance.wording import pattern_of
from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.package import open_package, write_package
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.tenants.book import BOOK, TenantBook
from sotto.tenants.compile import compile_policies
from sotto.tenants.playbook import Item, Moment, Phrases, PlaybookAction, conditions_of, walk
from sotto.wiring.publishing import load_tenant
from tests.fakes.clock import ClockByHand
from tests.unit.tenants.tenant_files import INTENTS, PLAYBOOK, POLICIES, TENANT, write_tenant

FILES = {
    "tenant.yaml": TENANT
    + """\
  behaviours: {task: behaviours, package: corner/behaviours}
  entities: {task: entities, package: shared/entities}
language: en-US
retention_days: 90
consent: {basis: attribute, attribute: agreed, values: [yes]}
redaction: {name: off}
house_rules: [Be brief.]
text_attributes: [tier]
""",
    "policies.yaml": POLICIES
    + """\
  - name: evenings
    when: {teams: [sales], hours: [{days: [mon], from: 18:00, to: 22:00, zone: Europe/Berlin}], attributes: {vip: any}}
    run: [{model: sentiment, deadline: 300ms}]
""",
    "playbook.yaml": PLAYBOOK
    + """\
      answer:
        answer: {model: knowledge, at_least: 0.4}
        show: {title: Answer}
    checklists:
      polite:
        items:
          greeted: {title: Greet, done_when: {behaviour: greeting}, within: 20s}
behaviours:
  greeting:
    phrases: [hello and welcome, how can I help]
""",
    "intents.yaml": INTENTS + "entities:\n  branch: [Old Mill, Pier Market]\n",
    "knowledge/plan.md": "---\nid: plan\ntitle: Service plan\ntags: [plan, price]\n---\n# Price\n\nIt is yearly.\n",
}
BOMB = "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9) if level else 'x, x, x'}]\n" for level in range(12)
)


def written(root: Path, **changed: str) -> Path:
    folder = write_tenant(root)
    (folder / "knowledge").mkdir()
    for name, content in (FILES | changed).items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def check(folder: Path) -> Result:
    return CliRunner().invoke(sotto, ["tenants", "check", str(folder)])


def test_the_tenant_of_these_tests_is_fine(tmp_path: Path) -> None:
    assert check(written(tmp_path)).output.startswith("corner_shop is fine")


@pytest.mark.parametrize(
    ("file", "content", "found"),
    [
        ("tenant.yaml", TENANT.replace("Corner", "Cor\x07ner"), "tenant.yaml:2:11: U+0007 is no character of a text"),
        ("intents.yaml", INTENTS.replace("hello", '"he\\0llo"'), "U+0000 is no character of a text; take it out"),
        ("intents.yaml", INTENTS.replace("hello", '"\\e[31mred"'), "U+001B is no character of a text; take it out"),
        ("intents.yaml", INTENTS.replace("hello", '"\\ud800"'), "U+D800 is no character of a text; take it out"),
        ("intents.yaml", INTENTS.replace("hello", '"\\UFFFFFFFF"'), "intents.yaml:1:1: not valid YAML"),
        ("intents.yaml", "a: &a [*a]\n", "intents.yaml:1:1: blocks or brackets are nested more than 32 deep"),
        ("intents.yaml", "&a {intents: *a}\n", "nested more than 32 deep"),
        ("playbook.yaml", PLAYBOOK.replace("intent: buy", "all: " + "[" * 40 + "]" * 40), "more than 32 deep"),
        (
            "tenant.yaml",
            TENANT.replace("1\ntitle", "banana\ntitle"),
            "tenant.yaml:1:10: this release reads 'version: 1'",
        ),
        ("policies.yaml", POLICIES.replace("version: 1", "version: 2020-13-45"), "this release reads 'version: 1'"),
        ("intents.yaml", INTENTS.replace("version: 1", "version: [1]"), "intents.yaml:1:10: expected text here"),
        ("tenant.yaml", TENANT.replace("corner/intent", "{a: b}"), "expected text here"),
        ("tenant.yaml", TENANT.replace("corner/intent", "../../other"), "'../../other' is no package"),
        ("tenant.yaml", TENANT.replace("intent: {task", "Intent#1: {task"), "a model is called by 1 to 64 of a-z"),
        ("intents.yaml", INTENTS.replace("I want it", "[a, b]"), "expected text here"),
        ("intents.yaml", INTENTS.replace("I want it", '" "'), "this text is empty"),
        ("intents.yaml", INTENTS.replace("I want it", "'?!'"), "a phrase needs words"),
        ("intents.yaml", INTENTS.replace("  buy:", "  none_of_these:"), "'none_of_these' has a meaning of its own"),
        ("intents.yaml", INTENTS.replace("[hello, thanks]", ""), "expected text here"),
        ("intents.yaml", INTENTS + "entities: [Old Mill]\n", "expected kinds of names"),
        ("intents.yaml", INTENTS.replace("  buy:", "  ? [a, b]\n  :"), "expected text here"),
        ("playbook.yaml", PLAYBOOK + "behaviours: {hello: {phrases: [hi]}}\n", "fewer than 2 phrases"),
        ("playbook.yaml", PLAYBOOK.replace("at_least: 0.6", "at_least: nan"), "out of range"),
        ("policies.yaml", POLICIES.replace("only_if:", f"deadline: {'9' * 400}h\n        only_if:"), "out of range"),
        ("knowledge/plan.md", "---\nid: plan\ntitle: Plan\ntags: {a: b}\n---\nIt is.\n", "expected text here"),
        ("knowledge/plan.md", "---\nid: 'plan#1'\ntitle: Plan\n---\nIt is.\n", "none of them is '#'"),
        ("knowledge/plan.md", "---\nid: plan\ntitle: '?'\n---\nIt is.\n", "'title' has no words"),
        ("knowledge/plan.md", "---\nid: plan\ntitle: Plan\n---\n# Only a heading\n", "the article has no text"),
    ],
)
def test_what_push_could_not_take_is_named_with_its_place(tmp_path: Path, file: str, content: str, found: str) -> None:
    result = check(written(tmp_path, **{file: content}))
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert found in result.output, result.output


@pytest.mark.parametrize("file", ["tenant.yaml", "policies.yaml", "playbook.yaml", "intents.yaml"])
def test_an_alias_bomb_is_refused_at_once(tmp_path: Path, file: str) -> None:
    began = time.monotonic()
    result = check(written(tmp_path, **{file: BOMB}))
    assert f"{file}:1:1: aliases (*name) stand for more than 200,000 values" in result.output
    assert time.monotonic() - began < 5


def test_a_file_that_no_tenant_writes_is_not_read(tmp_path: Path) -> None:
    folder = written(tmp_path)
    with (folder / "intents.yaml").open("wb") as file:
        file.truncate(5 * 1024**2)
    assert "intents.yaml:1:1: the file has more than 4,194,304 bytes" in check(folder).output


def test_aliases_that_stand_for_little_are_read(tmp_path: Path) -> None:
    shared = INTENTS.replace("complain: {phrases: [", "complain: {phrases: &c [") + "entities: {words: *c}\n"
    folder = written(tmp_path, **{"intents.yaml": shared})
    assert check(folder).exit_code == 0
    assert read_tenant(folder).entities["words"][0] == "it is bad"


def test_an_article_with_a_byte_order_mark_keeps_its_front_matter(tmp_path: Path) -> None:
    folder = written(tmp_path, **{"knowledge/plan.md": "\ufeff" + FILES["knowledge/plan.md"]})
    assert check(folder).exit_code == 0
    (document,) = read_tenant(folder).documents
    assert (document.id, document.title, document.tags) == ("plan", "Service plan", ("plan", "price"))
    assert document.text.startswith("# Price")
    plain = load_tenant(written_plain(tmp_path))
    book = load_tenant(folder).book
    assert book is not None and plain.book is not None and book.articles == plain.book.articles


def written_plain(root: Path) -> Path:
    (root / "plain").mkdir()
    return written(root / "plain")


def test_labels_are_called_alike_by_the_book_and_by_the_model(tmp_path: Path) -> None:
    odd = INTENTS.replace("buy:", "yes:").replace("complain:", "1e3:")
    plain = "version: 1\npolicies: []\n"
    nothing = "version: 1\nsets: {}\n"
    changed = {"intents.yaml": odd, "policies.yaml": plain, "playbook.yaml": nothing}
    folder = written(tmp_path, **changed)
    book = load_tenant(folder).book
    assert book is not None and book.models["intent"].labels == tuple(read_tenant(folder).intents) == ("yes", "1e3")


class HashedEncoder:
    """Any vector for any text, but always the same: what training does with it is the same code."""

    revision = "hashed"

    def encode(self, texts: Sequence[str]) -> list[TextEmbedding]:
        return [self._reading(text) for text in texts]

    def _reading(self, text: str) -> TextEmbedding:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
        vector = np.random.default_rng(seed).normal(size=(1, DIMENSIONS)).astype(np.float32)
        vector /= np.linalg.norm(vector)
        return TextEmbedding(vector, ((0, len(text)),), vector)


class Stack:
    """What ``push`` writes to, with the encoder left out: it reads any text."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._encoder = CachingEncoder(HashedEncoder())
        self._trained: dict[str, Trained] = {}
        self.dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.s3.create_bucket(Bucket="artifacts")
        for name in ("tenants", "models"):
            self.dynamodb.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            )

    def push(self, folder: Path) -> TenantBook:
        clock = ClockByHand(1_790_000_000_000)
        books = PublishedBooks(Table(self.dynamodb, "tenants"), self.s3, "artifacts", clock)
        packages = [self._package(recipe.sooner or recipe) for recipe in recipes(read_tenant(folder))]
        registry = DynamoModelRegistry(self.dynamodb, "models")
        models = ModelPublisher(self.s3, "artifacts", registry)
        publish(folder, packages, PublishTarget(books, models, "any", publisher=lambda: "anybody"))
        return books.current(folder.name)

    def _package(self, recipe: Recipe) -> Path:
        key = hashlib.sha256(f"{recipe.tenant}{recipe.task}{recipe.data!r}{recipe.ways!r}".encode()).hexdigest()[:12]
        if key not in self._trained:
            self._trained[key] = recipe.train(self._encoder, silently)
        archive = write_package(_card(recipe, key, self._trained[key]), self._trained[key].files, self._scratch)
        with TemporaryDirectory() as workspace:
            _HEADS[recipe.task](open_package(archive, Path(workspace)))  # the shard can load it
        return archive


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
            environment.delenv(name, raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        yield Stack(tmp_path_factory.mktemp("packages"))


ODD = (
    "1", "007", "1e3", "-0", ".inf", ".nan", "0x1F", "1_000", "12:30:45", "2026-01-31", "2026-13-45", "true", "no", "~",
    "null", "''", '" "', "[]", "{}", "[a]", "[[a]]", "{a: b}", "[{a: b}]", "&x a", "*x", "!!int 7", "!odd a",
    "!!binary aa",
    "'#'", "a#b", "a/b", "../a", "any", "none_of_these", "call_start", "ünïcødé", "🙂", "日本語", "'\u200b'", '"\\0"',
    '"\\ud800"', '"\\e[2J"', '"\\u2028"', "'a: b'", "a: b", "- a", "|\n  a\n  b", "x" * 300, "'()'", "(a", "a/(b) ...",
    "'/'", "'...'", "9999999999h", "0ms", "1.5s", "24:00", "Europe/Berlin", "utterance", "always", "attribute:x",
    "shared/sentiment", "buy", "intent", "greeting", "sales", "basics", "wants_to_buy", "customer", "\x07", "\ufeffa",
    "<<", "? a", "%", "@a", "`a", "'it''s'", "a,b", "'[a, b]'",
)  # fmt: skip
KEYS = (
    "tags", "subject", "version", "package", "labels", "title", "once", "quiet", "severity", "expires", "again_after",
    "after", "within", "not", "all", "any", "count", "sequence", "not_said", "silence", "only_if", "deadline",
    "speakers", "on_interims", "even_without", "leave_out", "when", "run", "hours", "attributes", "queues", "languages",
    "entities", "phrases", "agents", "teams", "unless", "withdraw_when", "needed_when", "done_when", "answer",
    "'1'", "true", "~",
)  # fmt: skip
VALUE = r"(?<=[:\[,] )[^\[\]{},\n]+(?=[\]},\n])"


@st.composite
def mistaken_folders(draw: st.DrawFn) -> dict[str, str]:
    """A tenant's files after a few slips of the hand: a value replaced, a line lost, doubled, moved or added."""
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        lines = files[name].split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("value", "value", "value", "key", "lose", "double", "move", "add", "text"))):
            case "value":
                lines[at] = draw(_with_another_value(lines[at]))
            case "key":
                lines[at] = lines[at].replace(lines[at].strip().split(":")[0] or " ", draw(st.sampled_from(ODD)), 1)
            case "lose":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "add":
                indent = " " * draw(st.sampled_from((0, 2, 4, 6, 8)))
                lines.insert(at, f"{indent}{draw(st.sampled_from(KEYS))}: {draw(st.sampled_from(ODD))}")
            case _:
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + draw(st.text(max_size=3)) + lines[at][cut:]
        files[name] = "\n".join(lines)
    return files


@st.composite
def _with_another_value(draw: st.DrawFn, line: str) -> str:
    found = list(re.finditer(VALUE, line + "\n"))
    if not found:
        return line
    match = draw(st.sampled_from(found))
    return line[: match.start()] + draw(st.sampled_from(ODD)) + line[match.end() :]


PASSED: list[bool] = []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(files=mistaken_folders())
def test_what_check_passes_push_takes(stack: Stack, files: dict[str, Any]) -> None:
    with TemporaryDirectory() as root:
        folder = written(Path(root), **{name: _encodable(content) for name, content in files.items()})
        loaded = load_tenant(folder)
        assert (loaded.book is None) == bool(loaded.mistakes)
        PASSED.append(loaded.book is not None)
        if loaded.book is not None:
            assert stack.push(folder) == loaded.book
            _guides(loaded.book)


def test_enough_of_those_folders_were_fine() -> None:
    """Or the test above would have shown little."""
    assert sum(PASSED) > len(PASSED) / 10


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _guides(book: TenantBook) -> None:
    """A call on the book can begin: what was published can be read, compiled and searched for."""
    assert BOOK.validate_python(json.loads(BOOK.dump_json(book))) == book
    contact = Contact(book.tenant, "c1", "arn", "stream", 1_790_000_000_000)
    compile_policies(book, contact, at_ms=1_790_000_000_000)
    rules_of(book.playbook, [one.name for one in book.playbook.sets])
    for phrase in _phrases_in(book):
        pattern_of(phrase).search("what was said")


def _phrases_in(book: TenantBook) -> Iterator[str]:
    for one in book.playbook.sets:
        items = (item for each in one.checklists for item in each.items)
        rules: list[Moment | PlaybookAction | Item] = [*one.moments, *one.actions, *items]
        for whole in (condition for rule in rules for condition in conditions_of(rule)):
            yield from (phrase for part in walk(whole) if isinstance(part, Phrases) for phrase in part.phrases)
