import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const FormsPage = lazy(async () => ({ default: (await import("./FormsPage")).FormsPage }));
const FormPage = lazy(async () => ({ default: (await import("./FormPage")).FormPage }));

export const page: Page = {
  name: "forms",
  entry: { order: 42, text: (t) => t.forms.title, roles: ["supervisor", "coach", "quality", "author", "admin"] },
  frameOf: ([name, ...more], t) => {
    if (more.length > 0) return null;
    if (name === undefined) return { title: t.forms.title, parents: [], isTable: false };
    return { title: t.forms.one, parents: [{ text: t.forms.title, href: hrefOf(["forms"]) }], isTable: false };
  },
  content: ({ rest: [name], started }) => (name === undefined ? <FormsPage graphql={started.graphql} /> : <FormPage key={name} graphql={started.graphql} name={name} />),
};
