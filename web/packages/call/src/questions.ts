import type { AskAboutCallResult, AskKnowledgeResult } from "@sotto/api";
import { fieldsOf } from "./fields";

export type KnowledgeAssist = AskKnowledgeResult["askKnowledge"];
export type KnowledgeAnswer = KnowledgeAssist["found"][number];
export type CallAnswer = AskAboutCallResult["askAboutCall"];

export type QuestionResult = { from: "call"; answer: CallAnswer } | { from: "knowledge"; assist: KnowledgeAssist } | { from: "call" | "knowledge"; failed: true };

/** A question and what came of it. */
export interface Question {
  readonly text: string;
  /** In the order in which they came; they are shown in that of `SOURCES`. */
  readonly results: readonly QuestionResult[];
}

/** Each has its place, whichever answers first: who asks often knows where to look. */
export const SOURCES = ["call", "knowledge"] as const;

/** Both the call and the knowledge base have answered. */
export function isComplete(question: Question): boolean {
  return question.results.length >= 2;
}

/** Where the answers stay that an agent looks at, so that a reload does not take them away. */
export interface AnswerStore {
  read: (contactId: string) => Question | null;
  /** null: the agent is done with them. */
  write: (contactId: string, question: Question | null) => void;
}

const KEY = "sotto.question";

/**
 * The last question alone, in the tab's own storage, which ends with the tab. It is kept in the server's words, without
 * what is private, and so not before all has been answered. See `feedbackStoreIn` for storage that is refused.
 */
export function answerStoreIn(storage: () => Storage): AnswerStore {
  return {
    read: (contactId) => {
      try {
        const kept = fieldsOf(JSON.parse(storage().getItem(KEY) ?? "null"));
        const question = ofThisRelease(kept["question"]);
        return kept["contactId"] === contactId && isQuestion(question) ? question : null;
      } catch {
        return null;
      }
    },
    write: (contactId, question) => {
      const answered = question && withoutPrivateWords(question);
      try {
        if (answered === null) storage().removeItem(KEY);
        else storage().setItem(KEY, JSON.stringify({ contactId, question: answered }));
      } catch {
        // Full or refused: the answers are still on the screen.
      }
    },
  };
}

function withoutPrivateWords(question: Question): Question | null {
  if (!isComplete(question)) return null;
  for (const result of question.results) {
    if (result.from === "call" && "answer" in result) return { ...question, text: result.answer.question };
  }
  return null;
}

/** An older release of the panel wrote `said` for the utterances of an answer, and for articles the list of what was found. */
function ofThisRelease(kept: unknown): unknown {
  const { results, ...question } = fieldsOf(kept);
  return Array.isArray(results) ? { ...question, results: results.map(resultOfThisRelease) } : kept;
}

function resultOfThisRelease(kept: unknown): unknown {
  const { answer, answers, ...result } = fieldsOf(kept);
  if (Array.isArray(answers)) return { ...result, assist: { sentences: answers.slice(0, 1).map((best) => ({ text: fieldsOf(best)["text"], sources: [0] })), origin: "QUOTED", found: answers } };
  const { said, ...fields } = fieldsOf(answer);
  return said === undefined ? kept : { ...result, answer: { ...fields, utterances: said } };
}

/** What is stored may be something else altogether. */
function isQuestion(kept: unknown): kept is Question {
  const { text, results } = fieldsOf(kept);
  return typeof text === "string" && Array.isArray(results) && results.every(isQuestionResult);
}

function isQuestionResult(kept: unknown): kept is QuestionResult {
  const { from, answer, assist, failed } = fieldsOf(kept);
  if (failed === true) return from === "call" || from === "knowledge";
  if (from === "knowledge") return isAssist(assist);
  const { utterances } = fieldsOf(answer);
  return from === "call" && hasTexts(answer, "question", "text") && Array.isArray(utterances) && utterances.every((line) => hasTexts(line, "id", "text"));
}

function isAssist(kept: unknown): boolean {
  const { sentences, found, origin } = fieldsOf(kept);
  if (!Array.isArray(sentences) || !Array.isArray(found) || typeof origin !== "string") return false;
  return sentences.every((each) => hasTexts(each, "text") && placesIn(found, fieldsOf(each)["sources"])) && found.every((each) => hasTexts(each, "text", "article", "title"));
}

function placesIn(found: readonly unknown[], sources: unknown): boolean {
  return Array.isArray(sources) && sources.every((place) => typeof place === "number" && place in found);
}

function hasTexts(kept: unknown, ...names: readonly string[]): boolean {
  const fields = fieldsOf(kept);
  return names.every((name) => typeof fields[name] === "string");
}
