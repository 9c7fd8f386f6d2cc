import type { Page } from "../shell/page";
import { LiveCallsPage } from "./LiveCallsPage";

export const page: Page = {
  name: "live",
  entry: { order: 20, text: (t) => t.liveCalls },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.liveCalls, parents: [], isTable: true }),
  content: ({ started, route }) => <LiveCallsPage feed={started.liveContacts} route={route} />,
};
