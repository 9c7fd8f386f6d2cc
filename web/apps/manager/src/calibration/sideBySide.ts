import type { ScorecardAgreementResult } from "@sotto/api";

export type FormAgreement = ScorecardAgreementResult["scorecardAgreement"];
export type RatedCall = FormAgreement["calls"][number];

/** One question of one call, as each rater answered it. */
export interface Compared {
  readonly contactId: string;
  readonly question: string;
  readonly title: string;
  /** By rater; undefined where they were not asked. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether those who are compared gave different answers. */
  readonly differs: boolean;
}

/** All who rated one of the calls: the machine first, then people by name. */
export function ratersOf(calls: readonly RatedCall[]): readonly string[] {
  const people = new Set(calls.flatMap(({ raters }) => raters.map(({ by }) => by)));
  return [...people].sort((a, b) => Number(b === "machine") - Number(a === "machine") || a.localeCompare(b));
}

/** Each question that one of the two answered, call by call; where they differ comes first within a call. */
export function compared(agreement: FormAgreement, one: string, other: string): readonly Compared[] {
  return agreement.calls.flatMap(({ contactId, raters }) => {
    const by = new Map(raters.map((rater) => [rater.by, new Map(rater.values.map(({ question, value }) => [question, value]))]));
    const [first, second] = [by.get(one), by.get(other)];
    if (!first || !second) return [];
    return agreement.questions
      .flatMap(({ question, title }) => {
        const [a, b] = [first.get(question), second.get(question)];
        if (a === undefined && b === undefined) return [];
        const values = new Map([[one, a], [other, b]].filter((pair): pair is [string, string] => pair[1] !== undefined));
        return [{ contactId, question, title, values, differs: a !== b }];
      })
      .sort((a, b) => Number(b.differs) - Number(a.differs));
  });
}
