import { describe, expect, it } from "vitest";
import { type FormAgreement, compared, ratersOf } from "../src/calibration/sideBySide";
import { type QueuedScorecard, ROWS_PER_PAGE, filterOf, queryOf, queueViewOf, rowsOf, withConditions } from "../src/scorecards/queueView";
import { type Evaluation, type Scorecard, actionsOf, draftOf, givenOf, sectionsOf } from "../src/scorecards/scorecard";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const view = (query: string) => queueViewOf(new URLSearchParams(query));
const row: QueuedScorecard = { contactId: "c", form: "f", state: "UNSEEN", startedAtMs: 1_000, agent: "maria", agentName: null, team: "service", queue: null, percentage: 80, hasFailed: false, determined: 1 };

describe("the queue", () => {
  it("is what needs a review, of the last month, the latest first, unless the address says otherwise", () => {
    expect(view("")).toEqual({ tab: "unseen", conditions: [], period: { days: 30 }, sort: "started", isDescending: true, page: 1 });
    expect(queryOf(view(""))).toEqual({ page: null, tab: null, period: null, sort: null });
    expect(view("tab=appealed&f=team=retention&f=score<=40&sort=score&page=2&period=7")).toMatchObject({ tab: "appealed", sort: "score", isDescending: false, page: 2, period: { days: 7 } });
  });

  it.each(["tab=lost", "f=colour=red", "f=score=80", "f=score<=many", "f=score<=101", "f=team>=a", "sort=colour", "page=0"])("with nonsense in the address is the plain one: %s", (query) => {
    expect(view(query)).toEqual(view(""));
  });

  it("asks the server for what narrows, and for no order", () => {
    const asked = filterOf(view("tab=seen&f=agent=a&f=agent=b&f=form=f&f=score<=40&f=score<=20&period=1&sort=score"), NOW);
    expect(asked).toEqual({ sinceMs: NOW - DAY_MS, untilMs: NOW + DAY_MS, agents: ["a", "b"], forms: ["f"], states: ["SEEN"], maxScore: 20 });
    expect(filterOf(view("tab=all&period=1"), NOW)).toEqual({ sinceMs: NOW - DAY_MS, untilMs: NOW + DAY_MS });
  });

  it("keeps the tab where conditions change, from the first page", () => {
    const next = withConditions(new URLSearchParams("tab=all&f=team=a&page=3"), [{ property: "team", operator: "=", value: "Cards & more" }]);
    expect(queueViewOf(next)).toEqual({ ...view("tab=all"), conditions: [{ property: "team", operator: "=", value: "Cards & more" }] });
  });

  it.each([
    ["sort=score", [10, 80, null]],
    ["sort=-score", [80, 10, null]],
  ])("has what has no score last either way: %s", (query, scores) => {
    const rows = [{ ...row, percentage: null }, row, { ...row, percentage: 10 }];
    expect(rowsOf(rows, view(query)).rows.map(({ percentage }) => percentage)).toEqual(scores);
  });

  it("is paged, and shows the last page where there are fewer by now", () => {
    const rows = Array.from({ length: ROWS_PER_PAGE + 1 }, () => row);
    expect(rowsOf(rows, view("page=9"))).toMatchObject({ pages: 2, page: 2, rows: [row] });
  });
});

const answer = { question: "greet", standing: "ANSWERED", value: "yes", how: "PLAYBOOK", confidence: 0.8, utteranceIds: ["u1"], fromMs: null, toMs: null, reason: "shown" } as const;
const machine: Evaluation = { version: 1, kind: "MACHINE", by: "machine", atMs: NOW, percentage: 80, hasFailed: false, determined: 1, answers: [answer] };
const card: Scorecard = { form: "f", title: "F", appealDays: 14, questions: [], stands: machine, versions: [machine], appeal: null, acknowledgedAtMs: null };
const appeal = { version: 1, by: "maria", atMs: NOW, questions: ["greet"], reason: "", decidedVersion: null };
const sue = { role: "supervisor", agent: "sue" };
const maria = { role: "agent", agent: "maria" };

