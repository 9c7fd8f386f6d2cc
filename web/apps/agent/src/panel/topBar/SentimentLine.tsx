import type { SentimentPoint } from "../../call/sentiment";
import { useWording } from "../../messages";
import "./SentimentLine.css";

const WIDTH = 72;
const HEIGHT = 20;

/** A line that rises with the customer's sentiment, and a word for those who don't see it. */
export function SentimentLine({ points }: { points: readonly SentimentPoint[] }) {
  const { t } = useWording();
  const last = points.at(-1);
  if (!last) return null;
  const first = points[0] ?? last;
  const spanMs = Math.max(1, last.atMs - first.atMs);
  const path = points.map((point) => `${(((point.atMs - first.atMs) / spanMs) * (WIDTH - 6) + 3).toFixed(1)},${y(point.value)}`);
  const tone = last.value > 0.2 ? "good" : last.value < -0.2 ? "bad" : "even";
  const label = `${t.sentiment}: ${t.sentimentWords[tone]}`;
  return (
    <>
      <span className="word" aria-hidden="true">
        {t.customer}
      </span>
      <svg className="sentiment" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        <title>{label}</title>
        <line x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} className="zero" />
        {points.length > 1 && <polyline points={path.join(" ")} />}
        <circle cx={points.length > 1 ? WIDTH - 3 : 3} cy={y(last.value)} r="3" className={tone} />
      </svg>
    </>
  );
}

function y(value: number): string {
  return (HEIGHT / 2 - value * (HEIGHT / 2 - 4)).toFixed(1);
}
