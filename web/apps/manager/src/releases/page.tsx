import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const ReleasesPage = lazy(async () => ({ default: (await import("./ReleasesPage")).ReleasesPage }));
const ReleasePage = lazy(async () => ({ default: (await import("./ReleasePage")).ReleasePage }));

export const page: Page = {
  name: "releases",
  entry: { order: 48, text: (t) => t.releases.title, roles: ["quality", "admin"] },
  frameOf: ([number, ...more], t) => {
    if (more.length > 0) return null;
    if (number === undefined) return { title: t.releases.title, parents: [], isTable: true };
    return /^[1-9]\d{0,8}$/.test(number) ? { title: t.releases.one, parents: [{ text: t.releases.title, href: hrefOf(["releases"]) }], isTable: false } : null;
  },
  content: ({ rest: [number], started }) => (number === undefined ? <ReleasesPage graphql={started.graphql} /> : <ReleasePage key={number} graphql={started.graphql} number={Number(number)} />),
};
