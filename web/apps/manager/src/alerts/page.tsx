import { lazy } from "react";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";

const AlertsPage = lazy(async () => ({ default: (await import("./AlertsPage")).AlertsPage }));
const AlertPage = lazy(async () => ({ default: (await import("./AlertPage")).AlertPage }));
const RulesPage = lazy(async () => ({ default: (await import("./RulesPage")).RulesPage }));
const RulePage = lazy(async () => ({ default: (await import("./RulePage")).RulePage }));

const RULES = "rules";

export const page: Page = {
  name: "alerts",
  entry: { order: 15, text: (t) => t.alerts.title, roles: ["supervisor", "coach", "quality", "analyst"] },
  frameOf: ([first, second, ...more], t) => {
    const alerts = { text: t.alerts.title, href: hrefOf(["alerts"]) };
    const rules = { text: t.alerts.rules, href: hrefOf(["alerts", RULES]) };
    if (first === undefined) return { title: t.alerts.title, parents: [], isTable: true };
    if (first !== RULES) return second === undefined ? { title: t.alerts.one, parents: [alerts], isTable: false } : null;
    if (second === undefined) return { title: t.alerts.rules, parents: [alerts], isTable: false };
    return more.length === 0 ? { title: t.alerts.rule, parents: [alerts, rules], isTable: false } : null;
  },
  content: ({ rest: [first, second], route, started }) => {
    if (first === undefined) return <AlertsPage graphql={started.graphql} token={started.token} route={route} />;
    if (first !== RULES) return <AlertPage key={first} graphql={started.graphql} token={started.token} id={first} />;
    if (second === undefined) return <RulesPage graphql={started.graphql} token={started.token} />;
    return <RulePage key={second} graphql={started.graphql} token={started.token} id={second} />;
  },
};
