import { lazy } from "react";
import type { Page } from "../shell/page";

const ExamplesPage = lazy(async () => ({ default: (await import("./ExamplesPage")).ExamplesPage }));

export const page: Page = {
  name: "examples",
  entry: { order: 46, text: (t) => t.examples.title, roles: ["quality"] },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.examples.title, parents: [], isTable: false }),
  content: ({ started }) => <ExamplesPage graphql={started.graphql} />,
};
