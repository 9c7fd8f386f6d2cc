import { lazy } from "react";
import type { Page } from "../shell/page";

const SettingsPage = lazy(async () => ({ default: (await import("./SettingsPage")).SettingsPage }));

export const page: Page = {
  name: "settings",
  entry: { order: 90, text: (t) => t.settingsPage.title, roles: ["supervisor", "coach", "quality", "analyst", "author", "admin"] },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.settingsPage.title, parents: [], isTable: false }),
  content: ({ started }) => <SettingsPage graphql={started.graphql} token={started.token} />,
};
