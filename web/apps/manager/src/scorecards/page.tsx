import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const QueuePage = lazy(async () => ({ default: (await import("./QueuePage")).QueuePage }));
const ScorecardPage = lazy(async () => ({ default: (await import("./ScorecardPage")).ScorecardPage }));

export const page: Page = {
  name: "scorecards",
  entry: { order: 40, text: (t) => t.scorecards.title },
  frameOf: ([contactId, form, ...more], t) => {
    if (more.length > 0) return null;
    if (contactId === undefined) return { title: t.scorecards.title, parents: [], isTable: true };
    return form === undefined ? null : { title: t.scorecards.one, parents: [{ text: t.scorecards.title, href: hrefOf(["scorecards"]) }], isTable: false };
  },
  content: ({ rest: [contactId, form], started, route }) =>
    contactId === undefined || form === undefined ? <QueuePage graphql={started.graphql} route={route} /> : <ScorecardPage key={`${contactId}/${form}`} contactId={contactId} form={form} started={started} />,
};
