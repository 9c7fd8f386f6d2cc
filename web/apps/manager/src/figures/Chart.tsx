import { useEffect, useRef, useState } from "react";
import { useWording } from "../messages";
import "./Chart.css";

interface Props {
  /** A specification of Vega-Lite: AWSJSON, which is text over AppSync and may be an object elsewhere. */
  spec: unknown;
  label: string;
}

/** Loaded when the first one is shown: what draws it is larger than the rest of the app. Beside it stands a table with the same numbers. */
export function Chart({ spec, label }: Props) {
  const { t } = useWording();
  const written = typeof spec === "string" ? spec : JSON.stringify(spec);
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"drawing" | "drawn" | "failed">("drawing");
  const [look, setLook] = useState(0);
  useEffect(() => {
    // Colours are read when it is drawn: another appearance draws it anew.
    const observer = new MutationObserver(() => setLook((before) => before + 1));
    observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    let isWanted = true;
    let remove = () => {};
    import("./drawnChart")
      .then(({ drawnChart }) => (isWanted && place.current ? drawnChart(place.current, written, label, t.figures.dimensions) : () => {}))
      .then((done) => {
        if (!isWanted) return done();
        remove = done;
        setState("drawn");
      })
      .catch(() => isWanted && setState("failed"));
    return () => {
      isWanted = false;
      remove();
    };
  }, [written, label, look, t]);
  return (
    <div data-chart={state}>
      <div ref={place} className="chart" role="img" aria-label={label} />
      {state === "failed" && <p className="quiet">{t.figures.noChart}</p>}
    </div>
  );
}
