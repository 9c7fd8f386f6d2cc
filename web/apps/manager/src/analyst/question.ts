import { AskFigures, type AskFiguresResult, type FigureFormInput } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { failureOf } from "../figures/figure";
import { type FormView, viewOfServer } from "../figures/figureForm";

type Refusal = NonNullable<AskFiguresResult["askFigures"]["refused"]>;
export type Reply = { readonly state: "understood"; readonly form: FormView } | { readonly state: "not understood"; readonly refusal: Refusal } | { readonly state: "refused"; readonly reason: string } | { readonly state: "failed" };

/** What a question asks for. `before`: the form that it may follow. */
export async function understood(graphql: Requests, question: string, before: FigureFormInput | null): Promise<Reply> {
  try {
    const { askFigures } = await graphql.request(AskFigures, { question, before });
    if (askFigures.figure) return { state: "understood", form: viewOfServer(askFigures.figure.form) };
    return askFigures.refused ? { state: "not understood", refusal: askFigures.refused } : { state: "failed" };
  } catch (error) {
    return failureOf(error);
  }
}