describe("what may be done with a scorecard", () => {
  it.each([
    ["by a supervisor", card, sue, ["review", "calibrate"]],
    ["by somebody who has judged it", { ...card, versions: [machine, { ...machine, version: 2, kind: "CALIBRATION" as const, by: "sue" }] }, sue, ["review"]],
    ["while an appeal waits", { ...card, appeal }, sue, ["decide", "calibrate"]],
    ["by whom the appeal is against", { ...card, appeal, versions: [{ ...machine, by: "sue" }] }, sue, []],
    ["by its agent", card, maria, ["acknowledge", "appeal"]],
    ["by its agent who has seen it", { ...card, acknowledgedAtMs: NOW }, maria, ["appeal"]],
    ["by its agent who has appealed", { ...card, appeal, acknowledgedAtMs: NOW }, maria, []],
    ["by its agent after a final decision", { ...card, acknowledgedAtMs: NOW, stands: { ...machine, kind: "APPEAL" as const } }, maria, []],
    ["by a coach, who reads", card, { role: "coach", agent: "carl" }, []],
    ["before anything stands", { ...card, stands: null }, sue, []],
    ["before it is known who looks", card, null, []],
  ] as const)("%s", (_, scorecard, viewer, actions) => {
    expect(actionsOf(scorecard, viewer, "maria", NOW)).toEqual(actions);
  });

  it("is no appeal when its days are over", () => {
    expect(actionsOf(card, maria, "maria", NOW + 15 * DAY_MS)).toEqual(["acknowledge"]);
  });

  it("a supervisor cannot judge their own call", () => {
    expect(actionsOf(card, { role: "supervisor", agent: "maria" }, "maria", NOW)).toEqual(["acknowledge", "appeal"]);
  });
});

describe("what a person gives", () => {
  const before = draftOf(machine);

  it("is what they changed and nothing else; the machine's reason is no remark of theirs", () => {
    expect(before.get("greet")).toEqual({ value: "yes", comment: "", utteranceIds: ["u1"] });
    expect(givenOf(before, before)).toEqual([]);
    const draft = new Map([...before, ["greet", { value: null, comment: "no chance", utteranceIds: ["u1"] }] as const, ["recap", { value: undefined, comment: "unsure", utteranceIds: [] }] as const]);
    expect(givenOf(draft, before)).toEqual([{ question: "greet", value: null, comment: "no chance", utteranceIds: ["u1"] }]);
  });

  it("is everything where they began with nothing", () => {
    expect(givenOf(before, new Map())).toEqual([{ question: "greet", value: "yes", comment: "", utteranceIds: ["u1"] }]);
  });

  it("stands in the sections of the form, in its order", () => {
    const question = (id: string, section: string) => ({ id, section, title: id, instructions: "", type: "TEXT", mayNotApply: false, options: [], least: 0, most: 0 }) as const;
    const sections = sectionsOf([question("a", "One"), question("b", "Two"), question("c", "One")]);
    expect(sections.map(([title, questions]) => [title, questions.map(({ id }) => id)])).toEqual([
      ["One", ["a", "c"]],
      ["Two", ["b"]],
    ]);
  });
});

describe("raters side by side", () => {
  const values = (given: Record<string, string>) => Object.entries(given).map(([question, value]) => ({ question, value }));
  const figures = { decision: "TOO_FEW", calls: 1, machineHuman: null, machineHumanInterval: null, humanHuman: null, humanHumanInterval: null, alpha: null, raw: null } as const;
  const agreement: FormAgreement = {
    form: "f",
    title: "F",
    version: "1",
    questions: ["greet", "recap", "why"].map((question) => ({ question, title: question, ...figures })),
    calls: [
      { contactId: "c1", raters: [{ by: "tom", values: values({ greet: "yes", recap: "no" }) }, { by: "machine", values: values({ greet: "yes", recap: "yes" }) }] },
      { contactId: "c2", raters: [{ by: "sue", values: values({ greet: "no" }) }, { by: "tom", values: values({ greet: "no" }) }] },
    ],
  };

  it("are the machine first, then people by name", () => {
    expect(ratersOf(agreement.calls)).toEqual(["machine", "sue", "tom"]);
  });

  it("are compared on the calls of both, where they differ first, and not on what neither was asked", () => {
    expect(compared(agreement, "machine", "tom").map(({ contactId, question, differs }) => [contactId, question, differs])).toEqual([
      ["c1", "recap", true],
      ["c1", "greet", false],
    ]);
    expect(compared(agreement, "machine", "sue")).toEqual([]);
  });
});
