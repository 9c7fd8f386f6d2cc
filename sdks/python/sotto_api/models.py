"""What is sent and answered."""

# Made by python -m sdks out of docs/openapi.json.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Act = Literal['keep_promise', 'call_back', 'await', 'resolve', 'win_back', 'find_cause', 'offer', 'respect']
Algorithm = Literal['hmac', 'ed25519']
AnnotationKind = Literal['moment', 'action']
Channel = Literal['voice', 'chat']
Form = Literal['manifest', 'vcon', 'recording']
GapKind = Literal['intent', 'article']
GroupState = Literal['open', 'accepted', 'merged', 'ignored']
IdentityKind = Literal['contact', 'phone', 'email', 'customer_id']
InsightKind = Literal['need', 'risk', 'opportunity', 'promise', 'preference']
Origin = Literal['model', 'quoted', 'edited']
Reason = Literal['not_json', 'wrong_fields', 'line_too_long', 'twice', 'in_the_future', 'language_unknown', 'missing', 'no_access', 'changed', 'empty', 'not_audio', 'encrypted', 'too_many_channels', 'one_channel', 'too_long', 'cut_off', 'not_a_vcon', 'signed', 'elsewhere', 'no_words', 'models_silent', 'agent_unknown', 'no_consent', 'refused', 'erased', 'another_lives', 'keeps_failing']
RecordingState = Literal['none', 'available', 'redacted', 'quarantined', 'failed']
Role = Literal['agent', 'supervisor', 'quality', 'coach', 'analyst', 'author', 'admin', 'auditor', 'privacy_officer']
SortBy = Literal['started', 'duration', 'score']
Speaker = Literal['customer', 'agent', 'system']
StepState = Literal['open', 'done', 'failed', 'declined']
SummaryPart = Literal['overview', 'reason', 'fact', 'tried', 'sentiment', 'promise', 'request', 'moment', 'done', 'outcome', 'open', 'missed']
Then = Literal['smaller', 'extractive', 'off']
sotto__imports__run__RunState = Literal['reading', 'running', 'done', 'failed']
sotto__workflows__run__RunState = Literal['running', 'sleeping', 'waiting', 'done', 'failed', 'cancelled']


class Annotation(TypedDict):
    id: str
    seq: int
    kind: AnnotationKind
    name: str
    at_ms: int
    utterance_id: str | None
    severity: str
    title: str
    text: str
    reply: str | None
    citations: list[Citation]
    evidence: list[Evidence]
    confidence: float | None
    model: str | None
    policy: str | None
    playbook: str | None


class Annotations(TypedDict):
    data: list[Annotation]
    next: str | None


class AnsweredForm(TypedDict):
    """How the question was understood: ask for it again with POST /v1/metrics/query, as it is or changed."""

    metric: str
    period: MetricPeriod
    dimensions: list[str]
    filters: list[MetricFilter]
    compare: Literal['nothing', 'previous', 'week', 'year']
    highest: bool | None
    limit: int


class AnsweredQuestion(TypedDict):
    form: AnsweredForm | None
    figures: Figures | None
    refused: Refused | None


class ApiKeyShown(TypedDict):
    id: str
    app: str
    role: Role
    scopes: list[str]
    teams: list[str]
    created_by: str
    created_at_ms: int
    expires_at_ms: int | None
    revoked_at_ms: int | None
    last_used_at_ms: int | None


class ApiKeys(TypedDict):
    data: list[ApiKeyShown]


class Appeal(TypedDict):
    form: str
    version: int
    by: str
    at_ms: int
    questions: list[str]
    reason: str
    decided_version: int | None


class Article(TypedDict):
    id: str
    title: str
    text: str
    source: str
    date: str


class AuditEntries(TypedDict):
    data: list[AuditEntry]


class AuditEntry(TypedDict):
    who: str
    action: str
    record: str
    at_ms: int


class BeepedPart(TypedDict):
    from_ms: int
    until_ms: int


class Behind(TypedDict):
    data: list[str]


class BehindForm(TypedDict):
    metric: str
    period: MetricPeriod
    dimensions: NotRequired[list[str]]
    filters: NotRequired[list[MetricFilter]]
    compare: NotRequired[Literal['nothing', 'previous', 'year']]
    highest: NotRequired[bool | None]
    limit: NotRequired[int]
    most: NotRequired[int]


