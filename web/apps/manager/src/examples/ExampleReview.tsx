import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { LearningExample } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { LiveRegion, type Shortcut, fill, plural, useShortcuts } from "@sotto/ui";
import { useCallback, useEffect, useRef } from "react";
import { useWording } from "../messages";
import { ExampleText } from "./ExampleText";
import { useReview } from "./useReview";

const KEYS = { accept: "a", other: "o", nothing: "n", skip: "s", undo: "u" } as const;

interface Props {
  graphql: Requests;
  loaded: readonly LearningExample[];
  labels: readonly string[];
  /** All of them are answered. */
  onDone: () => void;
}

/** One example, its answers, and the keys for them. */
export function ExampleReview({ graphql, loaded, labels, onDone }: Props) {
  const { t, locale } = useWording();
  const { queue, trouble, isSending, answer, skip, undo } = useReview(graphql, loaded);
  const select = useRef<SelectProps.Ref>(null);
  const example = queue.waiting[0];
  const last = queue.answered[0];
  const nameOf = (label: string | null) => (label === null ? t.examples.nothing : label === "none_of_these" ? t.examples.noneOfThese : label.replaceAll("_", " "));
  const act = useCallback(
    (shortcut: Shortcut<typeof KEYS>) => {
      if (shortcut === "accept" && example?.proposed) answer(example.proposed);
      if (shortcut === "other") select.current?.focus();
      if (shortcut === "nothing" && example) answer(null);
      if (shortcut === "skip") skip();
      if (shortcut === "undo") undo();
    },
    [answer, example, skip, undo],
  );
  useShortcuts(KEYS, true, act);
  useEffect(() => {
    if (!example) onDone();
  }, [example, onDone]);
  return (
    <SpaceBetween size="l">
      {trouble.state !== "none" && (
        <Alert type={trouble.state === "refused" ? "warning" : "error"}>{trouble.state === "refused" ? fill(t.examples.refused, { reason: trouble.reason }) : t.examples.failed}</Alert>
      )}
      <Container
        header={
          <Header variant="h2" description={plural(t.examples.left, queue.waiting.length, locale)}>
            {t.examples.one}
          </Header>
        }
        footer={
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <Button variant="primary" disabled={!example?.proposed || isSending} onClick={() => act("accept")}>
              {t.examples.accept} (a)
            </Button>
            <Button disabled={!example || isSending} onClick={() => act("nothing")}>
              {t.examples.isNothing} (n)
            </Button>
            <Button disabled={queue.waiting.length < 2 || isSending} onClick={() => act("skip")}>
              {t.examples.skip} (s)
            </Button>
            <Button iconName="undo" disabled={!last || isSending} onClick={() => act("undo")}>
              {t.examples.undo} (u)
            </Button>
          </SpaceBetween>
        }
      >
        {example && (
          <SpaceBetween size="l">
            <ExampleText example={example} nameOf={nameOf} />
            <div>
              <Box variant="awsui-key-label">{t.examples.other} (o)</Box>
              <Select
                ref={select}
                ariaLabel={t.examples.other}
                placeholder={t.examples.choose}
                filteringType="auto"
                filteringAriaLabel={t.examples.choose}
                disabled={isSending}
                selectedOption={null}
                options={labels.filter((label) => label !== example.proposed).map((label) => ({ value: label, label: nameOf(label) }))}
                onChange={({ detail }) => detail.selectedOption.value !== undefined && answer(detail.selectedOption.value)}
              />
            </div>
          </SpaceBetween>
        )}
      </Container>
      <LiveRegion text={last ? fill(t.examples.answered, { label: nameOf(last.label) }) : ""} />
      {last && <Box color="text-body-secondary">{fill(t.examples.answered, { label: nameOf(last.label) })}</Box>}
    </SpaceBetween>
  );
}
