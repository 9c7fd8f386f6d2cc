import type { AfterCallWork, Annotation, CallSummary, Contact, ContactMessagesResult, SupervisorNote, Utterance } from "@sotto/api";

type Message = NonNullable<ContactMessagesResult["onContactMessage"]>;

export const CONTACT = "c-1";

export function anyUtterance(part: Partial<Utterance> = {}): Utterance {
  const seq = part.seq ?? 1;
  const startMs = part.startMs ?? seq * 1000;
  return { id: `customer-${startMs}`, seq, speaker: "CUSTOMER", startMs, endMs: startMs + 800, text: "hello", isFinal: seq > 0, private: [], doubtful: [], ...part };
}

export function anyAnnotation(part: Partial<Annotation> = {}): Annotation {
  const seq = part.seq ?? 1;
  return {
    id: `n-${seq}`,
    seq,
    kind: "ACTION",
    name: "offer",
    atMs: seq * 1000,
    utteranceId: null,
    severity: "MEDIUM",
    title: `Card ${seq}`,
    text: "",
    reply: null,
    citations: [],
    evidence: [],
    confidence: 0.9,
    model: "",
    adapter: "",
    policy: "",
    playbook: "",
    stagesMs: "{}",
    latencyMs: 60,
    expiresMs: null,
    withdraws: null,
    because: null,
    isFact: false,
    ...part,
  };
}

export function anyContact(part: Partial<Contact> = {}): Contact {
  return { contactId: CONTACT, conversationId: CONTACT, customer: null, waits: [], mediaStartedAtMs: 0, queue: null, agent: "maria", agentName: null, team: null, language: "en-US", channel: "VOICE", unavailable: [], status: "CONNECTED", version: 1, caller: null, reason: null, ...part };
}

export function anySummary(part: Partial<CallSummary> = {}): CallSummary {
  const line = { part: "REASON" as const, text: "I want to leave.", utteranceIds: ["customer-1000"], owner: null, due: null };
  return { lines: [line], origin: "QUOTED", model: "", version: 1, editedBy: null, ...part };
}

export function anyWork(part: Partial<AfterCallWork> = {}): AfterCallWork {
  return { steps: [{ step: "summarise_call", outcome: "DONE" }], disposition: null, filed: [], version: 1, ...part };
}

export function anyNote(part: Partial<SupervisorNote> = {}): SupervisorNote {
  return { id: "note-0001", senderName: "Sue Hill", text: "Offer the refund.", sentAtMs: 1_000, state: "SENT", version: 1, ...part };
}

export function message(part: Partial<Message>): ContactMessagesResult {
  return {
    onContactMessage: { contactId: CONTACT, kind: "HEALTH", seq: 0, atMs: 0, utterance: null, annotation: null, before: null, checklist: null, checklistSeq: null, contact: null, health: null, summary: null, note: null, afterCall: null, ...part },
  };
}

export const utteranceMessage = (line: Utterance): ContactMessagesResult =>
  message({ kind: line.isFinal ? "UTTERANCE" : "INTERIM", seq: line.seq, atMs: line.endMs, utterance: line });

export const annotationMessage = (annotation: Annotation): ContactMessagesResult => message({ kind: "ANNOTATION", seq: annotation.seq, atMs: annotation.atMs, annotation: annotation });