class Book(TypedDict):
    version: str
    title: str
    language: str
    teams: list[BookTeam]
    policies: list[str]
    playbooks: list[str]
    forms: list[str]
    articles: list[str]


class BookDocuments(TypedDict):
    version: str
    data: list[dict[str, Any]]


class BookTeam(TypedDict):
    name: str
    title: str


class BudgetStanding(TypedDict):
    feature: str | None
    model: str | None
    agent: str | None
    limit_usd: float
    spent_usd: float
    reserved_usd: float
    late_usd: float
    alarmed_percent: Literal[0, 50, 80, 100]
    then: Then


class Certificate(TypedDict):
    """What was deleted, signed by the cell's key."""

    request_id: str
    asked_at_ms: int
    finished_at_ms: int
    contacts: int
    counts: dict[str, int]
    remaining: int
    key_id: str
    algorithm: str
    signature: str


class Checklist(TypedDict):
    data: list[ChecklistItem]


class ChecklistItem(TypedDict):
    checklist: str
    name: str
    title: str
    state: str
    done_by: str | None


class Citation(TypedDict):
    article: str
    title: str
    quote: str
    source: str | None
    date: str | None


class Contact(TypedDict):
    contact_id: str
    conversation_id: str
    media_started_at_ms: int
    initiation_method: str
    language: str
    queue: str | None
    agent: str | None
    agent_name: str | None
    team: str | None
    status: str
    version: int
    waits: list[Wait]
    expanded: ExpandedContact | None


class Conversation(TypedDict):
    conversation_id: str
    started_at_ms: int
    ended_at_ms: int | None
    duration_ms: int | None
    score: float | None
    contacts: list[ConversationContact]


class ConversationContact(TypedDict):
    """One leg of a conversation: a transfer opens another."""

    contact_id: str
    started_at_ms: int
    ended_at_ms: int | None
    is_over: bool
    language: str
    channel: Literal['VOICE', 'CHAT']
    queue: str | None
    agent: str | None
    agent_name: str | None
    team: str | None
    summary: str | None
    disposition: str | None
    is_chosen: bool
    scores: list[FormScore]
    moments: list[str]
    is_erased: bool


class Conversations(TypedDict):
    data: list[Conversation]
    next: str | None


class CustomerAnswer(TypedDict):
    question: str
    answered: bool
    note: Literal['not in these conversations'] | None
    conversations: int
    data: list[CustomerAnswerPart]


class CustomerAnswerPart(TypedDict):
    text: str
    contact_id: str
    utterance_id: str
    speaker: Speaker
    at_ms: int
    earlier: list[QuotedSentence]


class CustomerInsights(TypedDict):
    customer_id: str
    conversations: int
    made_at_ms: int
    data: list[Insight]


class Disposition(TypedDict):
    ranked: list[RankedDisposition]
    suggested: str | None
    choice: DispositionChoice | None


class DispositionChoice(TypedDict):
    code: str
    title: str
    agent: str
    at_ms: int


class DispositionCode(TypedDict):
    code: str
    title: str


class Dispositions(TypedDict):
    version: str
    data: list[DispositionCode]


class Erasure(TypedDict):
    id: str
    asked_by: str
    asked_at_ms: int
    by: IdentityKind
    contacts: int


class Evaluation(TypedDict):
    form: str
    version: int
    kind: str
    by: str
    at_ms: int
    percentage: float | None
    has_failed: bool
    determined: float
    answers: list[EvaluationAnswer]


class EvaluationAnswer(TypedDict):
    question: str
    standing: str
    value: str | None
    how: str
    confidence: float | None
    utterance_ids: list[str]
    from_ms: int | None
    to_ms: int | None
    reason: str | None


class Evidence(TypedDict):
    utterance_id: str
    start_char: int | None
    end_char: int | None


class ExpandedContact(TypedDict):
    """Null: it was not asked for, or there is none yet."""

    summary: Summary | None
    disposition: Disposition | None
    checklist: list[ChecklistItem] | None
    feedback: list[Feedback] | None


