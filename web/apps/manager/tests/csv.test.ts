import { expect, it } from "vitest";
import { csvOf } from "../src/table/csv";

const columns = [
  { title: "Agent", value: (row: { agent: string; score: number | null }) => row.agent },
  { title: "Score, %", value: (row: { agent: string; score: number | null }) => row.score },
];

it("a table is written as RFC 4180 says, with the mark by which Excel knows UTF-8", () => {
  const rows = [
    { agent: 'Maria "Mia" Lopez', score: 80.5 },
    { agent: "Müller, Otto\nRetention", score: null },
  ];
  expect(csvOf(columns, rows)).toBe('\ufeffAgent,"Score, %"\r\n"Maria ""Mia"" Lopez",80.5\r\n"Müller, Otto\nRetention",\r\n');
});

it.each(["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])("what a spreadsheet would run stays text: %j", (agent) => {
  expect(csvOf(columns, [{ agent, score: -3 }])).toContain(`\r\n'${agent},-3`);
});
