/** What is sent and answered. */

// Made by python -m sdks out of docs/openapi.json.

/** What an insight recommends. */
export type Act = "keep_promise" | "call_back" | "await" | "resolve" | "win_back" | "find_cause" | "offer" | "respect";

export type Algorithm = "hmac" | "ed25519";

export interface Annotation {
  id: string;
  seq: number;
  kind: AnnotationKind;
  name: string;
  /** Milliseconds since the call began. */
  at_ms: number;
  utterance_id: string | null;
  severity: string;
  title: string;
  text: string;
  reply: string | null;
  citations: Citation[];
  evidence: Evidence[];
  confidence: number | null;
  model: string | null;
  policy: string | null;
  playbook: string | null;
}

export type AnnotationKind = "moment" | "action";

export interface Annotations {
  data: Annotation[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

/** How the question was understood: ask for it again with POST /v1/metrics/query, as it is or changed. */
export interface AnsweredForm {
  metric: string;
  period: MetricPeriod;
  dimensions: string[];
  filters: MetricFilter[];
  compare: "nothing" | "previous" | "week" | "year";
  highest: boolean | null;
  limit: number;
}

export interface AnsweredQuestion {
  form: AnsweredForm | null;
  figures: Figures | null;
  /** Why it was not understood; then nothing is counted. */
  refused: Refused | null;
}

export interface ApiKeyShown {
  id: string;
  app: string;
  role: Role;
  scopes: string[];
  teams: string[];
  created_by: string;
  /** Milliseconds since the Unix epoch. */
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  /** To the hour. */
  last_used_at_ms: number | null;
}

export interface ApiKeys {
  data: ApiKeyShown[];
}

export interface Appeal {
  form: string;
  version: number;
  by: string;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
  questions: string[];
  reason: string;
  decided_version: number | null;
}

export interface Article {
  id: string;
  title: string;
  text: string;
  source: string;
  date: string;
}

export interface AuditEntries {
  data: AuditEntry[];
}

export interface AuditEntry {
  who: string;
  action: string;
  /** Its kind and id; never what it says. */
  record: string;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
}

export interface BeepedPart {
  from_ms: number;
  until_ms: number;
}

export interface Behind {
  /** Ids of conversations, the latest first. */
  data: string[];
}

export interface BehindForm {
  metric: string;
  period: MetricPeriod;
  dimensions?: string[] | undefined;
  filters?: MetricFilter[] | undefined;
  /** With which other period. */
  compare?: "nothing" | "previous" | "year" | undefined;
  /** The highest first, or the lowest (false). */
  highest?: boolean | null | undefined;
  limit?: number | undefined;
  most?: number | undefined;
}

export interface Book {
  /** Made from the content: equal books have equal versions. */
  version: string;
  title: string;
  language: string;
  teams: BookTeam[];
  policies: string[];
  playbooks: string[];
  forms: string[];
  articles: string[];
}

export interface BookDocuments {
  version: string;
  /** As they are published. */
  data: Record<string, unknown>[];
}

export interface BookTeam {
  name: string;
  title: string;
}

export interface BudgetStanding {
  /** Null: of all. */
  feature: string | null;
  /** Null: of all. */
  model: string | null;
  /** Null: of all. */
  agent: string | null;
  limit_usd: number;
  spent_usd: number;
  /** Held for texts that are being written. */
  reserved_usd: number;
  /** Came after it had been given up, and fitted no more. */
  late_usd: number;
  /** The last alarm that was given. */
  alarmed_percent: 0 | 50 | 80 | 100;
  /** What happens when it is spent. */
  then: Then;
}

/** What was deleted, signed by the cell's key. */
export interface Certificate {
  request_id: string;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  /** Milliseconds since the Unix epoch. */
  finished_at_ms: number;
  contacts: number;
  counts: Record<string, number>;
  remaining: number;
  key_id: string;
  algorithm: string;
  signature: string;
}

/** By what customer and company talk, as Connect tells contacts apart. */
export type Channel = "voice" | "chat";

export interface Checklist {
  data: ChecklistItem[];
}

export interface ChecklistItem {
  checklist: string;
  name: string;
  title: string;
  state: string;
  done_by: string | null;
}

export interface Citation {
  article: string;
  title: string;
  quote: string;
  source: string | null;
  date: string | null;
}

export interface Contact {
  contact_id: string;
  conversation_id: string;
  /** Milliseconds since the Unix epoch. */
  media_started_at_ms: number;
  initiation_method: string;
  language: string;
  queue: string | null;
  agent: string | null;
  agent_name: string | null;
  team: string | null;
  status: string;
  version: number;
  /** While no agent was there, or the customer was on hold. */
  waits: Wait[];
  /** What expand asked for. */
  expanded: ExpandedContact | null;
}

export interface Conversation {
  conversation_id: string;
  /** Milliseconds since the Unix epoch. */
  started_at_ms: number;
  ended_at_ms: number | null;
  duration_ms: number | null;
  /** The lowest of its contacts', in percent. */
  score: number | null;
  contacts: ConversationContact[];
}

/** One leg of a conversation: a transfer opens another. */
export interface ConversationContact {
  contact_id: string;
  /** Milliseconds since the Unix epoch. */
  started_at_ms: number;
  ended_at_ms: number | null;
  is_over: boolean;
  language: string;
  channel: "VOICE" | "CHAT";
  queue: string | null;
  agent: string | null;
  agent_name: string | null;
  team: string | null;
  /** Its first line. */
  summary: string | null;
  disposition: string | null;
  /** Whether a person chose the disposition. */
  is_chosen: boolean;
  scores: FormScore[];
  moments: string[];
  is_erased: boolean;
}

export interface Conversations {
  data: Conversation[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface CustomerAnswer {
  /** Without what is private. */
  question: string;
  answered: boolean;
  /** Where nothing answers it. */
  note: "not in these conversations" | null;
  conversations: number;
  /** The best first, in the words that were spoken. */
  data: CustomerAnswerPart[];
}

export interface CustomerAnswerPart {
  text: string;
  contact_id: string;
  utterance_id: string;
  speaker: Speaker;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
  /** What was said of it before; the newest holds. */
  earlier: QuotedSentence[];
}

export interface CustomerInsights {
  customer_id: string;
  /** How many were looked at of those that you may see. */
  conversations: number;
  /** Milliseconds since the Unix epoch. */
  made_at_ms: number;
  /** What matters most first. */
  data: Insight[];
}

export interface Disposition {
  ranked: RankedDisposition[];
  suggested: string | null;
  choice: DispositionChoice | null;
}

export interface DispositionChoice {
  code: string;
  title: string;
  agent: string;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
}

export interface DispositionCode {
  code: string;
  title: string;
}

export interface Dispositions {
  version: string;
  data: DispositionCode[];
}

export interface Erasure {
  id: string;
  asked_by: string;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  /** What kind of identity was asked for, never which. */
  by: IdentityKind;
  /** How many were found. */
  contacts: number;
}

export interface Evaluation {
  form: string;
  version: number;
  kind: string;
  by: string;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
  percentage: number | null;
  has_failed: boolean;
  /** The share of questions that were answered. */
  determined: number;
  answers: EvaluationAnswer[];
}

export interface EvaluationAnswer {
  question: string;
  standing: string;
  value: string | null;
  how: string;
  confidence: number | null;
  /** What it rests on. */
  utterance_ids: string[];
  from_ms: number | null;
  to_ms: number | null;
  reason: string | null;
}

export interface Evidence {
  utterance_id: string;
  start_char: number | null;
  end_char: number | null;
}

/** Null: it was not asked for, or there is none yet. */
export interface ExpandedContact {
  summary: Summary | null;
  disposition: Disposition | null;
  checklist: ChecklistItem[] | null;
  feedback: Feedback[] | null;
}

export interface Export {
  id: string;
  asked_by: string;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  /** What kind of identity was asked for, never which. */
  by: IdentityKind;
  /** How many were found. */
  contacts: number;
  /** Milliseconds since the Unix epoch. */
  expires_at_ms: number;
}

export interface ExportPage {
  id: string;
  asked_by: string;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  /** What kind of identity was asked for, never which. */
  by: IdentityKind;
  /** How many were found. */
  contacts: number;
  /** Milliseconds since the Unix epoch. */
  expires_at_ms: number;
  format: string;
  /** One for each contact, as it is kept now. */
  data: Record<string, unknown>[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface Feedback {
  contact_id: string;
  annotation_id: string;
  acknowledged_at_ms: number | null;
  dismissed_at_ms: number | null;
  rated_at_ms: number | null;
  rating: "up" | "down" | null;
  reason: string | null;
}

export interface FeedbackList {
  data: Feedback[];
}

export interface Figure {
  /** A value for each dimension. */
  key: (string | null)[];
  value: number | null;
  /** How many rows it rests on. */
  counted: number;
  before: number | null;
}

export interface Figures {
  metric: Metric;
  total: Figure;
  figures: Figure[];
  /** What the figures must not be read without. */
  notes: string[];
  synthetic: boolean;
  missing: string[];
  /** A specification of Vega-Lite 6. */
  chart: Record<string, unknown>;
}

/** Of the object that is imported. */
export type Form = "manifest" | "vcon" | "recording";

export interface FormScore {
  form: string;
  percentage: number | null;
}

export interface FoundMoment {
  contact_id: string;
  conversation_id: string;
  kind: "utterance" | "summary";
  utterance_id: string | null;
  speaker: string | null;
  start_ms: number | null;
  end_ms: number | null;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
  text: string;
  highlights: Highlight[];
  agent: string | null;
  team: string | null;
  queue: string | null;
  disposition: string | null;
  moments: string[];
  score: number | null;
  /** What was said beside it, where that is what fits. */
  beside: FoundMoment | null;
}

export interface GapExample {
  contact_id: string;
  id: string;
  /** Redacted. */
  text: string;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
}

export interface GapGroup {
  id: string;
  kind: GapKind;
  /** What at least three calls of it share, the most telling first. */
  phrases: string[];
  /** When it was grouped. */
  members: number;
  calls: number;
  /** Intent or article. */
  nearest: string | null;
  /** Its likeness, from -1 to 1. */
  near: number;
  state: GroupState;
  /** The intent or article that it became, or is. */
  label: string | null;
  /** The group that it was merged into. */
  into: string | null;
  who: string | null;
  /** Milliseconds since the Unix epoch. */
  made_at_ms: number;
  changed_at_ms: number | null;
  version: number;
}

export interface GapGroupWithExamples {
  id: string;
  kind: GapKind;
  /** What at least three calls of it share, the most telling first. */
  phrases: string[];
  /** When it was grouped. */
  members: number;
  calls: number;
  /** Intent or article. */
  nearest: string | null;
  /** Its likeness, from -1 to 1. */
  near: number;
  state: GroupState;
  /** The intent or article that it became, or is. */
  label: string | null;
  /** The group that it was merged into. */
  into: string | null;
  who: string | null;
  /** Milliseconds since the Unix epoch. */
  made_at_ms: number;
  changed_at_ms: number | null;
  version: number;
  /** The latest, at most 50. */
  examples: GapExample[];
}

export interface GapGroups {
  data: GapGroup[];
}

export type GapKind = "intent" | "article";

export type GroupState = "open" | "accepted" | "merged" | "ignored";

export interface HandOff {
  /** To send with the decision. */
  step: string;
  title: InWords;
  choices: WorkflowChoice[];
  /** Milliseconds since the Unix epoch. */
  since_ms: number;
  /** Milliseconds since the Unix epoch. */
  until_ms: number;
  shown: ShownToPerson[];
}

export interface Highlight {
  start_char: number;
  end_char: number;
}

export interface Hold {
  contact_id: string;
  matter: string;
  placed_by: string;
  /** Milliseconds since the Unix epoch. */
  placed_at_ms: number;
}

export interface Holds {
  data: Hold[];
}

export type IdentityKind = "contact" | "phone" | "email" | "customer_id";

export interface ImportLine {
  /** Of the manifest, from 1; 0 of a recording or vCon on its own. */
  line: number;
  reason: Reason;
  /** Which is wrong, where it is one. */
  field: string;
}

export interface ImportRow {
  id: string;
  source: string;
  form: Form;
  state: sotto__imports__run__RunState;
  /** How often it was started. */
  attempt: number;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  ended_at_ms: number | null;
  /** Why nothing of it could be read. */
  reason: Reason | null;
}

export interface ImportRows {
  data: ImportRow[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface ImportStatus {
  id: string;
  source: string;
  form: Form;
  state: sotto__imports__run__RunState;
  /** How often it was started. */
  attempt: number;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  ended_at_ms: number | null;
  /** Why nothing of it could be read. */
  reason: Reason | null;
  /** Conversations that are known of; all of them once it is running. */
  items: number;
  waiting: number;
  done: number;
  /** Imported before. */
  known: number;
  /** They may not be kept. */
  skipped: number;
  failed: number;
  /** Of the conversations that are done. */
  seconds: number;
  /** An estimate; null where nothing is known yet. */
  left_ms: number | null;
  /** Of which something is to be said; the first 200. */
  lines: ImportLine[];
  /** How many more there are. */
  lines_left: number;
}

export interface InWords {
  en: string;
  de: string;
}

export interface Insight {
  id: string;
  kind: InsightKind;
  /** What holds now: the newest that was said of it. */
  stands: InsightSentence;
  /** What it was before, the newest first. */
  earlier: InsightSentence[];
  confidence: number;
  impact: number;
  /** Milliseconds since the Unix epoch. */
  expires_at_ms: number;
  recommendation: Recommendation;
}

export type InsightKind = "need" | "risk" | "opportunity" | "promise" | "preference";

export interface InsightSentence {
  text: string;
  contact_id: string;
  /** What it rests on; one at least. */
  utterance_ids: string[];
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
}

export interface KnownCustomer {
  customer_id: string;
  contacts: number;
  /** When they were made. */
  counts: Record<string, number>;
  highest_impact: number;
  /** Milliseconds since the Unix epoch. */
  made_at_ms: number;
}

export interface KnownCustomers {
  data: KnownCustomer[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface KnownMetric {
  name: string;
  title: string;
  note: string;
  unit: string;
  good: "high" | "low" | "neither";
  dimensions: string[];
}

export interface Metric {
  name: string;
  title: string;
  note: string;
  unit: string;
  good: "high" | "low" | "neither";
}

export interface MetricFilter {
  dimension: string;
  values: string[];
  /** All others instead. */
  without?: boolean | undefined;
}

export interface MetricForm {
  metric: string;
  period: MetricPeriod;
  dimensions?: string[] | undefined;
  filters?: MetricFilter[] | undefined;
  /** With which other period. */
  compare?: "nothing" | "previous" | "year" | undefined;
  /** The highest first, or the lowest (false). */
  highest?: boolean | null | undefined;
  limit?: number | undefined;
}

/** Days in UTC, both included. */
export interface MetricPeriod {
  first: string;
  last: string;
}

export interface Metrics {
  data: KnownMetric[];
}

export interface NewApiKey {
  id: string;
  app: string;
  role: Role;
  scopes: string[];
  teams: string[];
  created_by: string;
  /** Milliseconds since the Unix epoch. */
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  /** To the hour. */
  last_used_at_ms: number | null;
  /** Shown now, and never again. */
  key: string;
}

export interface NewWebhook {
  id: string;
  url: string;
  types: string[];
  /** Events of one contact follow each other. */
  is_ordered: boolean;
  created_by: string;
  /** Milliseconds since the Unix epoch. */
  created_at_ms: number;
  failing_since_ms: number | null;
  /** Why nothing is sent to it. */
  disabled: string | null;
  /** whsec_ or whpk_: what to verify with; shown now, and never again. */
  secret: string;
}

/** ``MODEL``: a model's own words, checked against what was said. ``QUOTED``: words of the call and of the playbook as they stand; no model wrote anything. ``EDITED``: as an agent left it, whoever made it before. */
export type Origin = "model" | "quoted" | "edited";

export interface Person {
  kind: IdentityKind;
  value: string;
}

export interface Place {
  contact_id: string;
  id: string;
}

export interface PlaybookChange {
  kind: string;
  name: string;
  how: string;
}

export interface PlaybookDraft {
  id: string;
  title: string;
  version: number;
  changed_by: string;
  /** Milliseconds since the Unix epoch. */
  changed_at_ms: number;
  text: string;
  /** With any, it is neither replayed nor published. */
  mistakes: PlaybookMistake[];
  warnings: PlaybookMistake[];
  /** Of what is live. */
  changes: PlaybookChange[];
  /** Of what is live: a unified diff. */
  lines: string[];
  /** Something else is live than what it was begun from. */
  is_overtaken: boolean;
  live: string;
}

export interface PlaybookDraftRow {
  id: string;
  title: string;
  version: number;
  changed_by: string;
  /** Milliseconds since the Unix epoch. */
  changed_at_ms: number;
}

export interface PlaybookDrafts {
  data: PlaybookDraftRow[];
}

export interface PlaybookMistake {
  line: number;
  column: number;
  message: string;
}

export interface PlaybookNow {
  /** Version of the book that it is part of. */
  book: string;
  version_id: string | null;
  published_by: string | null;
  published_at_ms: number | null;
  /** Null where an earlier release published it and kept none. */
  text: string | null;
  sets: PlaybookSetCounts[];
}

export interface PlaybookReplay {
  id: string;
  draft_id: string;
  draft_version: number;
  live: string;
  asked_by: string;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  /** Milliseconds since the Unix epoch. */
  since_ms: number;
  /** Milliseconds since the Unix epoch. */
  until_ms: number;
  /** Over how many calls it goes. */
  contacts: number;
  /** How many more the period had. */
  left_out: number;
  /** Milliseconds since the Unix epoch. */
  expires_at_ms: number;
}

export interface PlaybookReplayPage {
  id: string;
  draft_id: string;
  draft_version: number;
  live: string;
  asked_by: string;
  /** Milliseconds since the Unix epoch. */
  asked_at_ms: number;
  /** Milliseconds since the Unix epoch. */
  since_ms: number;
  /** Milliseconds since the Unix epoch. */
  until_ms: number;
  /** Over how many calls it goes. */
  contacts: number;
  /** How many more the period had. */
  left_out: number;
  /** Milliseconds since the Unix epoch. */
  expires_at_ms: number;
  data: ReplayedContact[];
  /** Actions that show answers: what was found is not kept. */
  unplayed: string[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface PlaybookSetCounts {
  name: string;
  moments: number;
  actions: number;
  items: number;
}

export interface PlaybookVersion {
  id: string;
  book: string;
  published_by: string;
  /** Milliseconds since the Unix epoch. */
  published_at_ms: number;
  note: string | null;
  has_text: boolean;
}

export interface PlaybookVersionText {
  id: string;
  book: string;
  published_by: string;
  /** Milliseconds since the Unix epoch. */
  published_at_ms: number;
  note: string | null;
  has_text: boolean;
  text: string | null;
  changes: PlaybookChange[];
  lines: string[];
}

export interface PlaybookVersions {
  data: PlaybookVersion[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface PrivateWords {
  kind: string;
  start_char: number | null;
  end_char: number | null;
  start_ms: number | null;
  end_ms: number | null;
}

/** application/problem+json, RFC 9457. */
export interface ProblemBody {
  /** Names the kind of problem; stable. */
  type: string;
  title: string;
  status: number;
  /** What to do about it. */
  detail: string;
  errors?: WrongField[] | undefined;
}

export interface QuotedSentence {
  text: string;
  contact_id: string;
  utterance_id: string;
  speaker: Speaker;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
}

export interface RankedDisposition {
  code: string;
  title: string;
  confidence: number | null;
  utterance_ids: string[];
}

/** Why an item is not imported, or what of it is missing; words that may be logged and shown. */
export type Reason = "not_json" | "wrong_fields" | "line_too_long" | "twice" | "in_the_future" | "language_unknown" | "missing" | "no_access" | "changed" | "empty" | "not_audio" | "encrypted" | "too_many_channels" | "one_channel" | "too_long" | "cut_off" | "not_a_vcon" | "signed" | "elsewhere" | "no_words" | "models_silent" | "agent_unknown" | "no_consent" | "refused" | "erased" | "another_lives" | "keeps_failing";

export interface Recommendation {
  action: Act;
  text: string;
  priority: "high" | "medium" | "low";
}

export interface Recording {
  id: string;
  state: RecordingState;
  why: string | null;
  duration_ms: number | null;
  channels: number | null;
  /** Of the call's time, when the recording begins. */
  begins_ms: number | null;
  /** By channel: how loud each of its equal parts is, a byte each; base64. */
  peaks: string[];
  /** What is covered by a tone. */
  beeped: BeepedPart[];
  /** Opens the redacted recording, for whoever has it, until it expires. */
  url: string | null;
  expires_at_ms: number | null;
}

/** ``NONE``: Connect recorded nothing. ``AVAILABLE``: Connect has one, and nothing came of it yet. ``REDACTED``: proven and published. ``QUARANTINED``: it could not be proven that nothing private is audible, so nothing is published. ``FAILED``: it cannot be read, or is no recording of ours to redact. */
export type RecordingState = "none" | "available" | "redacted" | "quarantined" | "failed";

export interface Recordings {
  data: Recording[];
}

export interface Refused {
  reason: string;
  /** What can be asked instead. */
  ask: string[];
}

export interface Released {
  /** Of the erasure that was asked for meanwhile and is now due. */
  erasure_id: string | null;
}

export interface ReplayFired {
  kind: string;
  name: string;
  title: string;
  /** Call time. */
  at_ms: number;
  utterance_id: string | null;
  /** both; live: would be lost; draft: would be new. */
  side: string;
}

export interface Replayed {
  messages: number;
  /** There was more: replay from here. */
  goes_on_at_ms: number | null;
}

export interface ReplayedContact {
  contact_id: string;
  started_at_ms: number | null;
  /** Whether you may read the call's words. */
  may_open: boolean;
  /** erased or no_words: why it was not played. */
  skipped: string | null;
  /** Moments that are stored of it. */
  noted: number;
  /** How many of them the live playbook gives over what is stored. */
  found_again: number;
  /** What rests on a label that no model was asked for then. */
  undecidable: string[];
  is_thinned: boolean;
  fired: ReplayFired[];
}

export type Role = "agent" | "supervisor" | "quality" | "coach" | "analyst" | "author" | "admin" | "auditor" | "privacy_officer";

export interface SavedDraft {
  /** As you read it: what was saved since is not overwritten. */
  version: number;
  title: string;
  /** YAML, as docs/playbook.md says. */
  text: string;
  /** You have seen what is live now, and go on from there. */
  on_live?: boolean | undefined;
}

export interface Scorecard {
  form: string;
  title: string;
  /** The evaluation that counts. */
  stands: Evaluation | null;
  versions: Evaluation[];
  appeal: Appeal | null;
  acknowledged_at_ms: number | null;
}

export interface Scorecards {
  data: Scorecard[];
}

export interface SearchResult {
  /** The best first. */
  data: FoundMoment[];
  candidates: number;
  /** There was more than could be looked at; narrow the search. */
  may_miss: boolean;
  /** False: only words were compared just now. */
  by_meaning: boolean;
}

export interface SharedMoment {
  contact_id: string;
  id: string;
  sharer: string;
  /** As people call them. */
  sharer_name: string;
  /** Whose call it was, and for whom it is. */
  agent: string;
  team: string | null;
  /** Redacted, as answer is. */
  comment: string;
  /** Of the call's time, as until_ms. */
  from_ms: number;
  until_ms: number;
  annotation_id: string | null;
  /** What was noticed there, where that is what is shared. */
  moment: string | null;
  /** Milliseconds since the Unix epoch. */
  shared_at_ms: number;
  acknowledged_at_ms: number | null;
  answer: string | null;
}

export interface SharedMomentWithWords {
  contact_id: string;
  id: string;
  sharer: string;
  /** As people call them. */
  sharer_name: string;
  /** Whose call it was, and for whom it is. */
  agent: string;
  team: string | null;
  /** Redacted, as answer is. */
  comment: string;
  /** Of the call's time, as until_ms. */
  from_ms: number;
  until_ms: number;
  annotation_id: string | null;
  /** What was noticed there, where that is what is shared. */
  moment: string | null;
  /** Milliseconds since the Unix epoch. */
  shared_at_ms: number;
  acknowledged_at_ms: number | null;
  answer: string | null;
  /** The words of that stretch, redacted. */
  utterances: Utterance[];
}

export interface SharedMoments {
  data: SharedMoment[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface SharedMomentsOfContact {
  data: SharedMomentWithWords[];
}

export interface ShownToPerson {
  name: string;
  texts: string[];
}

export type SortBy = "started" | "duration" | "score";

/** Who speaks. AUDIO_FROM_CUSTOMER carries the customer; AUDIO_TO_CUSTOMER what the customer hears: the agent, and before and between agents the system (menus, prompts, hold music). */
export type Speaker = "customer" | "agent" | "system";

export type StepState = "open" | "done" | "failed" | "declined";

export interface Summary {
  lines: SummaryLine[];
  origin: Origin;
  model: string;
  /** Milliseconds since the Unix epoch. */
  made_at_ms: number;
  /** Of the last utterance that it is about. */
  through_seq: number;
  version: number;
  edited_by: string | null;
}

export interface SummaryLine {
  part: SummaryPart;
  text: string;
  /** What it rests on. */
  utterance_ids: string[];
  owner: string | null;
  due: string | null;
}

/** The kind of a summary's line. ``OVERVIEW`` is a model's sentence; the others are quoted. */
export type SummaryPart = "overview" | "reason" | "fact" | "tried" | "sentiment" | "promise" | "request" | "moment" | "done" | "outcome" | "open" | "missed";

/** What happens when a budget holds no further text. */
export type Then = "smaller" | "extractive" | "off";

export interface Transcript {
  data: Utterance[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface Usage {
  /** By UTC. */
  month: string;
  usd: number;
  budgets: BudgetStanding[];
  data: UsedOnDay[];
}

export interface UsedOnDay {
  day: string;
  feature: string;
  model: string;
  agent: string | null;
  calls: number;
  prompt_tokens: number;
  completion_tokens: number;
  usd: number;
}

export interface Utterance {
  id: string;
  seq: number;
  speaker: Speaker;
  /** Milliseconds since the call began. */
  start_ms: number;
  /** Milliseconds since the call began. */
  end_ms: number;
  /** Redacted. */
  text: string;
  confidence: number | null;
  /** What was redacted, and where it stood. */
  private: PrivateWords[];
}

export interface Wait {
  /** Milliseconds since the call began. */
  from_ms: number;
  until_ms: number | null;
  is_hold: boolean;
}

export interface WantedAcknowledgement {
  share_id: string;
  answer?: string | undefined;
}

export interface WantedAnswer {
  question: string;
}

export interface WantedChange {
  kind: GapKind;
  /** Of the group, as it was read. */
  version: number;
}

export interface WantedDecision {
  step: string;
  choice: string;
  reason?: string | undefined;
}

export interface WantedDisposition {
  code: string;
}

export interface WantedDraft {
  title: string;
  /** Without it and from_version, what is live. */
  text?: string | null | undefined;
  /** Begin with an earlier version. */
  from_version?: string | null | undefined;
}

export interface WantedErasure {
  person: Person;
}

export interface WantedExport {
  person: Person;
}

export interface WantedFeedback {
  annotation_id: string;
  action: "acknowledge" | "dismiss" | "restore" | "rate";
  /** With the action rate, and only with it. */
  rating?: "up" | "down" | null | undefined;
  reason?: string | null | undefined;
}

export interface WantedFork {
  /** It is done anew, and all after it. */
  step: string;
}

export interface WantedHold {
  person: Person;
  matter: string;
}

export interface WantedImport {
  /** A manifest (.jsonl), vCon or recording, below the prefix of the source. */
  object: string;
  /** May be left out where the tenant has one. */
  source?: string | null | undefined;
}

export interface WantedInsights {
  person: Person;
}

export interface WantedIntent {
  kind: GapKind;
  /** Of the group, as it was read. */
  version: number;
  /** Of the intent, or the title of an article to write. */
  name: string;
  /** Its examples; all that are shown where none are given. */
  chosen?: Place[] | undefined;
}

export interface WantedKey {
  app: string;
  role: Role;
  scopes: string[];
  teams?: string[] | undefined;
  expires_in_days?: number | null | undefined;
}

export interface WantedMerge {
  kind: GapKind;
  /** Of the group, as it was read. */
  version: number;
  /** An intent, an article, or with `into_group` another group's id. */
  into: string;
  into_group?: boolean | undefined;
  chosen?: Place[] | undefined;
}

export interface WantedPublication {
  version: number;
  note?: string | undefined;
}

export interface WantedQuestion {
  question: string;
}

export interface WantedRelease {
  person: Person;
}

export interface WantedRoll {
  overlap_hours?: number | undefined;
}

export interface WantedRotation {
  algorithm?: Algorithm | undefined;
}

export interface WantedRun {
  workflow: string;
  contact_id: string;
}

export interface WantedSearch {
  text: string;
  agents?: string[] | undefined;
  teams?: string[] | undefined;
  queues?: string[] | undefined;
  languages?: string[] | undefined;
  dispositions?: string[] | undefined;
  moments?: string[] | undefined;
  speakers?: ("customer" | "agent" | "system")[] | undefined;
  contact_id?: string | null | undefined;
  kind?: "utterance" | "summary" | null | undefined;
  since_ms?: number | null | undefined;
  until_ms?: number | null | undefined;
  limit?: number | undefined;
}

export interface WantedShare {
  /** Of the call's time. */
  from_ms: number;
  /** At most ten minutes later. */
  until_ms: number;
  comment: string;
  annotation_id?: string | null | undefined;
}

export interface WantedWebhook {
  url: string;
  types: string[];
  algorithm?: Algorithm | undefined;
  is_ordered?: boolean | undefined;
}

export interface Webhook {
  id: string;
  url: string;
  types: string[];
  /** Events of one contact follow each other. */
  is_ordered: boolean;
  created_by: string;
  /** Milliseconds since the Unix epoch. */
  created_at_ms: number;
  failing_since_ms: number | null;
  /** Why nothing is sent to it. */
  disabled: string | null;
}

export interface Webhooks {
  data: Webhook[];
}

export interface WorkflowChoice {
  id: string;
  title: InWords;
}

export interface WorkflowDefinition {
  name: string;
  title: InWords;
  about: InWords;
  /** Events that start it, once for each conversation. */
  starts_on: string[];
  steps: string[];
  /** Whether the tenant has turned it on for events. */
  is_on: boolean;
  acts_alone: string[];
}

export interface WorkflowDefinitions {
  data: WorkflowDefinition[];
}

export interface WorkflowRow {
  id: string;
  contact_id: string;
  workflow: string;
  title: InWords;
  state: sotto__workflows__run__RunState;
  /** Milliseconds since the Unix epoch. */
  started_at_ms: number;
  agent: string | null;
  team: string | null;
  /** For a person. */
  waits_since_ms: number | null;
}

export interface WorkflowRun {
  id: string;
  contact_id: string;
  workflow: string;
  title: InWords;
  state: sotto__workflows__run__RunState;
  started_by: string;
  /** Milliseconds since the Unix epoch. */
  started_at_ms: number;
  /** Milliseconds since the Unix epoch. */
  changed_at_ms: number;
  forked_from: string | null;
  steps: WorkflowStep[];
  /** What a person is asked. */
  waiting: HandOff | null;
}

export interface WorkflowRuns {
  data: WorkflowRow[];
  /** Write it as cursor to go on; null at the end. */
  next: string | null;
}

export interface WorkflowStep {
  /** Of the step in this run; each item of a map has its own. */
  key: string;
  kind: string;
  state: StepState;
  /** Milliseconds since the Unix epoch. */
  at_ms: number;
  until_ms: number | null;
  /** Who decided; null where the time was over. */
  by: string | null;
  /** In their words, or what failed. */
  reason: string | null;
  choice: string | null;
  /** Of an agent's text: model, quoted or none. */
  origin: string | null;
  texts: string[];
}

export interface WrongField {
  /** Where it stands: body.app, query.limit. */
  field: string;
  /** What to write instead. */
  detail: string;
}

export interface sotto__api__rest__routes__playbook__models__WantedReplay {
  version: number;
  since_ms: number;
  /** Not included. */
  until_ms: number;
  most?: number | undefined;
}

export interface sotto__api__rest__routes__webhooks__WantedReplay {
  since_ms: number;
  /** Not included; 30 days later at most. */
  until_ms: number;
  /** Only what was given up. */
  missing_only?: boolean | undefined;
}

export type sotto__imports__run__RunState = "reading" | "running" | "done" | "failed";

export type sotto__workflows__run__RunState = "running" | "sleeping" | "waiting" | "done" | "failed" | "cancelled";