class Export(TypedDict):
    id: str
    asked_by: str
    asked_at_ms: int
    by: IdentityKind
    contacts: int
    expires_at_ms: int


class ExportPage(TypedDict):
    id: str
    asked_by: str
    asked_at_ms: int
    by: IdentityKind
    contacts: int
    expires_at_ms: int
    format: str
    data: list[dict[str, Any]]
    next: str | None


class Feedback(TypedDict):
    contact_id: str
    annotation_id: str
    acknowledged_at_ms: float | None
    dismissed_at_ms: float | None
    rated_at_ms: float | None
    rating: Literal['up', 'down'] | None
    reason: str | None


class FeedbackList(TypedDict):
    data: list[Feedback]


class Figure(TypedDict):
    key: list[str | None]
    value: float | None
    counted: int
    before: float | None


class Figures(TypedDict):
    metric: Metric
    total: Figure
    figures: list[Figure]
    notes: list[str]
    synthetic: bool
    missing: list[str]
    chart: dict[str, Any]


class FormScore(TypedDict):
    form: str
    percentage: float | None


class FoundMoment(TypedDict):
    contact_id: str
    conversation_id: str
    kind: Literal['utterance', 'summary']
    utterance_id: str | None
    speaker: str | None
    start_ms: int | None
    end_ms: int | None
    at_ms: int
    text: str
    highlights: list[Highlight]
    agent: str | None
    team: str | None
    queue: str | None
    disposition: str | None
    moments: list[str]
    score: float | None
    beside: FoundMoment | None


class GapExample(TypedDict):
    contact_id: str
    id: str
    text: str
    at_ms: int


class GapGroup(TypedDict):
    id: str
    kind: GapKind
    phrases: list[str]
    members: int
    calls: int
    nearest: str | None
    near: float
    state: GroupState
    label: str | None
    into: str | None
    who: str | None
    made_at_ms: int
    changed_at_ms: int | None
    version: int


class GapGroupWithExamples(TypedDict):
    id: str
    kind: GapKind
    phrases: list[str]
    members: int
    calls: int
    nearest: str | None
    near: float
    state: GroupState
    label: str | None
    into: str | None
    who: str | None
    made_at_ms: int
    changed_at_ms: int | None
    version: int
    examples: list[GapExample]


class GapGroups(TypedDict):
    data: list[GapGroup]


class HandOff(TypedDict):
    step: str
    title: InWords
    choices: list[WorkflowChoice]
    since_ms: int
    until_ms: int
    shown: list[ShownToPerson]


class Highlight(TypedDict):
    start_char: int
    end_char: int


class Hold(TypedDict):
    contact_id: str
    matter: str
    placed_by: str
    placed_at_ms: int


class Holds(TypedDict):
    data: list[Hold]


class ImportLine(TypedDict):
    line: int
    reason: Reason
    field: str


class ImportRow(TypedDict):
    id: str
    source: str
    form: Form
    state: sotto__imports__run__RunState
    attempt: int
    asked_at_ms: int
    ended_at_ms: int | None
    reason: Reason | None


class ImportRows(TypedDict):
    data: list[ImportRow]
    next: str | None


class ImportStatus(TypedDict):
    id: str
    source: str
    form: Form
    state: sotto__imports__run__RunState
    attempt: int
    asked_at_ms: int
    ended_at_ms: int | None
    reason: Reason | None
    items: int
    waiting: int
    done: int
    known: int
    skipped: int
    failed: int
    seconds: float
    left_ms: int | None
    lines: list[ImportLine]
    lines_left: int


class InWords(TypedDict):
    en: str
    de: str


class Insight(TypedDict):
    id: str
    kind: InsightKind
    stands: InsightSentence
    earlier: list[InsightSentence]
    confidence: float
    impact: int
    expires_at_ms: int
    recommendation: Recommendation


class InsightSentence(TypedDict):
    text: str
    contact_id: str
    utterance_ids: list[str]
    at_ms: int


class KnownCustomer(TypedDict):
    customer_id: str
    contacts: int
    counts: dict[str, int]
    highest_impact: int
    made_at_ms: int


