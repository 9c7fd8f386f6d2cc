/** A byte for each part, as Recording.peaks writes them. */
export function levelsOf(peaks: string): readonly number[] {
  return Array.from(atob(peaks), (part) => part.charCodeAt(0));
}

/** Of 100: half the height that a channel is drawn in, so that a full one fills it. */
const HALF = 50;

/**
 * A channel's outline as an SVG path in a box of `durationMs` by 100: up along the tops, back along the bottoms. Loudness is
 * drawn by its root, as quiet speech would be a line otherwise.
 */
export function outlineOf(levels: readonly number[], durationMs: number): string {
  if (levels.length === 0) return "";
  const width = durationMs / levels.length;
  const at = (place: number) => Math.round((place + 0.5) * width);
  const height = (level: number) => Math.round(Math.sqrt(level / 255) * HALF * 10) / 10;
  const tops = levels.map((level, place) => `${at(place)} ${HALF - height(level)}`);
  const bottoms = levels.map((level, place) => `${at(place)} ${HALF + height(level)}`).reverse();
  return `M${[...tops, ...bottoms].join("L")}Z`;
}
