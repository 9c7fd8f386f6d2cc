import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { DraftParts } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";

/** What is wrong and what will hardly do what is meant; each leads to its line. As of what was saved last. */
export function MistakeList({ draft: { mistakes, warnings }, onGo }: { draft: DraftParts; onGo: (line: number) => void }) {
  const { t } = useWording();
  const all = [...mistakes.map((each) => ({ ...each, type: "error" as const })), ...warnings.map((each) => ({ ...each, type: "warning" as const }))];
  return (
    <div data-mistakes={mistakes.length}>
      <SpaceBetween size="xs">
        {all.map(({ line, column, message, type }) => (
          <StatusIndicator key={`${line}:${column} ${message}`} type={type} wrapText>
            <Button variant="inline-link" onClick={() => onGo(line)}>
              {fill(t.playbooks.line, { line })}
            </Button>{" "}
            {message}
          </StatusIndicator>
        ))}
      </SpaceBetween>
    </div>
  );
}