class KnownCustomers(TypedDict):
    data: list[KnownCustomer]
    next: str | None


class KnownMetric(TypedDict):
    name: str
    title: str
    note: str
    unit: str
    good: Literal['high', 'low', 'neither']
    dimensions: list[str]


class Metric(TypedDict):
    name: str
    title: str
    note: str
    unit: str
    good: Literal['high', 'low', 'neither']


class MetricFilter(TypedDict):
    dimension: str
    values: list[str]
    without: NotRequired[bool]


class MetricForm(TypedDict):
    metric: str
    period: MetricPeriod
    dimensions: NotRequired[list[str]]
    filters: NotRequired[list[MetricFilter]]
    compare: NotRequired[Literal['nothing', 'previous', 'year']]
    highest: NotRequired[bool | None]
    limit: NotRequired[int]


class MetricPeriod(TypedDict):
    """Days in UTC, both included."""

    first: str
    last: str


class Metrics(TypedDict):
    data: list[KnownMetric]


class NewApiKey(TypedDict):
    id: str
    app: str
    role: Role
    scopes: list[str]
    teams: list[str]
    created_by: str
    created_at_ms: int
    expires_at_ms: int | None
    revoked_at_ms: int | None
    last_used_at_ms: int | None
    key: str


class NewWebhook(TypedDict):
    id: str
    url: str
    types: list[str]
    is_ordered: bool
    created_by: str
    created_at_ms: int
    failing_since_ms: int | None
    disabled: str | None
    secret: str


class Person(TypedDict):
    kind: IdentityKind
    value: str


class Place(TypedDict):
    contact_id: str
    id: str


class PlaybookChange(TypedDict):
    kind: str
    name: str
    how: str


class PlaybookDraft(TypedDict):
    id: str
    title: str
    version: int
    changed_by: str
    changed_at_ms: int
    text: str
    mistakes: list[PlaybookMistake]
    warnings: list[PlaybookMistake]
    changes: list[PlaybookChange]
    lines: list[str]
    is_overtaken: bool
    live: str


class PlaybookDraftRow(TypedDict):
    id: str
    title: str
    version: int
    changed_by: str
    changed_at_ms: int


class PlaybookDrafts(TypedDict):
    data: list[PlaybookDraftRow]


class PlaybookMistake(TypedDict):
    line: int
    column: int
    message: str


class PlaybookNow(TypedDict):
    book: str
    version_id: str | None
    published_by: str | None
    published_at_ms: int | None
    text: str | None
    sets: list[PlaybookSetCounts]


class PlaybookReplay(TypedDict):
    id: str
    draft_id: str
    draft_version: int
    live: str
    asked_by: str
    asked_at_ms: int
    since_ms: int
    until_ms: int
    contacts: int
    left_out: int
    expires_at_ms: int


class PlaybookReplayPage(TypedDict):
    id: str
    draft_id: str
    draft_version: int
    live: str
    asked_by: str
    asked_at_ms: int
    since_ms: int
    until_ms: int
    contacts: int
    left_out: int
    expires_at_ms: int
    data: list[ReplayedContact]
    unplayed: list[str]
    next: str | None


class PlaybookSetCounts(TypedDict):
    name: str
    moments: int
    actions: int
    items: int


class PlaybookVersion(TypedDict):
    id: str
    book: str
    published_by: str
    published_at_ms: int
    note: str | None
    has_text: bool


class PlaybookVersionText(TypedDict):
    id: str
    book: str
    published_by: str
    published_at_ms: int
    note: str | None
    has_text: bool
    text: str | None
    changes: list[PlaybookChange]
    lines: list[str]


class PlaybookVersions(TypedDict):
    data: list[PlaybookVersion]
    next: str | None


class PrivateWords(TypedDict):
    kind: str
    start_char: int | None
    end_char: int | None
    start_ms: int | None
    end_ms: int | None


