export const home = {
  title: "Today",
  until: "{day}, until {hour}:00 UTC",
  whole: "{day}, the whole day (UTC)",
  ask: "Ask for another figure",
  figures: "Figures so far",
  comparedText: "Beside the same hours of the same weekday a week before. Conversations are counted within a quarter of an hour after they end.",
  before: "{value} a week before",
  nothingBefore: "Nothing a week before",
  better: ": better",
  worse: ": worse",
  live: { one: "One call is under way", other: "{count} calls are under way" },
  atRisk: { one: "one asks for a look", other: "{count} ask for a look" },
};
