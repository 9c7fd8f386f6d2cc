import { lazy } from "react";
import type { Page } from "../shell/page";

const CoachingPage = lazy(async () => ({ default: (await import("./CoachingPage")).CoachingPage }));

export const page: Page = {
  name: "coaching",
  entry: { order: 46, text: (t) => t.coaching.title, roles: ["supervisor", "coach", "quality", "analyst"] },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.coaching.title, parents: [], isTable: false }),
  content: ({ started, route }) => <CoachingPage graphql={started.graphql} route={route} />,
};
