import { lazy } from "react";
import type { Page } from "../shell/page";

const HealthPage = lazy(async () => ({ default: (await import("./HealthPage")).HealthPage }));

export const page: Page = {
  name: "health",
  entry: { order: 68, text: (t) => t.health.title, roles: ["analyst", "quality"] },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.health.title, parents: [], isTable: false }),
  content: ({ started }) => <HealthPage graphql={started.graphql} />,
};
