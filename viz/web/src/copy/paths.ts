// Explanations of how two nodes are connected: twin of graph/read/paths.py, which says why each number is what it is.
// tests/unit/network-vectors.json asks both the same.
import type { Family } from "../explore/state";
import { lineOf, other, type NetEdge, type Network, type Shown } from "./network";

const COST: Readonly<Record<string, number>> = {
  launchedWith: 0.6, signedAgreementWith: 0.7, launched: 0.8, implements: 0.8, funds: 0.8, coordinates: 0.9,
  administers: 0.9, secretariatOf: 0.9, holdsMandate: 0.9, chairs: 0.9, monitors: 0.9, hosts: 1.2, mandatedBy: 1.0,
  partOf: 1.0, contributesTo: 1.1, cooperatesWith: 1.1, participatesIn: 1.2, reportsTo: 1.1, adopted: 1.2, decided: 1.2,
  respondent: 1.2, succeeds: 1.2, supports: 1.3, memberOf: 1.4, takesPlaceIn: 1.5, basedIn: 1.5, partyTo: 2.0,
};
const OTHER = 2.2;
const PASSED = 1.2;
const SHARED = 0.75;
const BUSY = 0.3;
const BUILT = 0.8;
const PARTIES = 50;
const KIND: Readonly<Record<string, number>> = { State: 2.5, Territory: 2.5, Project: -0.6, Initiative: -0.6, Campaign: -0.3 };
const UNDATED = 0.15;
const ENOUGH = 3;
const WORSE = 8.0;

const INITIATIVES = new Set(["Initiative", "Campaign"]);
const ASSOCIATIONS = new Set(["CivilSocietyOrganisation", "Network", "ResearchBody"]);
const TREATIES = new Set(["Treaty", "Protocol"]);
const PERSONS = new Set(["Person", "Mandate"]);
const BY_FAMILY = ["monitoring", "funding", "mandate", "cooperation", "structure"] as const;

/** One link of an explanation, walked from `start` to `end`. */
export interface Step { readonly start: number; readonly end: number; readonly line: Shown }
/** One way in which two nodes are connected. */
export interface Explanation { readonly kind: string; readonly cost: number; readonly steps: readonly Step[] }

interface Hop { readonly end: number; readonly line: Shown; readonly cost: number; readonly atStart: number; readonly atEnd: number }

/** The nodes in between. */
export function through(one: Explanation): number[] {
  return one.steps.slice(0, -1).map((step) => step.end);
}

/** Acts of a treaty count as one relation with the status they lead to. */
function relation(edge: NetEdge): string {
  return edge.kind === "TreatyAction" || edge.kind === "PartyStatus" ? "treaty" : edge.predicate;
}

/** Explanations within a network as of one day; what the day costs is worked out once. */
export class Paths {
  private readonly hops: readonly (readonly Hop[])[];
  private readonly passing: readonly number[];

  constructor(private readonly net: Network, on: string, families: ReadonlySet<Family>) {
    this.hops = this.walkable(on, families);
    this.passing = this.costs();
  }

  private walkable(on: string, families: ReadonlySet<Family>): Hop[][] {
    const { net } = this;
    const found = net.links.map((link) => lineOf(net, link, { families, on })).filter((line) => line !== null);
    const fan = new Map<string, number>();
    const key = (node: number, edge: NetEdge, out: boolean): string => `${node} ${relation(edge)} ${out}`;
    for (const line of found) {
      const edge = net.edge(line.edge);
      for (const one of [key(edge.subject, edge, edge.directed), key(edge.object, edge, false)]) fan.set(one, (fan.get(one) ?? 0) + 1);
    }
    const hops: Hop[][] = net.nodes.map(() => []);
    for (const line of found) {
      const edge = net.edge(line.edge);
      if (edge.subject === edge.object) continue;
      const cost = (COST[edge.predicate] ?? OTHER) + (line.standing === "unknown" ? UNDATED : 0);
      const least = relation(edge) === "treaty" ? PARTIES : 1;
      const sides = new Map([
        [edge.subject, SHARED * Math.log(fan.get(key(edge.subject, edge, edge.directed)) ?? 1)],
        [edge.object, SHARED * Math.log(Math.max(least, fan.get(key(edge.object, edge, false)) ?? 1))],
      ]);
      for (const start of [edge.subject, edge.object]) {
        const end = other(edge, start);
        hops[start]?.push({ end, line, cost, atStart: sides.get(start) ?? 0, atEnd: sides.get(end) ?? 0 });
      }
    }
    return hops;
  }

  private costs(): number[] {
    return this.net.nodes.map((node, number) => {
      const hops = this.hops[number] ?? [];
      const others = new Set(hops.map((hop) => hop.end)).size;
      const cost = PASSED + (KIND[node.type] ?? 0) + BUSY * Math.log(Math.max(1, others));
      if (!TREATIES.has(node.type)) return cost;
      const parties = hops.filter((hop) => relation(this.net.edge(hop.line.edge)) === "treaty").length;
      return cost - BUILT * Math.log(1 + hops.length - parties);
    });
  }

  /** Up to `limit` explanations of how a and b are connected: the best of each kind, by cost, then further ones. */
  between(a: number, b: number, limit: number): Explanation[] {
    const found = this.walks(a, b);
    if (new Set(found.map((one) => one.kind)).size < ENOUGH) found.push(...this.four(a, b));
    return choose(found, limit);
  }

