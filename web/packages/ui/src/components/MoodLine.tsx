import "./MoodLine.css";

export interface MoodPoint {
  readonly atMs: number;
  /** -1 (bad) to 1 (good). */
  readonly value: number;
}

interface Props {
  points: readonly MoodPoint[];
  tone: "good" | "bad" | "even";
}

const WIDTH = 72;
const HEIGHT = 22;
/** Room for the scale's signs. */
const LEFT = 11;

/** A mood over time, with its scale. For the eyes alone: what it says stands beside it in words. */
export function MoodLine({ points, tone }: Props) {
  const last = points.at(-1);
  if (!last) return null;
  const first = points[0] ?? last;
  const spanMs = Math.max(1, last.atMs - first.atMs);
  const x = (point: MoodPoint) => (points.length > 1 ? LEFT + 3 + ((point.atMs - first.atMs) / spanMs) * (WIDTH - LEFT - 6) : LEFT + 3);
  return (
    <svg className="mood-line" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <text x="0" y="8">
        +
      </text>
      <text x="0" y={HEIGHT - 1}>
        −
      </text>
      <line x1={LEFT} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} className="zero" />
      {points.length > 1 && <polyline points={points.map((point) => `${x(point).toFixed(1)},${y(point.value)}`).join(" ")} />}
      <circle cx={x(last).toFixed(1)} cy={y(last.value)} r="3" className={tone} />
    </svg>
  );
}

function y(value: number): string {
  return (HEIGHT / 2 - value * (HEIGHT / 2 - 4)).toFixed(1);
}
