// Unpacks scene.json, the whole network in columns (viz/whole.py), and applies a state's filters and day to it.
import { standing } from "./asof";
import type { Scene, SceneEdge, SceneNode, Standing } from "./scene";
import type { Family, Kind, State } from "./state";

export interface Packed {
  readonly release: string; readonly date: string; readonly epoch: string;
  readonly families: readonly Family[]; readonly kinds: readonly Kind[]; readonly statements: readonly string[];
  readonly predicates: readonly string[]; readonly directed: readonly boolean[];
  readonly nodes: {
    readonly id: readonly string[]; readonly type: readonly string[]; readonly kind: readonly number[];
    readonly en: readonly string[]; readonly fr: readonly (string | null)[]; readonly degree: readonly number[];
    readonly x: readonly number[]; readonly y: readonly number[];
  };
  readonly edges: {
    readonly id: readonly string[]; readonly a: readonly number[]; readonly b: readonly number[];
    readonly family: readonly number[]; readonly kind: readonly number[]; readonly predicate: readonly number[];
    readonly start: readonly (number | null)[]; readonly end: readonly (number | null)[];
    readonly link: readonly number[]; readonly leads: readonly number[]; readonly inferred: readonly number[];
  };
}

/** The nodes and lines of the whole network that a state shows. One line per link, standing as its statements do. */
export function unpack(packed: Packed, state: State, base: Scene): Scene {
  const { nodes, edges } = packed;
  const day = dayMaker(packed.epoch);
  const kinds = new Set<Kind>(state.kinds);
  const families = new Set<Family>(state.families);
  const shown = nodes.id.map((id, at) => {
    const kind = packed.kinds[nodes.kind[at] ?? 0] as Kind;
    return !state.hide.includes(id) && (!kinds.size || kinds.has(kind));
  });
  const standings = new Map<number, Standing>();
  const order: Standing[] = ["valid", "unknown", "ended", "future"];
  edges.link.forEach((link, at) => {
    const found = standing(base.as_of, day(edges.start[at] ?? null), day(edges.end[at] ?? null));
    const before = standings.get(link);
    if (before === undefined || order.indexOf(found) < order.indexOf(before)) standings.set(link, found);
  });
  const lines: SceneEdge[] = [];
  const touched = new Map<number, Standing>();
  edges.id.forEach((id, at) => {
    const [a, b] = [edges.a[at] ?? 0, edges.b[at] ?? 0];
    const family = packed.families[edges.family[at] ?? 0] as Family;
    if (!edges.leads[at] || a === b || !shown[a] || !shown[b] || (families.size && !families.has(family))) return;
    const now = standings.get(edges.link[at] ?? -1) ?? "valid";
    for (const end of [a, b]) {
      const before = touched.get(end);
      if (before === undefined || order.indexOf(now) < order.indexOf(before)) touched.set(end, now);
    }
    lines.push({
      id, source: nodes.id[a] as string, target: nodes.id[b] as string,
      predicate: packed.predicates[edges.predicate[at] ?? 0] as string, family,
      kind: packed.statements[edges.kind[at] ?? 0] as string, label: "",
      directed: packed.directed[edges.predicate[at] ?? 0] ?? true,
      start: day(edges.start[at] ?? null), end: day(edges.end[at] ?? null), standing: now,
      inferred: Boolean(edges.inferred[at]), link: id, leads: true, sources: 1,
    });
  });
  const marks: SceneNode[] = [];
  nodes.id.forEach((id, at) => {
    if (!shown[at]) return;
    const english = nodes.en[at] as string;
    const label = base.lang === "fr" ? nodes.fr[at] ?? english : english;
    marks.push({
      id, kind: packed.kinds[nodes.kind[at] ?? 0] as Kind, type: nodes.type[at] as string, label, name: label, who: "",
      degree: nodes.degree[at] ?? 0, x: nodes.x[at] ?? 0, y: nodes.y[at] ?? 0, focus: false, pinned: false,
      standing: touched.get(at) ?? "valid",
    });
  });
  return { ...base, nodes: marks, edges: lines, groups: [] };
}

function dayMaker(epoch: string): (days: number | null) => string | null {
  const start = Date.parse(`${epoch}T00:00:00Z`);
  const known = new Map<number, string>();
  return (days) => {
    if (days === null) return null;
    let text = known.get(days);
    if (text === undefined) {
      text = new Date(start + days * 86_400_000).toISOString().slice(0, 10);
      known.set(days, text);
    }
    return text;
  };
}
