/** A method for each operation of the API. */

// Made by python -m sdks out of docs/openapi.json.

import { Carrier, type Options, segment } from "./carrier.js";
import type * as models from "./models.js";

export const VERSION = "2026-11-30";

/** Of `listAuditEntries`. */
export interface ListAuditEntriesQuery {
  since_ms: number;
  /** Not included. */
  until_ms: number;
  limit?: number | undefined;
}

/** Of `getContact`. */
export interface GetContactQuery {
  /** What is shown with it, instead of asking for each. */
  expand?: ("summary" | "disposition" | "checklist" | "feedback")[] | undefined;
}

/** Of `listAnnotations`. */
export interface ListAnnotationsQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `getTranscript`. */
export interface GetTranscriptQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `listConversations`. */
export interface ListConversationsQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
  agent?: string[] | undefined;
  team?: string[] | undefined;
  queue?: string[] | undefined;
  language?: string[] | undefined;
  /** voice, chat */
  channel?: models.Channel[] | undefined;
  disposition?: string[] | undefined;
  moment?: string[] | undefined;
  since_ms?: number | undefined;
  until_ms?: number | undefined;
  min_score?: number | undefined;
  max_score?: number | undefined;
  min_duration_ms?: number | undefined;
  max_duration_ms?: number | undefined;
  contact_id?: string | undefined;
  sort?: models.SortBy | undefined;
  order?: "ascending" | "descending" | undefined;
}

/** Of `getExport`. */
export interface GetExportQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `listGaps`. */
export interface ListGapsQuery {
  kind: models.GapKind;
  state?: models.GroupState | undefined;
}

/** Of `getGap`. */
export interface GetGapQuery {
  kind: models.GapKind;
}

/** Of `listImports`. */
export interface ListImportsQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `listInsights`. */
export interface ListInsightsQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `getPlaybookReplay`. */
export interface GetPlaybookReplayQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `listPlaybookVersions`. */
export interface ListPlaybookVersionsQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Of `listSharedMoments`. */
export interface ListSharedMomentsQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
  /** Only those that the agent has not acknowledged. */
  waiting?: boolean | undefined;
}

/** Of `getUsage`. */
export interface GetUsageQuery {
  month?: string | undefined;
}

/** Of `listWorkflows`. */
export interface ListWorkflowsQuery {
  /** Only those that wait for a person. */
  waiting?: boolean | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

export abstract class Operations extends Carrier {
  /** Who did what, when, to which record, of 31 days at most: the oldest first. Reading it is noted too. Needs the scope audit:read. */
  listAuditEntries(query: ListAuditEntriesQuery, options?: Options): Promise<models.AuditEntries> {
    return this.ask("GET", "/v1/audit", { query }, options);
  }

  /** What there is in the book, by name. Needs the scope book:read. */
  getBook(options?: Options): Promise<models.Book> {
    return this.ask("GET", "/v1/book", {}, options);
  }

  /** One article of the knowledge base. Needs the scope book:read. */
  getArticle(articleId: string, options?: Options): Promise<models.Article> {
    return this.ask("GET", `/v1/book/articles/${segment(articleId)}`, {}, options);
  }

  /** How calls may end. Needs the scope book:read. */
  listDispositions(options?: Options): Promise<models.Dispositions> {
    return this.ask("GET", "/v1/book/dispositions", {}, options);
  }

  /** Quality forms. Needs the scope book:read. */
  listForms(options?: Options): Promise<models.BookDocuments> {
    return this.ask("GET", "/v1/book/forms", {}, options);
  }

  /** Moments, actions and checklists. Needs the scope book:read. */
  listPlaybooks(options?: Options): Promise<models.BookDocuments> {
    return this.ask("GET", "/v1/book/playbooks", {}, options);
  }

  /** Which models run for whom. Needs the scope book:read. */
  listPolicies(options?: Options): Promise<models.BookDocuments> {
    return this.ask("GET", "/v1/book/policies", {}, options);
  }

