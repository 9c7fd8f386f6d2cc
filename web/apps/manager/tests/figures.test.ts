import type { FigureParts } from "@sotto/api";
import { describe, expect, it } from "vitest";
import { filtersOf, tokensOf } from "../src/analyst/filterTokens";
import { figureCsv } from "../src/figures/FigureTable";
import { formHref, formOfRow, formViewOf, inputOf, queryOfForm, viewOfServer } from "../src/figures/figureForm";
import { changeOf, keyText, notesOf, sentenceOf, written } from "../src/figures/figureText";
import { soFar, todaysForm } from "../src/home/today";
import { formOfAnomaly } from "../src/home/unusual";
import { de } from "../src/messages/de";
import { en } from "../src/messages/en";
import { withTile } from "../src/reports/keptReports";
import { formOfTile, reportHref, reportViewOf, tilesOf } from "../src/reports/reportView";
import { routeOf } from "../src/routes/route";
import { csvOf } from "../src/table/csv";

const NOON = Date.UTC(2026, 10, 30, 12);

const FIGURE: FigureParts = {
  form: { metric: "average_handle_time", period: { first: "2026-11-23", last: "2026-11-29" }, dimensions: ["team"], filters: [], compare: "PREVIOUS", highest: null, limit: 200 },
  metric: { name: "average_handle_time", title: "Average handle time", note: "", fact: "conversation", unit: "s", good: "low", dimensions: ["team"] },
  sentence: "",
  total: { key: [], value: 376.3, counted: 284, before: 368.9 },
  figures: [{ key: ["=service"], value: 100, counted: 3, before: null }],
  synthetic: true,
  missing: [],
  behind: [],
  chart: "{}",
};

describe("a form in an address", () => {
  it.each(["metric=conversations&period=28", "metric=x&period=2026-11-01..2026-11-30&by=team%2Cday&f=team%3Da%7Cb&f=queue%21%3Dc&compare=week&order=highest&rows=5"])("comes back as it was: %s", (query) => {
    const form = formViewOf(new URLSearchParams(query));
    expect(form && queryOfForm(form).toString()).toBe(query);
  });

  it("is none without a metric, and what says nothing is left out", () => {
    expect(formViewOf(new URLSearchParams("by=team"))).toBeNull();
    const form = formViewOf(new URLSearchParams("metric=x&period=2026-11-30..2026-11-01&f=nonsense&compare=moon&rows=-1&by=a,b,c,d"));
    expect(form).toMatchObject({ period: { days: 28 }, filters: [], compare: "NOTHING", limit: null, dimensions: ["a", "b", "c"] });
  });

  it("is asked in days of UTC, today among them", () => {
    const form = formViewOf(new URLSearchParams("metric=x&period=7"));
    expect(form && inputOf(form, NOON).period).toEqual({ first: "2026-11-24", last: "2026-11-30" });
  });

  it("of a row narrows to its names, and a row without a name has none", () => {
    const form = viewOfServer(FIGURE.form);
    expect(formOfRow(form, ["service"])).toMatchObject({ dimensions: [], filters: [{ dimension: "team", values: ["service"], without: false }] });
    expect(formOfRow(form, [null])).toBeNull();
    expect(formHref("analyst", form, { q: "a & b" })).toContain("q=a+%26+b");
  });
});

describe("a figure", () => {
  it.each([
    [90, "s", "90.0 s"],
    [376.3, "s", "6 min 16 s"],
    [0.573, "share", "57.3%"],
    [1234, "count", "1,234"],
    [0.0124, "usd", "$0.0124"],
    [null, "s", "–"],
  ])("%s %s is written %s", (value, unit, text) => {
    expect(written(value, unit, en, "en-US")).toBe(text);
  });

  it("has a sentence that says which way is better", () => {
    expect(sentenceOf(FIGURE, en, "en")).toBe("Average handle time: 6 min 16 s, from 284 rows, up from 6 min 08 s (the days before), which is worse.");
    expect(sentenceOf({ ...FIGURE, form: { ...FIGURE.form, compare: "NOTHING" } }, de, "de")).toBe("Average handle time: 6 min 16 s, aus 284 Zeilen.");
    expect(sentenceOf({ ...FIGURE, total: { ...FIGURE.total, value: null } }, en, "en")).toContain("nothing to count");
    expect(changeOf({ value: 1, before: 2 }, "neither")).toBeNull();
  });

  it("names days, weekdays and what has no name", () => {
    expect(keyText("2026-11-30", "day", en, "en-GB")).toBe("30 Nov 2026");
    expect(keyText("1", "weekday", en, "en")).toBe("Monday");
    expect(keyText(null, "team", en, "en")).toBe("(none)");
  });

  it("says what it must not be read without", () => {
    expect(notesOf({ synthetic: true, missing: ["2026-11-01"], behind: ["2026-11-30"] }, en, "en")).toHaveLength(3);
  });

  it("is saved as a table without formulas, and says that it is synthetic", () => {
    const lines = csvOf(figureCsv(FIGURE, en), FIGURE.figures).trim().split("\r\n");
    expect(lines).toEqual(["Team,Average handle time (s),Before,Rows counted,Synthetic", "'=service,100,,3,synthetic"]);
  });
});

