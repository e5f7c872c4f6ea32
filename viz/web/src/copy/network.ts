// The network of a release in the browser of a copy: explore/network.json and the words that go with it, unpacked. How a
// statement stands on a day, and which statement stands for a connection: twins of graph/read/network.py.
import { valid } from "../explore/asof";
import type { Standing } from "../explore/scene";
import type { Family, Kind } from "../explore/state";

export interface PackedNetwork {
  readonly families: readonly Family[]; readonly statements: readonly string[]; readonly predicates: readonly string[];
  readonly kinds: readonly string[]; readonly groups: readonly string[]; readonly drawn: readonly Kind[];
  readonly nodes: {
    readonly id: readonly string[]; readonly kind: readonly number[]; readonly group: readonly number[];
    readonly start: readonly (string | null)[]; readonly end: readonly (string | null)[]; readonly degree: readonly number[];
  };
  readonly edges: {
    readonly id: readonly string[]; readonly kind: readonly number[]; readonly subject: readonly number[];
    readonly predicate: readonly number[]; readonly object: readonly number[]; readonly family: readonly number[];
    readonly directed: readonly number[]; readonly start: readonly (string | null)[]; readonly end: readonly (string | null)[];
    readonly known: readonly (string | null)[]; readonly ended: readonly (string | null)[];
    readonly inferred: readonly number[]; readonly sources: readonly (readonly number[])[];
  };
  readonly links: readonly { readonly a: number; readonly b: number; readonly family: number; readonly edges: readonly number[] }[];
  readonly sources: readonly Source[];
  readonly first: Readonly<Record<string, readonly string[]>>;
}

export interface Source { readonly id: string; readonly title: string; readonly publisher: string; readonly issued: string; readonly url: string }
export interface NetNode {
  readonly number: number; readonly id: string; readonly type: string; readonly group: string; readonly kind: Kind;
  readonly start: string | null; readonly end: string | null;
}
export interface NetEdge {
  readonly number: number; readonly id: string; readonly kind: string; readonly rank: number; readonly subject: number;
  readonly predicate: string; readonly object: number; readonly family: Family; readonly directed: boolean;
  readonly start: string | null; readonly end: string | null; readonly known: string | null; readonly ended: string | null;
  readonly inferred: boolean; readonly sources: readonly number[];
}
export interface Link { readonly number: number; readonly a: number; readonly b: number; readonly family: Family; readonly edges: readonly number[] }

/** A line of a view: the statement that stands for a connection, and whether that is certain. */
export interface Shown { readonly link: number; readonly edge: number; readonly standing: "valid" | "unknown" }

export class Network {
  readonly nodes: readonly NetNode[];
  readonly edges: readonly NetEdge[];
  readonly links: readonly Link[];
  readonly sources: readonly Source[];
  readonly degree: readonly number[];
  readonly first: Readonly<Record<string, readonly string[]>>;
  /** The links of each node. */
  readonly incident: readonly (readonly number[])[];
  readonly statements: ReadonlyMap<string, number>;
  private readonly numbers: ReadonlyMap<string, number>;

  constructor(packed: PackedNetwork) {
    const { nodes, edges } = packed;
    this.nodes = nodes.id.map((id, number) => ({
      number, id, type: packed.kinds[nodes.kind[number] ?? 0] ?? "", group: packed.groups[nodes.group[number] ?? 0] ?? "",
      kind: packed.drawn[nodes.kind[number] ?? 0] as Kind, start: nodes.start[number] ?? null, end: nodes.end[number] ?? null,
    }));
    this.edges = edges.id.map((id, number) => ({
      number, id, kind: packed.statements[edges.kind[number] ?? 0] ?? "", rank: edges.kind[number] ?? 0,
      subject: edges.subject[number] ?? 0, predicate: packed.predicates[edges.predicate[number] ?? 0] ?? "",
      object: edges.object[number] ?? 0, family: packed.families[edges.family[number] ?? 0] as Family,
      directed: edges.directed[number] === 1, start: edges.start[number] ?? null, end: edges.end[number] ?? null,
      known: edges.known[number] ?? null, ended: edges.ended[number] ?? null, inferred: edges.inferred[number] === 1,
      sources: edges.sources[number] ?? [],
    }));
    this.links = packed.links.map((one, number) => ({ number, a: one.a, b: one.b, family: packed.families[one.family] as Family, edges: one.edges }));
    this.sources = packed.sources;
    this.degree = nodes.degree;
    this.first = packed.first;
    const incident: number[][] = nodes.id.map(() => []);
    for (const link of this.links) {
      incident[link.a]?.push(link.number);
      if (link.b !== link.a) incident[link.b]?.push(link.number);
    }
    this.incident = incident;
    this.numbers = new Map(nodes.id.map((id, number) => [id, number]));
    this.statements = new Map(edges.id.map((id, number) => [id, number]));
  }

