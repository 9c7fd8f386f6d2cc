import { useState } from "react";
import "./AgeBar.css";

/** How much time the card has left. One animation, set when the card appears, so that nothing ticks. */
export function AgeBar({ passed, totalMs }: { passed: number; totalMs: number }) {
  const [style] = useState(() => ({ animationDuration: `${totalMs}ms`, animationDelay: `${-Math.round(passed * totalMs)}ms` }));
  return <span className="age" aria-hidden="true" style={style} />;
}
