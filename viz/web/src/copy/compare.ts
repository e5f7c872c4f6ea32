// What two or three nodes have in common and what not: twin of graph/read/compare.py.
import { exists, lineOf, type NetNode, type Network, type Only, type Shown } from "./network";

const SECTIONS = ["commitments", "monitoring", "memberships", "projects", "partners", "texts"] as const;
export type Section = (typeof SECTIONS)[number];

/** One node and the lines that link each compared node to it; empty where there is none. */
export interface Row { readonly node: NetNode; readonly lines: readonly (readonly Shown[])[]; readonly shared: boolean }
export interface Comparison { readonly direct: readonly Shown[]; readonly sections: ReadonlyMap<Section, readonly Row[]> }

export function compare(net: Network, numbers: readonly number[], only: Only): Comparison {
  const found = new Map<string, { section: Section; node: number; columns: Shown[][] }>();
  const direct = new Map<number, Shown>();
  numbers.forEach((number, column) => {
    for (const [other, link] of net.neighbours(number)) {
      const line = lineOf(net, link, only);
      if (line === null || !exists(net.node(other), only.on)) continue;
      if (numbers.includes(other)) {
        direct.set(link.number, line);
        continue;
      }
      const section = sectionOf(net, other, line);
      const key = `${section} ${other}`;
      const row = found.get(key) ?? { section, node: other, columns: numbers.map(() => []) };
      row.columns[column]?.push(line);
      found.set(key, row);
    }
  });
  const sections = new Map<Section, readonly Row[]>();
  for (const section of SECTIONS) {
    const rows = [...found.values()].filter((one) => one.section === section).map((one) => ({
      node: net.node(one.node),
      lines: one.columns.map((lines) => [...lines].sort((a, b) => a.link - b.link)),
      shared: one.columns.every((lines) => lines.length > 0),
    }));
    const columns = (row: Row): number => row.lines.filter((lines) => lines.length).length;
    rows.sort((a, b) => columns(b) - columns(a) || (net.degree[b.node.number] ?? 0) - (net.degree[a.node.number] ?? 0) || (a.node.id < b.node.id ? -1 : 1));
    sections.set(section, rows);
  }
  return { direct: [...direct.keys()].sort((a, b) => a - b).map((number) => direct.get(number) as Shown), sections };
}

function sectionOf(net: Network, other: number, line: Shown): Section {
  const node = net.node(other);
  const edge = net.edge(line.edge);
  if (edge.kind === "PartyStatus" || edge.kind === "TreatyAction") return "commitments";
  if (node.group === "Project") return "projects";
  if (edge.family === "monitoring") return "monitoring";
  if (node.group === "Instrument" || node.group === "Judgment") return "texts";
  return ["memberOf", "partOf", "participatesIn"].includes(edge.predicate) ? "memberships" : "partners";
}