class ProblemBody(TypedDict):
    """application/problem+json, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[WrongField]]


class QuotedSentence(TypedDict):
    text: str
    contact_id: str
    utterance_id: str
    speaker: Speaker
    at_ms: int


class RankedDisposition(TypedDict):
    code: str
    title: str
    confidence: float | None
    utterance_ids: list[str]


class Recommendation(TypedDict):
    action: Act
    text: str
    priority: Literal['high', 'medium', 'low']


class Recording(TypedDict):
    id: str
    state: RecordingState
    why: str | None
    duration_ms: int | None
    channels: int | None
    begins_ms: int | None
    peaks: list[str]
    beeped: list[BeepedPart]
    url: str | None
    expires_at_ms: int | None


class Recordings(TypedDict):
    data: list[Recording]


class Refused(TypedDict):
    reason: str
    ask: list[str]


class Released(TypedDict):
    erasure_id: str | None


class ReplayFired(TypedDict):
    kind: str
    name: str
    title: str
    at_ms: int
    utterance_id: str | None
    side: str


class Replayed(TypedDict):
    messages: int
    goes_on_at_ms: int | None


class ReplayedContact(TypedDict):
    contact_id: str
    started_at_ms: int | None
    may_open: bool
    skipped: str | None
    noted: int
    found_again: int
    undecidable: list[str]
    is_thinned: bool
    fired: list[ReplayFired]


class SavedDraft(TypedDict):
    version: int
    title: str
    text: str
    on_live: NotRequired[bool]


class Scorecard(TypedDict):
    form: str
    title: str
    stands: Evaluation | None
    versions: list[Evaluation]
    appeal: Appeal | None
    acknowledged_at_ms: int | None


class Scorecards(TypedDict):
    data: list[Scorecard]


class SearchResult(TypedDict):
    data: list[FoundMoment]
    candidates: int
    may_miss: bool
    by_meaning: bool


class SharedMoment(TypedDict):
    contact_id: str
    id: str
    sharer: str
    sharer_name: str
    agent: str
    team: str | None
    comment: str
    from_ms: int
    until_ms: int
    annotation_id: str | None
    moment: str | None
    shared_at_ms: int
    acknowledged_at_ms: int | None
    answer: str | None


class SharedMomentWithWords(TypedDict):
    contact_id: str
    id: str
    sharer: str
    sharer_name: str
    agent: str
    team: str | None
    comment: str
    from_ms: int
    until_ms: int
    annotation_id: str | None
    moment: str | None
    shared_at_ms: int
    acknowledged_at_ms: int | None
    answer: str | None
    utterances: list[Utterance]


class SharedMoments(TypedDict):
    data: list[SharedMoment]
    next: str | None


class SharedMomentsOfContact(TypedDict):
    data: list[SharedMomentWithWords]


class ShownToPerson(TypedDict):
    name: str
    texts: list[str]


class Summary(TypedDict):
    lines: list[SummaryLine]
    origin: Origin
    model: str
    made_at_ms: int
    through_seq: int
    version: int
    edited_by: str | None


class SummaryLine(TypedDict):
    part: SummaryPart
    text: str
    utterance_ids: list[str]
    owner: str | None
    due: str | None


class Transcript(TypedDict):
    data: list[Utterance]
    next: str | None


class Usage(TypedDict):
    month: str
    usd: float
    budgets: list[BudgetStanding]
    data: list[UsedOnDay]


class UsedOnDay(TypedDict):
    day: str
    feature: str
    model: str
    agent: str | None
    calls: int
    prompt_tokens: int
    completion_tokens: int
    usd: float


class Utterance(TypedDict):
    id: str
    seq: int
    speaker: Speaker
    start_ms: int
    end_ms: int
    text: str
    confidence: float | None
    private: list[PrivateWords]


class Wait(TypedDict):
    from_ms: int
    until_ms: int | None
    is_hold: bool


class WantedAcknowledgement(TypedDict):
    share_id: str
    answer: NotRequired[str]


class WantedAnswer(TypedDict):
    question: str


class WantedChange(TypedDict):
    kind: GapKind
    version: int


class WantedDecision(TypedDict):
    step: str
    choice: str
    reason: NotRequired[str]


class WantedDisposition(TypedDict):
    code: str


class WantedDraft(TypedDict):
    title: str
    text: NotRequired[str | None]
    from_version: NotRequired[str | None]


class WantedErasure(TypedDict):
    person: Person


class WantedExport(TypedDict):
    person: Person


class WantedFeedback(TypedDict):
    annotation_id: str
    action: Literal['acknowledge', 'dismiss', 'restore', 'rate']
    rating: NotRequired[Literal['up', 'down'] | None]
    reason: NotRequired[str | None]


class WantedFork(TypedDict):
    step: str


class WantedHold(TypedDict):
    person: Person
    matter: str


class WantedImport(TypedDict):
    object: str
    source: NotRequired[str | None]


class WantedInsights(TypedDict):
    person: Person


class WantedIntent(TypedDict):
    kind: GapKind
    version: int
    name: str
    chosen: NotRequired[list[Place]]


class WantedKey(TypedDict):
    app: str
    role: Role
    scopes: list[str]
    teams: NotRequired[list[str]]
    expires_in_days: NotRequired[int | None]


class WantedMerge(TypedDict):
    kind: GapKind
    version: int
    into: str
    into_group: NotRequired[bool]
    chosen: NotRequired[list[Place]]


class WantedPublication(TypedDict):
    version: int
    note: NotRequired[str]


class WantedQuestion(TypedDict):
    question: str


class WantedRelease(TypedDict):
    person: Person


class WantedRoll(TypedDict):
    overlap_hours: NotRequired[int]


class WantedRotation(TypedDict):
    algorithm: NotRequired[Algorithm]


class WantedRun(TypedDict):
    workflow: str
    contact_id: str


class WantedSearch(TypedDict):
    text: str
    agents: NotRequired[list[str]]
    teams: NotRequired[list[str]]
    queues: NotRequired[list[str]]
    languages: NotRequired[list[str]]
    dispositions: NotRequired[list[str]]
    moments: NotRequired[list[str]]
    speakers: NotRequired[list[Literal['customer', 'agent', 'system']]]
    contact_id: NotRequired[str | None]
    kind: NotRequired[Literal['utterance', 'summary'] | None]
    since_ms: NotRequired[int | None]
    until_ms: NotRequired[int | None]
    limit: NotRequired[int]


class WantedShare(TypedDict):
    from_ms: int
    until_ms: int
    comment: str
    annotation_id: NotRequired[str | None]


class WantedWebhook(TypedDict):
    url: str
    types: list[str]
    algorithm: NotRequired[Algorithm]
    is_ordered: NotRequired[bool]


class Webhook(TypedDict):
    id: str
    url: str
    types: list[str]
    is_ordered: bool
    created_by: str
    created_at_ms: int
    failing_since_ms: int | None
    disabled: str | None


class Webhooks(TypedDict):
    data: list[Webhook]


class WorkflowChoice(TypedDict):
    id: str
    title: InWords


class WorkflowDefinition(TypedDict):
    name: str
    title: InWords
    about: InWords
    starts_on: list[str]
    steps: list[str]
    is_on: bool
    acts_alone: list[str]


class WorkflowDefinitions(TypedDict):
    data: list[WorkflowDefinition]


class WorkflowRow(TypedDict):
    id: str
    contact_id: str
    workflow: str
    title: InWords
    state: sotto__workflows__run__RunState
    started_at_ms: int
    agent: str | None
    team: str | None
    waits_since_ms: int | None


class WorkflowRun(TypedDict):
    id: str
    contact_id: str
    workflow: str
    title: InWords
    state: sotto__workflows__run__RunState
    started_by: str
    started_at_ms: int
    changed_at_ms: int
    forked_from: str | None
    steps: list[WorkflowStep]
    waiting: HandOff | None


class WorkflowRuns(TypedDict):
    data: list[WorkflowRow]
    next: str | None


class WorkflowStep(TypedDict):
    key: str
    kind: str
    state: StepState
    at_ms: int
    until_ms: int | None
    by: str | None
    reason: str | None
    choice: str | None
    origin: str | None
    texts: list[str]


class WrongField(TypedDict):
    field: str
    detail: str


class sotto__api__rest__routes__playbook__models__WantedReplay(TypedDict):
    version: int
    since_ms: int
    until_ms: int
    most: NotRequired[int]


class sotto__api__rest__routes__webhooks__WantedReplay(TypedDict):
    since_ms: int
    until_ms: int
    missing_only: NotRequired[bool]
