import { AnsweredFigure, type FigureFormInput, type FigureParts, GraphqlRefused } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

export type FigureState = { readonly state: "loading" } | { readonly state: "loaded"; readonly figure: FigureParts } | { readonly state: "refused"; readonly reason: string } | { readonly state: "failed" };

/** `failed` where the line or the service is down; `refused` where the server says why it will not answer. */
export async function askedFigure(graphql: Requests, form: FigureFormInput): Promise<FigureState> {
  try {
    const { figure } = await graphql.request(AnsweredFigure, { form });
    return { state: "loaded", figure };
  } catch (error) {
    return failureOf(error);
  }
}

export function failureOf(error: unknown): { readonly state: "refused"; readonly reason: string } | { readonly state: "failed" } {
  if (error instanceof GraphqlRefused && error.kind !== "Unavailable") return { state: "refused", reason: error.message };
  return { state: "failed" };
}
