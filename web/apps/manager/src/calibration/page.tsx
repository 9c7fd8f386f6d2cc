import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const CalibrationPage = lazy(async () => ({ default: (await import("./CalibrationPage")).CalibrationPage }));

export const page: Page = {
  name: "calibration",
  entry: { order: 44, text: (t) => t.calibration.title, roles: ["supervisor", "coach", "quality", "author", "admin"] },
  frameOf: ([name, ...more], t) => {
    if (more.length > 0) return null;
    return { title: t.calibration.title, parents: name === undefined ? [] : [{ text: t.forms.title, href: hrefOf(["forms"]) }], isTable: false };
  },
  content: ({ rest: [name], route, started }) => <CalibrationPage graphql={started.graphql} name={name ?? null} query={route.query} />,
};
