import { lazy } from "react";
import type { Page } from "../shell/page";

const DriftPage = lazy(async () => ({ default: (await import("./DriftPage")).DriftPage }));

export const page: Page = {
  name: "drift",
  entry: { order: 47.5, text: (t) => t.drift.title, roles: ["supervisor", "quality", "analyst"] },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.drift.title, parents: [], isTable: false }),
  content: ({ started, route }) => <DriftPage graphql={started.graphql} route={route} />,
};
