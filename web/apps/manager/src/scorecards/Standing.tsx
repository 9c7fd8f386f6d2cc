import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Select from "@cloudscape-design/components/select";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { fill, percent } from "@sotto/ui";
import { type Wording, useWording } from "../messages";
import { type Evaluation, type Scorecard, titleOf } from "./scorecard";

interface Props {
  scorecard: Scorecard;
  shown: Evaluation;
  onShow: (version: number) => void;
}

/** What came of it, by whom, in which version; and what an appeal says. */
export function Standing({ scorecard, shown, onShow }: Props) {
  const wording = useWording();
  const { t, locale } = wording;
  const { appeal, acknowledgedAtMs, stands } = scorecard;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const options = [...scorecard.versions].reverse().map((each) => ({ value: String(each.version), label: versionName(each, stands?.version === each.version, wording) }));
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: t.scorecards.score, value: <ScoreValue shown={shown} /> },
          { label: t.scorecards.determined, value: percent(shown.determined, locale) },
          {
            label: t.scorecards.version,
            value: <Select ariaLabel={t.scorecards.version} selectedOption={options.find(({ value }) => value === String(shown.version)) ?? null} options={options} onChange={({ detail }) => onShow(Number(detail.selectedOption.value))} />,
          },
          { label: t.scorecards.acknowledged, value: acknowledgedAtMs === null ? t.scorecards.notAcknowledged : date.format(acknowledgedAtMs) },
        ]}
      />
      {appeal !== null && (
        <Box padding={{ top: "m" }}>
          <div data-appeal={appeal.decidedVersion === null ? "waiting" : "decided"}>
            <StatusIndicator type={appeal.decidedVersion === null ? "warning" : "success"}>
              {appeal.decidedVersion === null ? fill(t.scorecards.appealWaits, { who: appeal.by, day: date.format(appeal.atMs) }) : fill(t.scorecards.appealDecided, { who: appeal.by, version: appeal.decidedVersion })}
            </StatusIndicator>
            <p>{appeal.questions.map((id) => titleOf(scorecard.questions, id)).join(" · ")}</p>
            {appeal.reason !== "" && <blockquote>{appeal.reason}</blockquote>}
          </div>
        </Box>
      )}
    </Container>
  );
}

function ScoreValue({ shown }: { shown: Evaluation }) {
  const { t, locale } = useWording();
  const score = shown.percentage === null ? t.none : new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(shown.percentage);
  return (
    <span data-score>
      {score} {shown.hasFailed && <StatusIndicator type="error">{t.scorecards.failed}</StatusIndicator>}
    </span>
  );
}

function versionName(each: Evaluation, isStanding: boolean, { t, locale }: Wording): string {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "short" }).format(each.atMs);
  const name = fill(t.scorecards.kinds[each.kind], { version: each.version, who: each.by, day });
  return isStanding ? `${name} (${t.scorecards.stands})` : name;
}
