import { fill } from "@sotto/ui";
import type { Way as AnnotationWay } from "@sotto/call";
import { useWording } from "../../messages";
import "./Way.css";

/** One bar from the word to the screen, cut where one stage hands over to the next, and the same in figures. */
export function Way({ way }: { way: AnnotationWay }) {
  const { t } = useWording();
  if (way.from === "time") return <p>{t.way.time}</p>;
  const share = (ms: number) => `${((100 * ms) / Math.max(1, way.totalMs)).toFixed(1)}%`;
  return (
    <div className="way">
      <p>
        <strong>{Math.round(way.totalMs)} ms</strong> {fill(t.way.counted, { from: t.way.from[way.from], to: t.way.to[way.to] })}
      </p>
      <div className="way-bar" aria-hidden="true">
        {way.stages.map((stage) => (
          <span key={stage.name} style={{ width: share(stage.ms) }} />
        ))}
      </div>
      <dl>
        {way.stages.map((stage) => (
          <div key={stage.name}>
            <dt>{(t.way.stages as Record<string, string>)[stage.name] ?? stage.name.replace(/_/g, " ")}</dt>
            <dd>{Math.round(stage.ms)} ms</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
