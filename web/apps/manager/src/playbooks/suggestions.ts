import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { KnownNames } from "@sotto/api";

/** What may stand in a playbook, by where it stands: docs/playbook.md. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  moments: ["title", "when", "severity", "once", "again_after", "quiet", "outcome", "fact", "channel"],
  actions: ["when", "answer", "unless", "withdraw_when", "instead_of", "severity", "expires", "once", "again_after", "show", "channel"],
  show: ["title", "text", "reply", "done_text", "article"],
  items: ["title", "done_when", "needed_when", "within", "after", "channel"],
  sets: ["moments", "actions", "checklists"],
};
const CONDITIONS = ["intent", "sentiment", "behaviour", "entity", "private", "phrases", "all", "any", "sequence", "count", "not_said", "silence", "no_answer", "talk_over", "speaks", "turn_longer_than", "call_longer_than", "not", "at_least", "speaker", "within"];
const CONDITION_PLACES = ["when", "unless", "withdraw_when", "done_when", "needed_when", "all", "any", "first", "then", "of", "what", "not"];
const TASK_OF: Readonly<Record<string, string>> = { intent: "intent", sentiment: "sentiment", behaviour: "behaviours", entity: "entities" };
const VALUES: Readonly<Record<string, readonly string[]>> = {
  severity: ["info", "low", "medium", "high"],
  speaker: ["customer", "agent"],
  channel: ["voice", "chat"],
  after: ["call_start", "agent_connected"],
};

/** What could be written at the cursor. */
export function suggested(context: CompletionContext, known: KnownNames): CompletionResult | null {
  const word = context.matchBefore(/[\w-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const before = context.state.doc.sliceString(context.state.doc.lineAt(context.pos).from, word.from);
  const line = context.state.doc.lineAt(context.pos).number;
  const field = /(\w+):\s*(?:\[[^\]]*)?$/.exec(before)?.[1];
  return { from: word.from, options: field === undefined ? namesIn(parentOf(context, line)) : valuesOf(field, known), validFor: /^[\w-]*$/ };
}

function valuesOf(field: string, known: KnownNames): Completion[] {
  const task = TASK_OF[field];
  if (task !== undefined) return known.models.filter((model) => model.task === task).flatMap((model) => model.labels.map((label) => ({ label, detail: model.name, type: "enum" })));
  if (field === "article") return known.articles.map((label) => ({ label, type: "text" }));
  if (field === "instead_of") return known.actions.map((label) => ({ label, type: "function" }));
  if (field === "model") return known.models.map(({ name, task: of }) => ({ label: name, detail: of, type: "class" }));
  const moments = known.moments.map((label) => ({ label, type: "variable" }));
  if (field === "after") return [...plain(VALUES["after"] ?? []), ...moments];
  if (CONDITION_PLACES.includes(field)) return [...moments, ...CONDITIONS.map((label) => ({ label: `{${label}: `, type: "keyword" }))];
  return plain(VALUES[field] ?? []);
}

function namesIn(parent: string): Completion[] {
  const names = FIELDS[parent] ?? (CONDITION_PLACES.includes(parent) ? CONDITIONS : []);
  return names.map((label) => ({ label, apply: `${label}: `, type: "property" }));
}

function plain(values: readonly string[]): Completion[] {
  return values.map((label) => ({ label, type: "constant" }));
}

/** The block that a line is in: of what has a name of its own (a moment), the block that names are given in. */
function parentOf(context: CompletionContext, number: number): string {
  let indent = indentOf(context.state.doc.line(number).text);
  for (let at = number - 1, steps = 0; at > 0 && steps < 2; at--) {
    const { text } = context.state.doc.line(at);
    if (text.trim() === "" || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    steps += 1;
    const name = /^\s*(?:- )?([\w-]+):/.exec(text)?.[1] ?? "";
    if (name in FIELDS || CONDITION_PLACES.includes(name)) return name;
  }
  return "";
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
