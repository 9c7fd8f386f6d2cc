import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import { useWording } from "../messages";
import { refined } from "../routes/route";
import { currentRoute, refine } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { csvOf, saveText } from "../table/csv";
import type { RuleRow } from "./replayRun";

/** By rule: how often before, how often now, what is gained and lost. Each leads to the calls behind it. */
export function RuleTable({ rules, chosen, isDone }: { rules: readonly RuleRow[]; chosen: string | null; isDone: boolean }) {
  const { t } = useWording();
  const changed = rules.filter((rule) => rule.gained + rule.lost > 0).length;
  const csv = () =>
    saveText(
      `${t.playbooks.replay}.csv`,
      csvOf<RuleRow>(
        [
          { title: t.playbooks.rule, value: (row) => row.name },
          { title: t.playbooks.before, value: (row) => row.before },
          { title: t.playbooks.now, value: (row) => row.after },
          { title: t.playbooks.gained, value: (row) => row.gained },
          { title: t.playbooks.lost, value: (row) => row.lost },
          { title: t.playbooks.unknown, value: (row) => row.unknown },
        ],
        rules,
      ),
    );
  return (
    <div data-rules={rules.length} data-changed={changed}>
      <Table
        items={rules}
        trackBy="id"
        wrapLines
        selectedItems={rules.filter((rule) => rule.id === chosen)}
        ariaLabels={{ tableLabel: t.playbooks.rules }}
        header={
          <Header
            variant="h2"
            counter={`(${rules.length})`}
            description={t.playbooks.rulesText}
            actions={
              <Button iconName="download" disabled={rules.length === 0} onClick={csv}>
                {t.exportCsv}
              </Button>
            }
          >
            {t.playbooks.rules}
          </Header>
        }
        empty={isDone ? <Empty title={t.playbooks.nothingFired} text={t.playbooks.nothingFiredText} /> : <Empty title={t.playbooks.playing} text={t.playbooks.playingText} />}
        columnDefinitions={[
          {
            id: "rule",
            header: t.playbooks.rule,
            isRowHeader: true,
            minWidth: 180,
            cell: (row) => (
              <Link
                href={refined(currentRoute(), { rule: row.id })}
                onFollow={(event) => {
                  event.preventDefault();
                  refine({ rule: row.id });
                }}
              >
                {row.title}
              </Link>
            ),
          },
          { id: "kind", header: t.playbooks.kind, cell: (row) => t.playbooks.kinds[row.kind] },
          { id: "before", header: t.playbooks.before, cell: (row) => row.before },
          { id: "now", header: t.playbooks.now, cell: (row) => row.after },
          { id: "gained", header: t.playbooks.gained, cell: (row) => (row.gained === 0 ? t.none : `+${row.gained}`) },
          { id: "lost", header: t.playbooks.lost, cell: (row) => (row.lost === 0 ? t.none : `−${row.lost}`) },
          { id: "unknown", header: t.playbooks.unknown, cell: (row) => (row.unknown === 0 ? t.none : row.unknown) },
        ]}
      />
    </div>
  );
}
