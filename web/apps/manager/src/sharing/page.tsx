import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const SharedMomentsPage = lazy(async () => ({ default: (await import("./SharedMomentsPage")).SharedMomentsPage }));

export const page: Page = {
  name: "shared",
  entry: { order: 47, text: (t) => t.sharing.list, roles: ["supervisor", "coach", "quality"] },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.sharing.list, parents: [{ text: t.coaching.title, href: hrefOf(["coaching"]) }], isTable: true }),
  content: ({ started, route }) => <SharedMomentsPage graphql={started.graphql} route={route} />,
};
