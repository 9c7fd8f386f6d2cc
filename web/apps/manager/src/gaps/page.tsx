import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";
import { kindOf } from "./gaps";

const GapsPage = lazy(async () => ({ default: (await import("./GapsPage")).GapsPage }));
const GroupPage = lazy(async () => ({ default: (await import("./GroupPage")).GroupPage }));

export const page: Page = {
  name: "gaps",
  entry: { order: 47, text: (t) => t.gaps.titles.INTENT, roles: ["quality"] },
  frameOf: ([kind, id, ...more], t) => {
    if (more.length > 0 || (kind !== undefined && id === undefined)) return null;
    if (kind === undefined) return { title: t.gaps.titles.INTENT, parents: [], isTable: true };
    const text = t.gaps.titles[kindOf(kind)];
    return { title: t.gaps.group, parents: [{ text, href: hrefOf(["gaps"], { kind: kind === "intent" ? null : kind }) }], isTable: false };
  },
  content: ({ rest: [kind, id], route, started }) =>
    id === undefined ? <GapsPage graphql={started.graphql} route={route} /> : <GroupPage key={id} graphql={started.graphql} kind={kindOf(kind)} groupId={id} />,
};