describe("filters as tokens", () => {
  it("come back, several values of a dimension as one filter", () => {
    const filters = [
      { dimension: "team", values: ["a", "b"], without: false },
      { dimension: "team", values: ["c"], without: true },
    ];
    expect(filtersOf(tokensOf(filters))).toEqual(filters);
    expect(filtersOf([{ operator: "=", value: "free text" }])).toEqual([]);
  });
});

describe("a report", () => {
  const tile = { title: "Mine | ours", query: "metric=conversations&period=7&by=day" };

  it("has its days, teams and tiles in the address", () => {
    const view = { name: "", period: { first: "2026-11-01", last: "2026-11-02" }, teams: ["a", "b"], tiles: [tile] };
    const back = reportViewOf(routeOf(reportHref(view)).query);
    expect(back).toEqual({ ...view, tiles: [{ ...tile, title: "Mine   ours" }] });
    expect(reportHref({ name: "", period: { days: 28 }, teams: [], tiles: [] })).toBe("#/reports");
    expect(reportViewOf(new URLSearchParams("tile=no+metric")).tiles).toEqual([]);
  });

  it("shows its own tiles, the kept ones of its name, or those that everybody begins with", () => {
    const none = { name: "", period: { days: 28 }, teams: [], tiles: [] };
    expect(tilesOf(none, [])).toHaveLength(6);
    expect(tilesOf({ ...none, name: "x" }, [])).toEqual([]);
    const kept = withTile(withTile([], "x", tile), "x", { ...tile, title: "again" });
    expect(tilesOf({ ...none, name: "x" }, kept)).toEqual([{ ...tile, title: "again" }]);
  });

  it("asks each tile over its own days and teams", () => {
    expect(formOfTile(tile, { period: { days: 1 }, teams: ["a"] })).toMatchObject({ period: { days: 1 }, dimensions: ["day"], filters: [{ dimension: "team", values: ["a"] }] });
    expect(formOfTile({ title: "", query: "x" }, { period: { days: 1 }, teams: [] })).toBeNull();
  });
});

describe("what is out of the ordinary", () => {
  it("leads to the hours of its window, which may begin the day before", () => {
    const form = formOfAnomaly({ dimension: "queue", value: "cards", untilMs: Date.UTC(2026, 10, 30, 2), hours: 4 });
    expect(form).toMatchObject({ period: { first: "2026-11-29", last: "2026-11-30" }, dimensions: ["day", "hour"], filters: [{ dimension: "queue", values: ["cards"] }] });
    expect(formOfAnomaly({ dimension: "queue", value: "cards", untilMs: Date.UTC(2026, 10, 30), hours: 24 }).period).toEqual({ first: "2026-11-29", last: "2026-11-29" });
  });
});

describe("today", () => {
  it("is the hours that are over, beside the same weekday", () => {
    const form = todaysForm("conversations", soFar(Date.UTC(2026, 10, 30, 2, 59)));
    expect(form).toMatchObject({ period: { first: "2026-11-30", last: "2026-11-30" }, filters: [{ dimension: "hour", values: ["00", "01"] }], compare: "WEEK" });
  });

  it("is yesterday while no hour is over", () => {
    expect(soFar(Date.UTC(2026, 10, 30, 0, 30))).toEqual({ day: "2026-11-29", hours: 24 });
    expect(todaysForm("x", { day: "2026-11-29", hours: 24 }).filters).toEqual([]);
  });
});
