import { fill } from "@sotto/ui";
import type { Messages } from "../messages/en";
import type { TreeNode } from "./tree";

/** What a node of a tree says, in two short lines. */
export function nodeText(node: TreeNode, t: Messages): { readonly head: string; readonly detail: string } {
  const kinds: Record<string, string | undefined> = t.playbooks.nodeKinds;
  const roles: Record<string, string | undefined> = t.playbooks.nodeRoles;
  const kind = node.kind === "detected" ? node.name : (kinds[node.kind] ?? node.kind);
  const role = node.role === null || node.role === "when" ? "" : `${roles[node.role] ?? node.role}: `;
  const name = node.kind === "detected" || node.parent === null ? "" : node.name.replaceAll("_", " ");
  const what = [name, node.parent === null ? node.name : node.about.join(", ")].filter((part) => part !== "");
  const by = node.speaker === null ? "" : fill(t.playbooks.by, { speaker: node.speaker });
  const time = node.withinMs === null ? "" : fill(t.playbooks.seconds, { seconds: node.withinMs / 1000 });
  return { head: `${role}${kind}`, detail: [...what, by, time].filter((part) => part !== "").join(" · ") };
}
