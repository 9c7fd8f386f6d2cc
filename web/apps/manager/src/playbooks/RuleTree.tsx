import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { nodeText } from "./nodeText";
import "./RuleTree.css";
import { type TreeNode, drawn, linesOf, rootsOf } from "./tree";

const WIDTH = 210;
const HEIGHT = 52;
const ACROSS = 40;
const DOWN = 14;
const LONGEST = 30;

/** What leads to one moment, card or tick, drawn from left to right; which one is in the address. */
export function RuleTree({ nodes, route }: { nodes: readonly TreeNode[]; route: Route }) {
  const { t } = useWording();
  const roots = rootsOf(nodes);
  const chosen = roots.find((root) => root.id === route.query.get("rule")) ?? roots[0];
  if (!chosen) return <Empty title={t.playbooks.noRules} text={t.playbooks.noRulesText} />;
  const groups = (["moment-defined", "action", "item"] as const).map((kind) => ({
    label: t.playbooks.roots[kind],
    options: roots.filter((root) => root.kind === kind).map((root) => ({ value: root.id, label: root.name, description: root.id.split("/").slice(1).join("/") })),
  }));
  return (
    <SpaceBetween size="m">
      <Select
        selectedOption={{ value: chosen.id, label: chosen.name }}
        options={groups.filter((group) => group.options.length > 0)}
        filteringType="auto"
        ariaLabel={t.playbooks.chooseRule}
        onChange={({ detail }) => refine({ rule: detail.selectedOption.value ?? null })}
      />
      <Picture nodes={nodes} root={chosen} />
      <ExpandableSection headerText={t.playbooks.asText}>
        <ul className="tree-text">
          {linesOf(nodes, chosen.id, (node) => textOf(node, t)).map(({ id, depth, text }) => (
            <li key={id} data-depth={Math.min(depth, 6)}>
              {text}
            </li>
          ))}
        </ul>
      </ExpandableSection>
    </SpaceBetween>
  );
}

function textOf(node: TreeNode, t: Parameters<typeof nodeText>[1]): string {
  const { head, detail } = nodeText(node, t);
  return detail === "" ? head : `${head}: ${detail}`;
}

function Picture({ nodes, root }: { nodes: readonly TreeNode[]; root: TreeNode }) {
  const { t } = useWording();
  const { placed, columns, rows } = drawn(nodes, root.id);
  const x = (column: number) => column * (WIDTH + ACROSS);
  const y = (row: number) => row * (HEIGHT + DOWN);
  return (
    // Wide trees are scrolled, by keys too.
    <div className="tree" tabIndex={0} role="group" aria-label={t.playbooks.picture} data-tree={root.id}>
      <svg role="img" aria-label={`${root.name}: ${placed.length}`} width={x(columns) - ACROSS + 2} height={y(rows) - DOWN + 2}>
        {placed.map(
          ({ node, column, row, parent }) =>
            parent && <path key={node.id} className="tree-line" d={`M ${x(parent.column) + WIDTH} ${y(parent.row) + HEIGHT / 2} H ${x(column) - ACROSS / 2} V ${y(row) + HEIGHT / 2} H ${x(column)}`} />,
        )}
        {placed.map(({ node, column, row }) => {
          const { head, detail } = nodeText(node, t);
          return (
            <g key={node.id} className="tree-node" data-kind={node.parent === null ? "root" : node.kind} transform={`translate(${x(column) + 1} ${y(row) + 1})`}>
              <title>{textOf(node, t)}</title>
              <rect width={WIDTH} height={HEIGHT} rx="8" />
              <text className="tree-head" x="10" y="21">
                {short(head)}
              </text>
              <text x="10" y="40">
                {short(detail)}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
