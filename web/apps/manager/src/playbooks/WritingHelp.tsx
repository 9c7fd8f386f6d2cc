import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { KnownNames } from "@sotto/api";
import { useWording } from "../messages";

/** What may stand where, and the names that this tenant has. */
export function WritingHelp({ known }: { known: KnownNames }) {
  const { t } = useWording();
  const words = (names: readonly string[]) => (names.length === 0 ? t.none : names.join(", "));
  return (
    <ExpandableSection headerText={t.playbooks.help}>
      <SpaceBetween size="m">
        <Box variant="p">{t.playbooks.helpText}</Box>
        <KeyValuePairs
          columns={2}
          items={[
            ...t.playbooks.conditions.map(({ written, meaning }) => ({ label: written, value: meaning })),
            ...known.models.map(({ name, task, labels }) => ({ label: `${name} (${task})`, value: words(labels) })),
            { label: t.playbooks.roots["moment-defined"], value: words(known.moments) },
            { label: t.playbooks.articles, value: words(known.articles) },
          ]}
        />
      </SpaceBetween>
    </ExpandableSection>
  );
}
