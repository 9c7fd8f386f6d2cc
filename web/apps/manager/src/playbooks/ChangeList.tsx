import Badge from "@cloudscape-design/components/badge";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { DraftParts } from "@sotto/api";
import { useWording } from "../messages";

const COLOURS = { ADDED: "green", CHANGED: "blue", REMOVED: "red" } as const;

/** What is another than before, by name. */
export function ChangeList({ changes }: { changes: DraftParts["changes"] }) {
  const { t } = useWording();
  if (changes.length === 0) return <>{t.playbooks.sameMeaning}</>;
  return (
    <SpaceBetween size="xs">
      {changes.map(({ kind, name, how }) => (
        <div key={`${kind} ${name}`}>
          <Badge color={COLOURS[how]}>{t.playbooks.how[how]}</Badge> {t.playbooks.kinds[kind]} {name.replaceAll("_", " ")}
        </div>
      ))}
    </SpaceBetween>
  );
}
