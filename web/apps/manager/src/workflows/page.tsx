import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const WorkflowsPage = lazy(async () => ({ default: (await import("./WorkflowsPage")).WorkflowsPage }));
const WorkflowPage = lazy(async () => ({ default: (await import("./WorkflowPage")).WorkflowPage }));

export const page: Page = {
  name: "workflows",
  entry: { order: 16, text: (t) => t.workflows.title, roles: ["supervisor", "quality", "analyst"] },
  frameOf: ([first, ...more], t) => {
    if (first === undefined) return { title: t.workflows.title, parents: [], isTable: true };
    const parents = [{ text: t.workflows.title, href: hrefOf(["workflows"]) }];
    return more.length === 0 ? { title: t.workflows.one, parents, isTable: false } : null;
  },
  content: ({ rest: [first], route, started }) =>
    first === undefined ? (
      <WorkflowsPage graphql={started.graphql} route={route} />
    ) : (
      <WorkflowPage key={first} graphql={started.graphql} token={started.token} id={first} />
    ),
};