  /** One contact: who, when, where it stands; and with it what was made of it, as far as expand asks for it. Needs the scope contacts:read. */
  getContact(contactId: string, query: GetContactQuery = {}, options?: Options): Promise<models.Contact> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}`, { query }, options);
  }

  /** What was noticed and shown, each with its evidence. Needs the scope contacts:read. */
  listAnnotations(contactId: string, query: ListAnnotationsQuery = {}, options?: Options): Promise<models.Annotations> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/annotations`, { query }, options);
  }

  /** All of `listAnnotations`, page by page as it is asked for. */
  iterateAnnotations(contactId: string, query: Omit<ListAnnotationsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.Annotation, void, undefined> {
    return this.pages((cursor) => this.listAnnotations(contactId, { ...query, cursor }, options));
  }

  /** What was to be done in the call, and what was. Needs the scope contacts:read. */
  getChecklist(contactId: string, options?: Options): Promise<models.Checklist> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/checklist`, {}, options);
  }

  /** How the contact ended: what is suggested, and what its agent chose. Needs the scope contacts:read. */
  getDisposition(contactId: string, options?: Options): Promise<models.Disposition> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/disposition`, {}, options);
  }

  /** Choose how the contact ended: for the agent who had it. Needs the scope contacts:write. */
  chooseDisposition(contactId: string, body: models.WantedDisposition, options?: Options): Promise<models.Disposition | null> {
    return this.ask("PUT", `/v1/contacts/${segment(contactId)}/disposition`, { body, writes: true }, options);
  }

  /** Each quality form of the contact: which evaluation counts, and those before it. Needs the scope evaluations:read. */
  listEvaluations(contactId: string, options?: Options): Promise<models.Scorecards> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/evaluations`, {}, options);
  }

  /** What the agent thought of the guidance. Needs the scope contacts:read. */
  listFeedback(contactId: string, options?: Options): Promise<models.FeedbackList> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/feedback`, {}, options);
  }

  /** Acknowledge, dismiss, restore or rate a card: for the agent who has the contact. Needs the scope contacts:write. */
  giveFeedback(contactId: string, body: models.WantedFeedback, options?: Options): Promise<models.Feedback> {
    return this.ask("POST", `/v1/contacts/${segment(contactId)}/feedback`, { body, writes: true }, options);
  }

  /** The insights of the customer whose contact it was, over all their conversations. Needs the scope insights:read. */
  getInsightsOfContact(contactId: string, options?: Options): Promise<models.CustomerInsights> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/insights`, {}, options);
  }

  /** Redacted recordings, each with a link for five minutes. A link that is given out is noted in the audit log. Needs the scope recordings:read. */
  listRecordings(contactId: string, options?: Options): Promise<models.Recordings> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/recordings`, {}, options);
  }

  /** What was shared of a contact: for those who may share it, and for its agent. Needs the scope contacts:read. */
  listSharedMomentsOfContact(contactId: string, options?: Options): Promise<models.SharedMomentsOfContact> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/shared-moments`, {}, options);
  }

  /** Share a stretch of a contact with the agent who had it. The same again, by the same client, is shared once. Needs the scope contacts:write. */
  shareMomentOfContact(contactId: string, body: models.WantedShare, options?: Options): Promise<models.SharedMomentWithWords> {
    return this.ask("POST", `/v1/contacts/${segment(contactId)}/shared-moments`, { body, writes: true }, options);
  }

  /** Acknowledge what was shared, for the agent with whom it was; an answer is given once, now or later. Needs the scope contacts:write. */
  acknowledgeSharedMoment(contactId: string, body: models.WantedAcknowledgement, options?: Options): Promise<models.SharedMomentWithWords> {
    return this.ask("PUT", `/v1/contacts/${segment(contactId)}/shared-moments`, { body, writes: true }, options);
  }

  /** The summary; each line names the utterances that it rests on. Needs the scope contacts:read. */
  getSummary(contactId: string, options?: Options): Promise<models.Summary> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/summary`, {}, options);
  }

  /** What was said, redacted, utterance by utterance. Reading it is noted in the audit log. Needs the scope transcripts:read. */
  getTranscript(contactId: string, query: GetTranscriptQuery = {}, options?: Options): Promise<models.Transcript> {
    return this.ask("GET", `/v1/contacts/${segment(contactId)}/transcript`, { query }, options);
  }

  /** All of `getTranscript`, page by page as it is asked for. */
  iterateTranscript(contactId: string, query: Omit<GetTranscriptQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.Utterance, void, undefined> {
    return this.pages((cursor) => this.getTranscript(contactId, { ...query, cursor }, options));
  }

  /** Conversations of the last 30 days or of a period, the latest first. Needs the scope conversations:read. */
  listConversations(query: ListConversationsQuery = {}, options?: Options): Promise<models.Conversations> {
    return this.ask("GET", "/v1/conversations", { query }, options);
  }

  /** All of `listConversations`, page by page as it is asked for. */
  iterateConversations(query: Omit<ListConversationsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.Conversation, void, undefined> {
    return this.pages((cursor) => this.listConversations({ ...query, cursor }, options));
  }

  /** One conversation with those of its contacts that you may see. Needs the scope conversations:read. */
  getConversation(conversationId: string, options?: Options): Promise<models.Conversation> {
    return this.ask("GET", `/v1/conversations/${segment(conversationId)}`, {}, options);
  }

  /** Ask for all contacts of a person to be erased. It takes a while; its certificate says when it is done. Needs the scope erasures:write. */
  askErasure(body: models.WantedErasure, options?: Options): Promise<models.Erasure> {
    return this.ask("POST", "/v1/erasures", { body, writes: true }, options);
  }

  /** Of an erasure that is finished; until then there is none. Needs the scope erasures:read. */
  getErasureCertificate(erasureId: string, options?: Options): Promise<models.Certificate> {
    return this.ask("GET", `/v1/erasures/${segment(erasureId)}/certificate`, {}, options);
  }

  /** Ask for all that is kept of a person's contacts, and who looked at it; then read it by its id, within a week. Needs the scope exports:write. */
  exportPerson(body: models.WantedExport, options?: Options): Promise<models.Export> {
    return this.ask("POST", "/v1/exports", { body, writes: true }, options);
  }

  /** What is kept now of the contacts of an export, some at a time. That it was handed out is noted first. Needs the scope exports:read. */
  getExport(exportId: string, query: GetExportQuery = {}, options?: Options): Promise<models.ExportPage> {
    return this.ask("GET", `/v1/exports/${segment(exportId)}`, { query }, options);
  }

  /** All of `getExport`, page by page as it is asked for. */
  iterateExport(exportId: string, query: Omit<GetExportQuery, "cursor"> = {}, options?: Options): AsyncGenerator<Record<string, unknown>, void, undefined> {
    return this.pages((cursor) => this.getExport(exportId, { ...query, cursor }, options));
  }

  /** Groups of what no intent or no article is for, those with most calls first. Needs the scope gaps:read. */
  listGaps(query: ListGapsQuery, options?: Options): Promise<models.GapGroups> {
    return this.ask("GET", "/v1/gaps", { query }, options);
  }

  /** One group with its latest examples. Each call whose words are shown is noted in the audit log. Needs the scope gaps:read. */
  getGap(gapId: string, query: GetGapQuery, options?: Options): Promise<models.GapGroupWithExamples> {
    return this.ask("GET", `/v1/gaps/${segment(gapId)}`, { query }, options);
  }

  /** Make it a new intent, whose chosen examples models learn from, or an article to write. The same again changes nothing. Needs the scope gaps:write. */
  acceptGap(gapId: string, body: models.WantedIntent, options?: Options): Promise<models.GapGroup> {
    return this.ask("PUT", `/v1/gaps/${segment(gapId)}/accept`, { body, writes: true }, options);
  }

  /** It is not shown any more, nor is what is like it. Needs the scope gaps:write. */
  ignoreGap(gapId: string, body: models.WantedChange, options?: Options): Promise<models.GapGroup> {
    return this.ask("PUT", `/v1/gaps/${segment(gapId)}/ignore`, { body, writes: true }, options);
  }

  /** Say that it is what an intent or article is for, or another open group. The same again changes nothing. Needs the scope gaps:write. */
  mergeGap(gapId: string, body: models.WantedMerge, options?: Options): Promise<models.GapGroup> {
    return this.ask("PUT", `/v1/gaps/${segment(gapId)}/merge`, { body, writes: true }, options);
  }

  /** What was ignored, or an article that was to be written, waits for a decision again. Needs the scope gaps:write. */
  reopenGap(gapId: string, body: models.WantedChange, options?: Options): Promise<models.GapGroup> {
    return this.ask("PUT", `/v1/gaps/${segment(gapId)}/reopen`, { body, writes: true }, options);
  }

  /** Keep all contacts of a person, whatever asks for them to go. Needs the scope holds:write. */
  placeHold(body: models.WantedHold, options?: Options): Promise<models.Holds> {
    return this.ask("POST", "/v1/holds", { body, writes: true }, options);
  }

  /** No longer hold the contacts of a person; what was to be erased meanwhile is erased now. Needs the scope holds:write. */
  releaseHold(body: models.WantedRelease, options?: Options): Promise<models.Released> {
    return this.ask("POST", "/v1/holds/release", { body, writes: true }, options);
  }

  /** Imports, the latest first, for ninety days. Needs the scope imports:read. */
  listImports(query: ListImportsQuery = {}, options?: Options): Promise<models.ImportRows> {
    return this.ask("GET", "/v1/imports", { query }, options);
  }

  /** All of `listImports`, page by page as it is asked for. */
  iterateImports(query: Omit<ListImportsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.ImportRow, void, undefined> {
    return this.pages((cursor) => this.listImports({ ...query, cursor }, options));
  }

  /** Import what an object describes. The same object again is the same import: one that is over tries again what had failed. Needs the scope imports:write. */
  startImport(body: models.WantedImport, options?: Options): Promise<models.ImportStatus> {
    return this.ask("POST", "/v1/imports", { body, writes: true }, options);
  }

  /** How far an import is, and which of its lines are wrong. Needs the scope imports:read. */
  getImport(importId: string, options?: Options): Promise<models.ImportStatus> {
    return this.ask("GET", `/v1/imports/${segment(importId)}`, {}, options);
  }

  /** For which customers insights were made, and how many of which kind. Needs the scope insights:read. */
  listInsights(query: ListInsightsQuery = {}, options?: Options): Promise<models.KnownCustomers> {
    return this.ask("GET", "/v1/insights", { query }, options);
  }

  /** All of `listInsights`, page by page as it is asked for. */
  iterateInsights(query: Omit<ListInsightsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.KnownCustomer, void, undefined> {
    return this.pages((cursor) => this.listInsights({ ...query, cursor }, options));
  }

  /** Make the insights of a customer, over all their conversations, and give the customer an id of ours. Needs the scope insights:write. */
  makeInsights(body: models.WantedInsights, options?: Options): Promise<models.CustomerInsights> {
    return this.ask("POST", "/v1/insights", { body, writes: true }, options);
  }

  /** The insights of a customer as they are now, with the conversations that came meanwhile. Needs the scope insights:read. */
  getInsights(customerId: string, options?: Options): Promise<models.CustomerInsights> {
    return this.ask("GET", `/v1/insights/${segment(customerId)}`, {}, options);
  }

  /** Ask something about a customer: answered in words of their conversations, or "not in these conversations". Needs the scope insights:read. */
  askAboutCustomer(customerId: string, body: models.WantedAnswer, options?: Options): Promise<models.CustomerAnswer> {
    return this.ask("POST", `/v1/insights/${segment(customerId)}/ask`, { body }, options);
  }

  /** All keys, also those that are over: who had which stays known. Needs the scope keys:read. */
  listApiKeys(options?: Options): Promise<models.ApiKeys> {
    return this.ask("GET", "/v1/keys", {}, options);
  }

  /** A key for an app, which has two live ones at most. It is shown in this answer and never again. Needs the scope keys:write. */
  createApiKey(body: models.WantedKey, options?: Options): Promise<models.NewApiKey> {
    return this.ask("POST", "/v1/keys", { body, writes: true }, options);
  }

  /** Good for nothing from the next request on. Needs the scope keys:write. */
  revokeApiKey(keyId: string, options?: Options): Promise<models.ApiKeyShown> {
    return this.ask("DELETE", `/v1/keys/${segment(keyId)}`, { writes: true }, options);
  }

  /** One key, without its secret. Needs the scope keys:read. */
  getApiKey(keyId: string, options?: Options): Promise<models.ApiKeyShown> {
    return this.ask("GET", `/v1/keys/${segment(keyId)}`, {}, options);
  }

  /** Another key of the same app; the old one expires after the overlap. Needs the scope keys:write. */
  rollApiKey(keyId: string, body: models.WantedRoll = {}, options?: Options): Promise<models.NewApiKey> {
    return this.ask("POST", `/v1/keys/${segment(keyId)}/roll`, { body, writes: true }, options);
  }

  /** The metrics that can be asked for. Needs the scope metrics:read. */
  listMetrics(options?: Options): Promise<models.Metrics> {
    return this.ask("GET", "/v1/metrics", {}, options);
  }

  /** A question in words becomes a form over a metric, which is shown and then counted; or it is refused. Needs the scope metrics:read. */
  askMetrics(body: models.WantedQuestion, options?: Options): Promise<models.AnsweredQuestion> {
    return this.ask("POST", "/v1/metrics/ask", { body }, options);
  }

  /** The conversations behind a figure. Needs the scope metrics:read. */
  listConversationsBehind(body: models.BehindForm, options?: Options): Promise<models.Behind> {
    return this.ask("POST", "/v1/metrics/behind", { body }, options);
  }

  /** Figures of one metric, of what you may see. Needs the scope metrics:read. */
  queryMetric(body: models.MetricForm, options?: Options): Promise<models.Figures> {
    return this.ask("POST", "/v1/metrics/query", { body }, options);
  }

  /** The playbook that is live, as it was written. Needs the scope playbook:read. */
  getPlaybook(options?: Options): Promise<models.PlaybookNow> {
    return this.ask("GET", "/v1/playbook", {}, options);
  }

  /** Those that are being written, the one that was changed last first. Needs the scope playbook:read. */
  listPlaybookDrafts(options?: Options): Promise<models.PlaybookDrafts> {
    return this.ask("GET", "/v1/playbook/drafts", {}, options);
  }

  /** Begin with what is live, with a text of yours, or with an earlier version (to take the playbook back to it). Needs the scope playbook:write. */
  beginPlaybookDraft(body: models.WantedDraft, options?: Options): Promise<models.PlaybookDraft> {
    return this.ask("POST", "/v1/playbook/drafts", { body, writes: true }, options);
  }

  /** Remove a draft; write If-Match to remove only what you saw. Needs the scope playbook:write. */
  removePlaybookDraft(draftId: string, options?: Options): Promise<models.PlaybookDraftRow> {
    return this.ask("DELETE", `/v1/playbook/drafts/${segment(draftId)}`, { writes: true }, options);
  }

  /** A draft as it stands beside what is live now: mistakes with their lines, and what it would change. Needs the scope playbook:read. */
  getPlaybookDraft(draftId: string, options?: Options): Promise<models.PlaybookDraft> {
    return this.ask("GET", `/v1/playbook/drafts/${segment(draftId)}`, {}, options);
  }

  /** Save a draft, with mistakes or without; they are answered. Needs the scope playbook:write. */
  savePlaybookDraft(draftId: string, body: models.SavedDraft, options?: Options): Promise<models.PlaybookDraft> {
    return this.ask("PUT", `/v1/playbook/drafts/${segment(draftId)}`, { body, writes: true }, options);
  }

  /** Guide every call by it within half a minute. The draft goes; the version stays in the history. Needs the scope playbook:write. */
  publishPlaybookDraft(draftId: string, body: models.WantedPublication, options?: Options): Promise<models.PlaybookVersion> {
    return this.ask("POST", `/v1/playbook/drafts/${segment(draftId)}/publish`, { body, writes: true }, options);
  }

  /** Over the latest calls of a period that are over; read what comes of it by its id, within a week. Needs the scope playbook:write. */
  replayPlaybookDraft(draftId: string, body: models.sotto__api__rest__routes__playbook__models__WantedReplay, options?: Options): Promise<models.PlaybookReplay> {
    return this.ask("POST", `/v1/playbook/drafts/${segment(draftId)}/replays`, { body, writes: true }, options);
  }

  /** The next calls of a replay, played as they are stored now by what is live and by the draft. Needs the scope playbook:read. */
  getPlaybookReplay(replayId: string, query: GetPlaybookReplayQuery = {}, options?: Options): Promise<models.PlaybookReplayPage> {
    return this.ask("GET", `/v1/playbook/replays/${segment(replayId)}`, { query }, options);
  }

  /** All of `getPlaybookReplay`, page by page as it is asked for. */
  iteratePlaybookReplay(replayId: string, query: Omit<GetPlaybookReplayQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.ReplayedContact, void, undefined> {
    return this.pages((cursor) => this.getPlaybookReplay(replayId, { ...query, cursor }, options));
  }

  /** What was published, by whom and when; the latest first. Needs the scope playbook:read. */
  listPlaybookVersions(query: ListPlaybookVersionsQuery = {}, options?: Options): Promise<models.PlaybookVersions> {
    return this.ask("GET", "/v1/playbook/versions", { query }, options);
  }

  /** All of `listPlaybookVersions`, page by page as it is asked for. */
  iteratePlaybookVersions(query: Omit<ListPlaybookVersionsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.PlaybookVersion, void, undefined> {
    return this.pages((cursor) => this.listPlaybookVersions({ ...query, cursor }, options));
  }

  /** One version, and what it changed of the one before. Needs the scope playbook:read. */
  getPlaybookVersion(versionId: string, options?: Options): Promise<models.PlaybookVersionText> {
    return this.ask("GET", `/v1/playbook/versions/${segment(versionId)}`, {}, options);
  }

  /** Find what was said, by words and by meaning. The text is redacted before it is looked for. Needs the scope search:read. */
  searchMoments(body: models.WantedSearch, options?: Options): Promise<models.SearchResult> {
    return this.ask("POST", "/v1/search", { body }, options);
  }

  /** What was shared with agents of the teams that the caller coaches, the latest first, without words. Needs the scope contacts:read. */
  listSharedMoments(query: ListSharedMomentsQuery = {}, options?: Options): Promise<models.SharedMoments> {
    return this.ask("GET", "/v1/shared-moments", { query }, options);
  }

  /** All of `listSharedMoments`, page by page as it is asked for. */
  iterateSharedMoments(query: Omit<ListSharedMomentsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.SharedMoment, void, undefined> {
    return this.pages((cursor) => this.listSharedMoments({ ...query, cursor }, options));
  }

  /** What language models cost in a month, by day, feature and model; and how its budgets stand. Needs the scope usage:read. */
  getUsage(query: GetUsageQuery = {}, options?: Options): Promise<models.Usage> {
    return this.ask("GET", "/v1/usage", { query }, options);
  }

  /** All endpoints, without their secrets. Needs the scope webhooks:read. */
  listWebhooks(options?: Options): Promise<models.Webhooks> {
    return this.ask("GET", "/v1/webhooks", {}, options);
  }

  /** Send events of these types to an address, signed by Standard Webhooks. Needs the scope webhooks:write. */
  createWebhook(body: models.WantedWebhook, options?: Options): Promise<models.NewWebhook> {
    return this.ask("POST", "/v1/webhooks", { body, writes: true }, options);
  }

  /** Send nothing more to an endpoint. Needs the scope webhooks:write. */
  removeWebhook(webhookId: string, options?: Options): Promise<models.Webhook> {
    return this.ask("DELETE", `/v1/webhooks/${segment(webhookId)}`, { writes: true }, options);
  }

  /** One endpoint, and whether it takes what it is sent. Needs the scope webhooks:read. */
  getWebhook(webhookId: string, options?: Options): Promise<models.Webhook> {
    return this.ask("GET", `/v1/webhooks/${segment(webhookId)}`, {}, options);
  }

  /** Use an endpoint again that was disabled; replay what it missed. Needs the scope webhooks:write. */
  enableWebhook(webhookId: string, options?: Options): Promise<models.Webhook> {
    return this.ask("POST", `/v1/webhooks/${segment(webhookId)}/enable`, { writes: true }, options);
  }

  /** Send again what happened in a window of time, with the ids that it had. Needs the scope webhooks:write. */
  replayWebhook(webhookId: string, body: models.sotto__api__rest__routes__webhooks__WantedReplay, options?: Options): Promise<models.Replayed> {
    return this.ask("POST", `/v1/webhooks/${segment(webhookId)}/replay`, { body, writes: true }, options);
  }

  /** Another secret; the one before signs beside it for a day. Needs the scope webhooks:write. */
  rotateWebhookSecret(webhookId: string, body: models.WantedRotation = {}, options?: Options): Promise<models.NewWebhook> {
    return this.ask("POST", `/v1/webhooks/${segment(webhookId)}/rotate`, { body, writes: true }, options);
  }

  /** Runs of workflows, the latest started first; or those that wait for a person. Needs the scope workflows:read. */
  listWorkflows(query: ListWorkflowsQuery = {}, options?: Options): Promise<models.WorkflowRuns> {
    return this.ask("GET", "/v1/workflows", { query }, options);
  }

  /** All of `listWorkflows`, page by page as it is asked for. */
  iterateWorkflows(query: Omit<ListWorkflowsQuery, "cursor"> = {}, options?: Options): AsyncGenerator<models.WorkflowRow, void, undefined> {
    return this.pages((cursor) => this.listWorkflows({ ...query, cursor }, options));
  }

  /** Start a workflow about a conversation. It goes on by itself; read it, or have webhooks say when it waits. Needs the scope workflows:write. */
  startWorkflow(body: models.WantedRun, options?: Options): Promise<models.WorkflowRun> {
    return this.ask("POST", "/v1/workflows", { body, writes: true }, options);
  }

  /** The workflows that there are, and which of them the tenant has turned on. Needs the scope workflows:read. */
  listWorkflowDefinitions(options?: Options): Promise<models.WorkflowDefinitions> {
    return this.ask("GET", "/v1/workflows/definitions", {}, options);
  }

  /** Cancel a run; one that is over stays as it is. Needs the scope workflows:write. */
  cancelWorkflow(workflowId: string, options?: Options): Promise<models.WorkflowRun> {
    return this.ask("DELETE", `/v1/workflows/${segment(workflowId)}`, { writes: true }, options);
  }

  /** One run: what was done so far, and what it waits for. Needs the scope workflows:read. */
  getWorkflow(workflowId: string, options?: Options): Promise<models.WorkflowRun> {
    return this.ask("GET", `/v1/workflows/${segment(workflowId)}`, {}, options);
  }

  /** Decide what a run waits for. The same decision again changes nothing; another one is refused. Needs the scope workflows:write. */
  continueWorkflow(workflowId: string, body: models.WantedDecision, options?: Options): Promise<models.WorkflowRun> {
    return this.ask("PUT", `/v1/workflows/${segment(workflowId)}/continue`, { body, writes: true }, options);
  }

  /** A new run that has what this one came to before a step, and does that step and all after it anew. Needs the scope workflows:write. */
  forkWorkflow(workflowId: string, body: models.WantedFork, options?: Options): Promise<models.WorkflowRun> {
    return this.ask("POST", `/v1/workflows/${segment(workflowId)}/fork`, { body, writes: true }, options);
  }

}
