import { Metrics, type MetricsResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useEffect, useState } from "react";
import { useWording } from "../messages";
import { failureOf } from "./figure";
import { metricIn } from "./localised";

type Known = MetricsResult["metrics"];
export type CatalogueState = { readonly state: "loading" } | { readonly state: "loaded"; readonly catalogue: Known } | { readonly state: "refused"; readonly reason: string } | { readonly state: "failed" };

const kept = new WeakMap<Requests, Promise<Known>>();

/** What can be asked for; once for all pages. */
function catalogueOf(graphql: Requests): Promise<Known> {
  const known = kept.get(graphql) ?? graphql.request(Metrics, {}).then(({ metrics }) => metrics);
  kept.set(graphql, known);
  known.catch(() => kept.delete(graphql));
  return known;
}

export function useCatalogue(graphql: Requests): CatalogueState {
  const [found, setFound] = useState<CatalogueState>({ state: "loading" });
  const { locale } = useWording();
  useEffect(() => {
    let isWanted = true;
    catalogueOf(graphql).then(
      (catalogue) => isWanted && setFound({ state: "loaded", catalogue: { ...catalogue, metrics: catalogue.metrics.map((each) => metricIn(locale, each)) } }),
      (error: unknown) => isWanted && setFound(failureOf(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [graphql, locale]);
  return found;
}

export function valuesOf(state: CatalogueState, dimension: string): readonly string[] {
  if (state.state !== "loaded") return [];
  return state.catalogue.values.find((each) => each.dimension === dimension)?.values ?? [];
}
