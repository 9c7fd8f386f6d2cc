import type { TreeNode } from "@sotto/api";

export type { TreeNode };

export interface Placed {
  readonly node: TreeNode;
  readonly column: number;
  readonly row: number;
  /** Of the node that it leads to; null of the root. */
  readonly parent: { readonly column: number; readonly row: number } | null;
}

export interface Drawing {
  readonly placed: readonly Placed[];
  readonly columns: number;
  readonly rows: number;
}

/** Roots: moments, cards and ticks, in the order of the file. */
export function rootsOf(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return nodes.filter((node) => node.parent === null);
}

/** The tree below a root: it at the left, each condition a column further, and each above the middle of its own. */
export function drawn(nodes: readonly TreeNode[], rootId: string): Drawing {
  const children = new Map<string, TreeNode[]>();
  for (const node of nodes) if (node.parent !== null) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  const placed: Placed[] = [];
  let rows = 0;
  let columns = 0;
  const place = (node: TreeNode, column: number): number => {
    columns = Math.max(columns, column + 1);
    const below = (children.get(node.id) ?? []).map((child) => ({ child, row: place(child, column + 1) }));
    const first = below[0]?.row;
    const last = below.at(-1)?.row;
    const row = first === undefined || last === undefined ? rows++ : (first + last) / 2;
    for (const { child } of below) {
      const at = placed.findIndex((each) => each.node.id === child.id);
      const known = placed[at];
      if (known) placed[at] = { ...known, parent: { column, row } };
    }
    placed.push({ node, column, row, parent: null });
    return row;
  };
  const root = nodes.find((node) => node.id === rootId);
  if (root) place(root, 0);
  return { placed, columns, rows };
}

/** The same in words, a line for each node, indented by how deep it stands. */
export function linesOf(nodes: readonly TreeNode[], rootId: string, say: (node: TreeNode) => string): readonly { readonly depth: number; readonly text: string; readonly id: string }[] {
  const found: { depth: number; text: string; id: string }[] = [];
  const walk = (node: TreeNode, depth: number) => {
    found.push({ depth, text: say(node), id: node.id });
    for (const child of nodes) if (child.parent === node.id) walk(child, depth + 1);
  };
  const root = nodes.find((node) => node.id === rootId);
  if (root) walk(root, 0);
  return found;
}