  node(number: number): NetNode {
    const found = this.nodes[number];
    if (!found) throw new RangeError(`no node ${number}`);
    return found;
  }

  edge(number: number): NetEdge {
    const found = this.edges[number];
    if (!found) throw new RangeError(`no statement ${number}`);
    return found;
  }

  link(number: number): Link {
    const found = this.links[number];
    if (!found) throw new RangeError(`no link ${number}`);
    return found;
  }

  /** The node of an id. Raises an error that names an id which the release does not have. */
  find(id: string): NetNode {
    const number = this.numbers.get(id);
    if (number === undefined) throw new RangeError(`(${id})`);
    return this.node(number);
  }

  /** The number of an id, undefined where the release does not have it. */
  number(id: string): number | undefined {
    return this.numbers.get(id);
  }

  /** Every link of a node with the node at its other end. */
  *neighbours(node: number): Generator<readonly [number, Link]> {
    for (const number of this.incident[node] ?? []) {
      const link = this.link(number);
      yield [link.a === node ? link.b : link.a, link];
    }
  }
}

/** The node at the other end of a statement. */
export function other(edge: NetEdge, node: number): number {
  return node === edge.subject ? edge.object : edge.subject;
}

/** False where the node certainly does not exist on the day. */
export function exists(node: NetNode, on: string): boolean {
  return valid(on, node.start, node.end) !== "no";
}

/** Whether a statement holds on a day: certainly, perhaps, or (null) certainly not. */
export function holds(net: Network, edge: NetEdge, on: string): "valid" | "unknown" | null {
  const found = valid(on, edge.start, edge.end, edge.known);
  if (found === "no") return null;
  if (found === "yes") {
    // it ended on a day that nobody states: until it is known to have, it may hold
    if (edge.end === null && edge.ended !== null) return on < edge.ended ? "unknown" : null;
    return "valid";
  }
  return [edge.subject, edge.object].every((one) => exists(net.node(one), on)) ? "unknown" : null;
}

/** The same with the two ways of not holding told apart: twin of `standing` in viz/view.py. */
export function standing(net: Network, edge: NetEdge, on: string): Standing {
  const found = holds(net, edge, on);
  if (found !== null) return found;
  const ended = edge.end !== null && edge.end <= on;
  const gone = [edge.subject, edge.object].some((one) => {
    const { end } = net.node(one);
    return end !== null && end <= on;
  });
  return ended || (gone && edge.start === null) ? "ended" : "future";
}

/** The statement that stands for a link on a day, or null where none of it holds or may hold. */
export function shown(net: Network, link: Link, on: string): Shown | null {
  let best: readonly [number, number] | null = null;
  let chosen: Shown | null = null;
  for (const number of link.edges) {
    const edge = net.edge(number);
    const state = holds(net, edge, on);
    if (state === null) continue;
    const key = [edge.rank, Number(state === "unknown")] as const;
    if (best === null || key[0] < best[0] || (key[0] === best[0] && key[1] < best[1])) {
      best = key;
      chosen = { link: link.number, edge: number, standing: state };
    }
  }
  return chosen;
}

/** What a view is restricted to: families (empty: all) and a day. */
export interface Only { readonly families: ReadonlySet<Family>; readonly on: string }

/** The line of a link in a view, or null. */
export function lineOf(net: Network, link: Link, only: Only): Shown | null {
  if (only.families.size && !only.families.has(link.family)) return null;
  return shown(net, link, only.on);
}
