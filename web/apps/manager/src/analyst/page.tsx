import { lazy } from "react";
import type { Page } from "../shell/page";

const AnalystPage = lazy(() => import("./AnalystPage").then((loaded) => ({ default: loaded.AnalystPage })));

export const page: Page = {
  name: "analyst",
  entry: { order: 60, text: (t) => t.analyst.title },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.analyst.title, parents: [], isTable: false }),
  content: ({ started, route }) => <AnalystPage graphql={started.graphql} route={route} />,
};
