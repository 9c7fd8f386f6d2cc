import type { AskAboutCallResult, SearchKnowledgeResult } from "@sotto/api";
import { fieldsOf } from "./feedbackStore";

export type Answer = SearchKnowledgeResult["searchKnowledge"][number];
export type CallAnswer = AskAboutCallResult["askAboutCall"];

export type Result = { from: "call"; answer: CallAnswer } | { from: "knowledge"; answers: readonly Answer[] } | { from: "call" | "knowledge"; failed: true };

/** A question and what came of it. */
export interface Asked {
  readonly question: string;
  /** In the order in which they came: what is being read is never pushed down. */
  readonly results: readonly Result[];
}

/** Both the call and the knowledge have been heard. */
export function isComplete(asked: Asked): boolean {
  return asked.results.length >= 2;
}

/** Where the answers stay that an agent looks at, so that a reload does not take them away. */
export interface KeptAnswers {
  read: (contactId: string) => Asked | null;
  /** null: the agent is done with them. */
  write: (contactId: string, asked: Asked | null) => void;
}

const KEY = "sotto.asked";

/**
 * The last question alone, in the tab's own storage, which ends with the tab. It is kept in the server's words, without
 * what is private, and so not before all has been answered. See `unsentIn` for storage that is refused.
 */
export function answersIn(storage: () => Storage): KeptAnswers {
  return {
    read: (contactId) => {
      try {
        const kept = fieldsOf(JSON.parse(storage().getItem(KEY) ?? "null"));
        return kept["contactId"] === contactId && isAsked(kept["asked"]) ? kept["asked"] : null;
      } catch {
        return null;
      }
    },
    write: (contactId, asked) => {
      const answered = asked && withoutWhatIsPrivate(asked);
      try {
        if (answered === null) storage().removeItem(KEY);
        else storage().setItem(KEY, JSON.stringify({ contactId, asked: answered }));
      } catch {
        // Full or refused: the answers are still on the screen.
      }
    },
  };
}

function withoutWhatIsPrivate(asked: Asked): Asked | null {
  if (!isComplete(asked)) return null;
  for (const result of asked.results) {
    if (result.from === "call" && "answer" in result) return { ...asked, question: result.answer.question };
  }
  return null;
}

/** An older release of the panel may have kept something else. */
function isAsked(kept: unknown): kept is Asked {
  const { question, results } = fieldsOf(kept);
  return typeof question === "string" && Array.isArray(results) && results.every(isResult);
}

function isResult(kept: unknown): kept is Result {
  const { from, answer, answers, failed } = fieldsOf(kept);
  if (failed === true) return from === "call" || from === "knowledge";
  if (from === "knowledge") return Array.isArray(answers) && answers.every((each) => hasTexts(each, "text", "article", "title"));
  const { said } = fieldsOf(answer);
  return from === "call" && hasTexts(answer, "question", "text") && Array.isArray(said) && said.every((line) => hasTexts(line, "id", "text"));
}

function hasTexts(kept: unknown, ...names: readonly string[]): boolean {
  const fields = fieldsOf(kept);
  return names.every((name) => typeof fields[name] === "string");
}
