import { lazy } from "react";
import type { Page } from "../shell/page";

const ReportsPage = lazy(() => import("./ReportsPage").then((loaded) => ({ default: loaded.ReportsPage })));

export const page: Page = {
  name: "reports",
  entry: { order: 50, text: (t) => t.reports.title },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.reports.title, parents: [], isTable: false }),
  content: ({ started, route }) => <ReportsPage graphql={started.graphql} route={route} />,
};
