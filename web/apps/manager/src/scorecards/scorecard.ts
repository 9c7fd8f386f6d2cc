import type { GivenAnswerInput, ScorecardsResult, SpokenLinesResult } from "@sotto/api";
import type { Viewer } from "../shell/useViewer";

export type Scorecard = ScorecardsResult["scorecards"][number];
export type Evaluation = Scorecard["versions"][number];
export type Question = Scorecard["questions"][number];
export type ScorecardAnswer = Evaluation["answers"][number];
export type SpokenLine = SpokenLinesResult["utterances"][number];

/** The questions of each section, in the order of the form. */
export function sectionsOf(questions: readonly Question[]): readonly (readonly [string, readonly Question[]])[] {
  const found = new Map<string, Question[]>();
  for (const question of questions) found.set(question.section, [...(found.get(question.section) ?? []), question]);
  return [...found];
}

/** What somebody may do with a scorecard; each is one the server offers to them too. */
export const ACTIONS = ["review", "calibrate", "decide", "acknowledge", "appeal"] as const;
export type ScorecardAction = (typeof ACTIONS)[number];

const JUDGES = ["supervisor", "quality"];

export function actionsOf(scorecard: Scorecard, viewer: Viewer | null, agent: string | null, now: number): readonly ScorecardAction[] {
  const { stands, appeal } = scorecard;
  if (viewer === null || stands === null) return [];
  const waits = appeal !== null && appeal.decidedVersion === null;
  if (viewer.agent === agent) {
    const isOpen = stands.kind !== "APPEAL" && appeal?.version !== stands.version && now <= stands.atMs + scorecard.appealDays * 86_400_000;
    return [...(scorecard.acknowledgedAtMs === null ? (["acknowledge"] as const) : []), ...(isOpen ? (["appeal"] as const) : [])];
  }
  if (!JUDGES.includes(viewer.role)) return [];
  const against = scorecard.versions.find(({ version }) => version === appeal?.version);
  const hasJudged = scorecard.versions.some(({ by }) => by === viewer.agent);
  return [
    ...(waits && against?.by !== viewer.agent ? (["decide"] as const) : []),
    ...(waits ? [] : (["review"] as const)),
    ...(hasJudged ? [] : (["calibrate"] as const)),
  ];
}

/** What somebody writes for one question. `value` null: it does not apply; undefined: nothing is said of it. */
export interface Written {
  readonly value: string | null | undefined;
  readonly comment: string;
  readonly utteranceIds: readonly string[];
}

export type Draft = ReadonlyMap<string, Written>;

export const NOTHING_WRITTEN: Written = { value: undefined, comment: "", utteranceIds: [] };

/** A review begins with what stands; a calibration with nothing, as nobody is to be led by others' answers. */
export function draftOf(evaluation: Evaluation | null): Draft {
  return new Map((evaluation?.answers ?? []).map((answer) => [answer.question, writtenOf(answer)]));
}

function writtenOf(answer: ScorecardAnswer): Written {
  const value = answer.standing === "ANSWERED" ? answer.value : answer.standing === "NOT_APPLICABLE" ? null : undefined;
  return { value, comment: answer.how === "PERSON" ? (answer.reason ?? "") : "", utteranceIds: answer.utteranceIds };
}

/** What differs from what stood; what says nothing is left out. */
export function givenOf(draft: Draft, before: Draft): readonly GivenAnswerInput[] {
  return [...draft].flatMap(([question, { value, comment, utteranceIds }]) => {
    const was = before.get(question) ?? NOTHING_WRITTEN;
    const isSame = was.value === value && was.comment === comment && was.utteranceIds.join() === utteranceIds.join();
    return value === undefined || isSame ? [] : [{ question, value, comment, utteranceIds: [...utteranceIds] }];
  });
}

/** Of a question that the form has no more, its id. */
export function titleOf(questions: readonly Question[], id: string): string {
  return questions.find((question) => question.id === id)?.title ?? id;
}
