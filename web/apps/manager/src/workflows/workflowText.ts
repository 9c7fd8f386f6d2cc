import type { WorkflowRunParts } from "@sotto/api";
import type { Messages } from "../messages/en";

interface InWords {
  readonly en: string;
  readonly de: string;
}

/** In the language of the app. */
export function wordsOf(title: InWords, locale: string): string {
  return locale.startsWith("de") ? title.de : title.en;
}

/** What a value that a person is shown is about, by the last part of its name: `brief.text` is a brief. */
export function labelOf(name: string, t: Messages): string {
  const [first = "", ...rest] = name.split(".");
  const last = rest.at(-1) ?? "";
  const labels: Readonly<Record<string, string>> = t.workflows.shown;
  return labels[name] ?? labels[first] ?? labels[last] ?? first.replaceAll("_", " ");
}

/** `each_promise[1].kept` is what was decided on the second promise. */
export function stepText(key: string, t: Messages): string {
  const item = /^(\w+)\[(\d+)\]\.(.+)$/.exec(key);
  const name = (item?.[3] ?? key).replace(/\?$/, "");
  const steps: Readonly<Record<string, string>> = t.workflows.steps;
  const text = steps[name] ?? name.replaceAll("_", " ");
  return item ? `${text} (${Number(item[2]) + 1})` : text;
}

export const mayEnd = (run: WorkflowRunParts): boolean => run.state === "RUNNING" || run.state === "SLEEPING" || run.state === "WAITING";
