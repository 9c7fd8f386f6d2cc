import type { Operation } from "@sotto/api";

/** A subscription of no schema, for tests of the line alone. */
export const ticks: Operation<{ tick: number }, { of: string }> = {
  name: "Ticks",
  text: "subscription Ticks($of: ID!) { tick(of: $of) }",
  fields: [{ name: "tick", field: "Subscription.tick", arguments: { of: "of" } }],
};