  /** Every simple path of up to three links. */
  private walks(a: number, b: number): Explanation[] {
    const last = new Map<number, Hop[]>();
    for (const hop of this.hops[b] ?? []) last.set(hop.end, [...(last.get(hop.end) ?? []), hop]);
    const found: Explanation[] = [];
    for (const first of this.hops[a] ?? []) {
      if (first.end === b) {
        found.push(this.explanation(a, [first]));
        continue;
      }
      for (const back of last.get(first.end) ?? []) found.push(this.explanation(a, [first, turned(back, b)]));
      for (const second of this.hops[first.end] ?? []) {
        if (second.end === a || second.end === b) continue;
        for (const back of last.get(second.end) ?? []) found.push(this.explanation(a, [first, second, turned(back, b)]));
      }
    }
    return found;
  }

  /** Paths of four links that meet in the middle, for each middle by the cheapest way from either end. */
  private four(a: number, b: number): Explanation[] {
    const ways = ([[a, b], [b, a]] as const).map(([end, far]) => {
      const best = new Map<number, { cost: number; way: readonly [Hop, Hop] }>();
      for (const first of this.hops[end] ?? []) {
        for (const second of first.end === far ? [] : this.hops[first.end] ?? []) {
          let cost = first.cost + first.atEnd + (this.passing[first.end] ?? 0) + second.atStart + second.cost;
          cost += second.atEnd;
          if (second.end !== a && second.end !== b && cost < (best.get(second.end)?.cost ?? Infinity)) best.set(second.end, { cost, way: [first, second] });
        }
      }
      return best;
    });
    const [from, to] = ways;
    const found: Explanation[] = [];
    for (const middle of [...(from?.keys() ?? [])].filter((one) => to?.has(one)).sort((x, y) => x - y)) {
      const near = from?.get(middle)?.way;
      const far = to?.get(middle)?.way;
      if (near && far && near[0].end !== far[0].end) found.push(this.explanation(a, [...near, turned(far[1], far[0].end), turned(far[0], b)]));
    }
    return found;
  }

  private explanation(a: number, hops: readonly Hop[]): Explanation {
    let cost = 0;
    let start = a;
    const steps: Step[] = [];
    hops.forEach((hop, position) => {
      cost += hop.cost;
      if (position) cost += hop.atStart;
      if (position < hops.length - 1) cost += hop.atEnd + (this.passing[hop.end] ?? 0);
      steps.push({ start, end: hop.end, line: hop.line });
      start = hop.end;
    });
    return { kind: this.kind(steps), cost: Math.round(cost * 10_000) / 10_000, steps };
  }

  private kind(steps: readonly Step[]): string {
    if (steps.length === 1) return "direct";
    const between = steps.slice(0, -1).map((step) => this.net.node(step.end));
    const types = new Set(between.map((node) => node.type));
    const some = (of: ReadonlySet<string>): boolean => [...types].some((one) => of.has(one));
    if (types.has("Project")) return "project";
    if (some(INITIATIVES)) return "initiative";
    if (some(PERSONS)) return "person";
    if (types.has("Judgment")) return "judgment";
    if (some(TREATIES)) return "treaty";
    if (between.some((node) => node.group === "Instrument")) return "instrument";
    if (some(ASSOCIATIONS)) return "association";
    const families = new Set<string>(steps.map((step) => this.net.edge(step.line.edge).family));
    return BY_FAMILY.find((family) => families.has(family)) ?? "structure";
  }
}

/** The same link walked the other way, to `end`. */
function turned(hop: Hop, end: number): Hop {
  return { end, line: hop.line, cost: hop.cost, atStart: hop.atEnd, atEnd: hop.atStart };
}

function order(one: Explanation, two: Explanation): number {
  if (one.cost !== two.cost) return one.cost - two.cost;
  for (let at = 0; at < Math.min(one.steps.length, two.steps.length); at += 1) {
    const apart = (one.steps[at]?.line.edge ?? 0) - (two.steps[at]?.line.edge ?? 0);
    if (apart) return apart;
  }
  return one.steps.length - two.steps.length;
}

/** The best of each kind by cost, then the next ones; none through a node that a chosen one passes through. */
function choose(found: readonly Explanation[], limit: number): Explanation[] {
  const ordered = [...found].sort(order);
  const best = ordered[0];
  if (!best) return [];
  const near = ordered.filter((one) => one.steps.length < 3 || one.cost <= best.cost + WORSE);
  const chosen: Explanation[] = [];
  const kinds = new Set<string>();
  const passed = new Set<number>();
  for (const first of [true, false]) {
    for (const one of near) {
      const again = first && kinds.has(one.kind) && one.kind !== "direct";
      const between = through(one);
      if (chosen.length >= limit || chosen.includes(one) || again || between.some((node) => passed.has(node))) continue;
      chosen.push(one);
      kinds.add(one.kind);
      for (const node of between) passed.add(node);
    }
  }
  return chosen.sort((one, two) => one.cost - two.cost);
}

/** One of each kind before a second of any: the order in which a reader is told. */
export function toldFirst(found: readonly Explanation[]): Explanation[] {
  const first = new Map<string, Explanation>();
  for (const one of found) if (!first.has(one.kind)) first.set(one.kind, one);
  return [...found.filter((one) => first.get(one.kind) === one), ...found.filter((one) => first.get(one.kind) !== one)];
}
