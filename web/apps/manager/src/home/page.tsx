import type { Page } from "../shell/page";
import { HomePage } from "./HomePage";

export const page: Page = {
  name: "home",
  entry: { order: 10, text: (t) => t.home.title },
  frameOf: (rest, t) => (rest.length > 0 ? null : { title: t.home.title, parents: [], isTable: false }),
  content: ({ started }) => <HomePage graphql={started.graphql} feed={started.liveContacts} />,
};
