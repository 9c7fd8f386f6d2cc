import { AcknowledgeScorecard, AppealScorecard, CalibrateScorecard, DecideAppeal, GraphqlRefused, type GivenAnswerInput, ReviewScorecard } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";

/** What is done, with what it takes. */
export type Done =
  | { readonly action: "review" | "decide"; readonly after: number; readonly answers: readonly GivenAnswerInput[] }
  | { readonly action: "calibrate"; readonly answers: readonly GivenAnswerInput[] }
  | { readonly action: "appeal"; readonly questions: readonly string[]; readonly reason: string }
  | { readonly action: "acknowledge"; readonly version: number };

export type Outcome = { readonly state: "idle" | "sending" | "done" | "failed" } | { readonly state: "refused"; readonly reason: string };

export function useAction(graphql: Requests, about: { readonly contactId: string; readonly form: string }, onDone: () => void) {
  const [outcome, setOutcome] = useState<Outcome>({ state: "idle" });
  const send = (done: Done) => {
    setOutcome({ state: "sending" });
    request(graphql, about, done).then(
      () => {
        setOutcome({ state: "done" });
        onDone();
      },
      // What the rules refuse comes in their own words.
      (error: unknown) => setOutcome(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? { state: "refused", reason: error.message } : { state: "failed" }),
    );
  };
  return { outcome, send, forget: () => setOutcome({ state: "idle" }) };
}

function request(graphql: Requests, about: { readonly contactId: string; readonly form: string }, done: Done): Promise<unknown> {
  switch (done.action) {
    case "review":
      return graphql.request(ReviewScorecard, { ...about, after: done.after, answers: done.answers });
    case "decide":
      return graphql.request(DecideAppeal, { ...about, after: done.after, answers: done.answers });
    case "calibrate":
      return graphql.request(CalibrateScorecard, { ...about, answers: done.answers });
    case "appeal":
      return graphql.request(AppealScorecard, { ...about, questions: done.questions, reason: done.reason });
    case "acknowledge":
      return graphql.request(AcknowledgeScorecard, { ...about, version: done.version });
  }
}
