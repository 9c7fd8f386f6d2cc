import Badge from "@cloudscape-design/components/badge";
import { plural } from "@sotto/ui";
import { useState, useSyncExternalStore } from "react";
import { useWording } from "../../messages";
import type { SharedMoments } from "../../sharedMoments";
import "./FromCoach.css";
import { SharedMomentCard } from "./SharedMomentCard";

const AT_ONCE = 3;

/** Between calls: what coaches shared, that which waits first. Nothing where there is none. */
export function FromCoach({ shared }: { shared: SharedMoments }) {
  const { t, locale } = useWording();
  const moments = useSyncExternalStore(shared.watch, shared.snapshot);
  const [showsAll, setShowsAll] = useState(false);
  if (moments.length === 0) return null;
  const waiting = moments.filter((each) => each.acknowledgedAtMs === null);
  const seen = moments.filter((each) => each.acknowledgedAtMs !== null);
  const shown = [...waiting, ...(showsAll ? seen : seen.slice(0, Math.max(0, AT_ONCE - waiting.length)))];
  return (
    <section className="from-coach" aria-label={t.coach.title}>
      <h3>
        {t.coach.title} {waiting.length > 0 && <Badge color="blue">{plural(t.coach.fresh, waiting.length, locale)}</Badge>}
      </h3>
      <p role="status" className="offscreen">
        {waiting.length > 0 ? plural(t.coach.waiting, waiting.length, locale) : ""}
      </p>
      <ul>
        {shown.map((each) => (
          <li key={`${each.contactId} ${each.id}`}>
            <SharedMomentCard moment={each} shared={shared} />
          </li>
        ))}
      </ul>
      {shown.length < moments.length && (
        <button type="button" className="plain" onClick={() => setShowsAll(true)}>
          {plural(t.coach.earlier, moments.length - shown.length, locale)}
        </button>
      )}
    </section>
  );
}
