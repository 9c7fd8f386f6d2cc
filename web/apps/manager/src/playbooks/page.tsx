import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const PlaybookPage = lazy(async () => ({ default: (await import("./PlaybookPage")).PlaybookPage }));
const DraftPage = lazy(async () => ({ default: (await import("./DraftPage")).DraftPage }));
const VersionsPage = lazy(async () => ({ default: (await import("./VersionsPage")).VersionsPage }));
const VersionPage = lazy(async () => ({ default: (await import("./VersionPage")).VersionPage }));
const ReplayPage = lazy(async () => ({ default: (await import("./ReplayPage")).ReplayPage }));

const PARTS = ["drafts", "versions", "replays"];

export const page: Page = {
  name: "playbook",
  entry: { order: 42, text: (t) => t.playbooks.title, roles: ["supervisor", "coach", "quality", "analyst", "author", "admin"] },
  frameOf: ([part, id, ...more], t) => {
    const first = { text: t.playbooks.title, href: hrefOf(["playbook"]) };
    const history = { text: t.playbooks.history, href: hrefOf(["playbook", "versions"]) };
    if (part === undefined) return { title: t.playbooks.title, parents: [], isTable: false };
    if (!PARTS.includes(part) || more.length > 0) return null;
    if (part === "versions") return id === undefined ? { title: t.playbooks.history, parents: [first], isTable: true } : { title: t.playbooks.version, parents: [first, history], isTable: false };
    if (id === undefined) return null;
    return { title: part === "drafts" ? t.playbooks.draft : t.playbooks.replay, parents: [first], isTable: false };
  },
  content: ({ rest: [part, id], route, started: { graphql, token } }) => {
    if (part === undefined) return <PlaybookPage graphql={graphql} token={token} route={route} />;
    if (part === "versions") return id === undefined ? <VersionsPage graphql={graphql} /> : <VersionPage key={id} graphql={graphql} token={token} id={id} />;
    if (part === "replays") return <ReplayPage key={id} graphql={graphql} id={id ?? ""} route={route} />;
    return <DraftPage key={id} graphql={graphql} token={token} id={id ?? ""} route={route} />;
  },
};
