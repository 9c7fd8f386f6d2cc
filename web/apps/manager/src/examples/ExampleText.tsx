import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { LearningExample } from "@sotto/api";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { settles } from "./exampleQueue";

interface Props {
  example: LearningExample;
  nameOf: (label: string | null) => string;
}

/** What was said, what it may be, and why it is asked about. */
export function ExampleText({ example, nameOf }: Props) {
  const { t, locale } = useWording();
  const warnings = t.examples.warnings as Record<string, string | undefined>;
  return (
    <SpaceBetween size="m">
      <SpaceBetween direction="horizontal" size="xs">
        <Badge color="blue">{t.examples.sources[example.source]}</Badge>
        {example.warnings.map((each) => (
          <Badge key={each} color="severity-medium">
            {warnings[each] ?? each}
          </Badge>
        ))}
      </SpaceBetween>
      <Box variant="p" fontSize="heading-l" data-example-text>
        {`“${example.text}”`}
      </Box>
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: t.examples.proposed, value: example.proposed ? nameOf(example.proposed) : t.examples.nothingProposed },
          {
            label: t.examples.people,
            value: <StatusIndicator type={settles(example) ? "success" : "pending"}>{fill(settles(example) ? t.examples.settles : t.examples.needed, { answers: example.answers, needed: example.needed })}</StatusIndicator>,
          },
          { label: t.examples.recogniser, value: percent(example.confidence, locale) },
        ]}
      />
    </SpaceBetween>
  );
}
