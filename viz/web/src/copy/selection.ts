// Which nodes a view shows and which stay folded: twin of Selection in viz/view.py.
import { FAMILIES, type Family, type State } from "../explore/state";
import type { Link, Network } from "./network";

const FIRST = 30;
const MORE = 18;
const MOST_OF_GROUP = 60;

export interface Folded { readonly node: number; readonly family: Family; readonly members: readonly number[] }

export class Selection {
  readonly focus: readonly number[];
  readonly shown: Set<number>;
  readonly opened = new Set<number>();
  private readonly hidden: ReadonlySet<number>;

  constructor(private readonly net: Network, private readonly state: State, through: readonly number[]) {
    this.focus = state.focus.map((one) => net.find(one).number);
    this.hidden = new Set(state.hide.map((one) => net.find(one).number).filter((one) => !this.focus.includes(one)));
    this.shown = new Set([...this.focus, ...state.with.map((one) => net.find(one).number), ...through.filter((one) => this.allowed(one))]);
    if (state.show === "around") this.openFocus();
    for (const one of state.open) this.open(one);
    for (const one of this.hidden) this.shown.delete(one);
  }

  private shows(family: Family): boolean {
    return !this.state.families.length || this.state.families.includes(family);
  }

  private allowed(number: number): boolean {
    const { kinds } = this.state;
    return !this.hidden.has(number) && (!kinds.length || kinds.includes(this.net.node(number).kind));
  }

  /** Neighbours of a node that the filters let through, with the links to each. */
  neighbours(node: number): Map<number, Link[]> {
    const found = new Map<number, Link[]>();
    for (const [other, link] of this.net.neighbours(node)) {
      if (other === node || !this.shows(link.family) || !this.allowed(other)) continue;
      const links = found.get(other);
      if (links) links.push(link);
      else found.set(other, [link]);
    }
    return found;
  }

  private openFocus(): void {
    const share = Math.max(6, Math.floor(FIRST / Math.max(1, this.focus.length)));
    for (const number of this.focus) {
      this.opened.add(number);
      let chosen = (this.net.first[this.net.node(number).id] ?? [])
        .map((one) => this.net.number(one))
        .filter((one) => one !== undefined)
        .filter((one) => this.allowed(one));
      if (this.state.families.length || this.state.kinds.length) {
        const around = this.neighbours(number);
        chosen = chosen.filter((one) => around.has(one));
      }
      this.add([...chosen.slice(0, share), ...this.ranked(number)], share);
    }
  }

  private add(candidates: Iterable<number>, most: number): void {
    const fresh = [...new Set(candidates)].filter((one) => !this.shown.has(one));
    for (const one of fresh.slice(0, most)) this.shown.add(one);
  }

  private open(what: string): void {
    const [id = "", family, kind] = what.split(":");
    const node = this.net.find(id).number;
    this.shown.add(node);
    this.opened.add(node);
    if (family === undefined) {
      this.add(this.ranked(node), MORE);
      return;
    }
    const members = [...this.neighbours(node)]
      .filter(([other, links]) => links.some((link) => link.family === family) && (!kind || this.net.node(other).kind === kind))
      .map(([other]) => other);
    this.add(members.sort((a, b) => this.degree(b) - this.degree(a) || this.byId(a, b)), MOST_OF_GROUP);
  }

  private degree(number: number): number {
    return this.net.degree[number] ?? 0;
  }

  private byId(a: number, b: number): number {
    const [one, two] = [this.net.node(a).id, this.net.node(b).id];
    return one < two ? -1 : one > two ? 1 : 0;
  }

  /** Neighbours of a node, the best of each family before the second of any. */
  private *ranked(node: number): Generator<number> {
    const families = new Map<Family, { weight: number; other: number }[]>();
    for (const [other, links] of this.neighbours(node)) {
      const statements = links.reduce((sum, link) => sum + link.edges.length, 0);
      const weight = Math.log1p(statements) + 0.5 * Math.log1p(this.degree(other));
      const lead = FAMILIES[Math.min(...links.map((link) => FAMILIES.indexOf(link.family)))] as Family;
      families.set(lead, [...(families.get(lead) ?? []), { weight, other }]);
    }
    const queues = FAMILIES.filter((family) => families.has(family)).map((family) =>
      [...(families.get(family) ?? [])].sort((a, b) => b.weight - a.weight || this.byId(a.other, b.other)),
    );
    for (let turn = 0; turn < Math.max(0, ...queues.map((queue) => queue.length)); turn += 1) {
      for (const queue of queues) {
        const one = queue[turn];
        if (one) yield one.other;
      }
    }
  }

  /** The neighbours of opened nodes that are not shown, by family. */
  *groups(): Generator<Folded> {
    for (const node of this.opened) {
      if (!this.shown.has(node)) continue;
      const folded = new Map<number, number[]>();
      for (const [other, links] of this.neighbours(node)) {
        if (this.shown.has(other)) continue;
        const family = Math.min(...links.map((link) => FAMILIES.indexOf(link.family)));
        folded.set(family, [...(folded.get(family) ?? []), other]);
      }
      for (const [family, members] of [...folded].sort(([a], [b]) => a - b)) {
        yield { node, family: FAMILIES[family] as Family, members: members.sort((a, b) => a - b) };
      }
    }
  }

  /** Every link among shown nodes that the families let through, in the order of the network. */
  *links(): Generator<Link> {
    const numbers = new Set([...this.shown].flatMap((node) => this.net.incident[node] ?? []));
    for (const number of [...numbers].sort((a, b) => a - b)) {
      const link = this.net.link(number);
      if (this.shown.has(link.a) && this.shown.has(link.b) && link.a !== link.b && this.shows(link.family)) yield link;
    }
  }
}
