// A view that nobody precomputed, made in the browser from the copy's network: its scene as viz/view.py makes it, and
// what its explanations or its comparison rest on.
import type { Scene, SceneEdge, SceneGroup, SceneNode, Standing } from "../explore/scene";
import { FAMILIES, KINDS, type Family, type State } from "../explore/state";
import { compare, type Comparison } from "./compare";
import { shown, standing, type Link, type Network } from "./network";
import { Paths, through, toldFirst, type Explanation } from "./paths";
import { place } from "./place";
import { capital, day, fill, joined, number, type Lang, type Values, type Words } from "./say";
import { Selection, type Folded } from "./selection";

/** What stands beside the network in one language: `said` has a pair where a sentence changes once it has ended. */
export interface Told {
  readonly release: string; readonly date: string; readonly names: readonly string[]; readonly short: readonly string[];
  readonly inside: readonly string[]; readonly said: readonly (string | readonly [string, string])[];
  readonly since: readonly string[]; readonly words: Words;
}

/** What a view is made from besides its state. */
export interface Reading { readonly net: Network; readonly told: Told; readonly lang: Lang; readonly today: string }

/** Explanations that are told, and shared neighbours of a comparison that are drawn: as viz/desk.py. */
const EXPLANATIONS = 6;
const SHARED = 28;
const ORDER: readonly Standing[] = ["valid", "unknown", "ended", "future"];

/** A connection as a row of the table. */
export interface Line { readonly edge: SceneEdge; readonly who: number; readonly degree: number; readonly folded: boolean }
export interface Made {
  readonly scene: Scene; readonly lines: readonly Line[]; readonly explanations: readonly Explanation[];
  readonly comparison: Comparison | null;
}

const days = new Map<string, Paths>();

/** How the two ends of a path are connected, one of each kind first. */
export function explanations(net: Network, state: State, on: string): Explanation[] {
  const key = `${on} ${state.families.join(",")}`;
  let paths = days.get(key);
  if (!paths) {
    paths = new Paths(net, on, new Set(state.families));
    if (days.size > 8) days.clear();
    days.set(key, paths);
  }
  const [a, b] = state.focus.map((one) => net.find(one).number);
  return a === undefined || b === undefined ? [] : toldFirst(paths.between(a, b, EXPLANATIONS));
}

/** A statement in one sentence as read on a day. */
export function said(reading: Reading, edge: number, on: string): string {
  const text = reading.told.said[edge] ?? "";
  if (typeof text === "string") return text;
  const { end } = reading.net.edge(edge);
  return text[end !== null && end <= on ? 1 : 0];
}

/** The whole view; raises an error that names an id which the release does not have. */
export function make(state: State, reading: Reading, size: readonly [number, number]): Made {
  const { net } = reading;
  const on = state.asof ?? reading.today;
  const explained = state.show === "path" ? explanations(net, state, on) : [];
  const comparison = state.show === "compare"
    ? compare(net, state.focus.map((one) => net.find(one).number), { families: new Set(state.families), on })
    : null;
  const chosen = new Selection(net, state, comparison ? shared(net, comparison) : explained.flatMap(through));
  const scene = sceneOf(chosen, state, reading, on);
  return { scene: place(scene, state, size), lines: lines(chosen, reading, on), explanations: explained, comparison };
}

/** The nodes that all compared ones share, the most particular first. */
function shared(net: Network, comparison: Comparison): number[] {
  return [...comparison.sections.values()]
    .flatMap((rows) => rows.filter((row) => row.shared).map((row) => row.node.number))
    .sort((a, b) => (net.degree[a] ?? 0) - (net.degree[b] ?? 0) || a - b)
    .slice(0, SHARED);
}

function sceneOf(chosen: Selection, state: State, reading: Reading, on: string): Scene {
  const { net, told, lang } = reading;
  const edges: SceneEdge[] = [];
  const touching = new Map<number, Standing>();
  for (const link of chosen.links()) {
    for (const one of statements(link, reading, on)) {
      edges.push(one);
      for (const end of [link.a, link.b]) {
        const before = touching.get(end);
        if (before === undefined || ORDER.indexOf(one.standing) < ORDER.indexOf(before)) touching.set(end, one.standing);
      }
    }
  }
  const nodes: SceneNode[] = [...chosen.shown].map((number) => {
    const node = net.node(number);
    const focus = chosen.focus.includes(number);
    return {
      id: node.id, kind: node.kind, type: node.type, label: told.short[number] ?? node.id, name: told.names[number] ?? node.id, who: "",
      degree: net.degree[number] ?? 0, x: 0, y: 0, focus, pinned: false, standing: focus ? "valid" : touching.get(number) ?? "valid",
    };
  });
  const groups = [...chosen.groups()].map((one) => group(one, reading));
  const leads = edges.filter((edge) => edge.leads);
  const count = <T extends string>(keys: readonly T[], of: (key: T) => number): Record<T, number> =>
    Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<T, number>;
  const standings = count(ORDER, (one) => leads.filter((edge) => edge.standing === one).length);
  return {
    version: 1, release: told.release, date: told.date, state: "", lang, as_of: on,
    caption: caption(state, reading, on, nodes, edges, groups), nodes, edges, groups,
    counts: {
      families: count(FAMILIES, (family) => leads.filter((edge) => edge.family === family).length),
      kinds: count(KINDS, (kind) => nodes.filter((node) => node.kind === kind).length),
      standing: Object.fromEntries(Object.entries(standings).filter(([, many]) => many)),
    },
    width: 0, height: 0,
  };
}

/** Every statement of a link on a day; the one that stands for it is marked and named by all. */
export function* statements(link: Link, reading: Reading, on: string): Generator<SceneEdge> {
  const { net } = reading;
  const lead = net.edge(shown(net, link, on)?.edge ?? link.edges[0] ?? 0);
  for (const number of link.edges) {
    const edge = net.edge(number);
    yield {
      id: edge.id, source: net.node(edge.subject).id, target: net.node(edge.object).id, predicate: edge.predicate,
      family: edge.family, kind: edge.kind, label: said(reading, number, on), directed: edge.directed, start: edge.start,
      end: edge.end, standing: standing(net, edge, on), inferred: edge.inferred, link: lead.id, leads: edge === lead,
      sources: edge.sources.length,
    };
  }
}

function group({ node, family, members }: Folded, { net, told, lang }: Reading): SceneGroup {
  const kinds = members.map((one) => net.node(one).kind);
  const many = (kind: (typeof KINDS)[number]): number => kinds.filter((one) => one === kind).length;
  const kind = KINDS.reduce((best, one) => (many(one) > many(best) ? one : best), KINDS[0]);
  const single = new Set(kinds).size === 1;
  const treaty = family === "treaty" && single && kind === "state" && net.node(node).kind === "instrument";
  const n = members.length;
  const label = treaty ? parties(n, lang) : more(single ? told.words.kind[kind] : null, n, lang, told.words.family[family]);
  return { id: `${net.node(node).id}:${family}`, node: net.node(node).id, family, kind, count: n, label, x: 0, y: 0 };
}

/** Twins of `more` and `parties` in viz/words.py. */
function more(kind: readonly [string, string] | null, n: number, lang: Lang, family: string): string {
  const count = number(n, lang);
  if (kind === null) return lang === "fr" ? `${count} ${n === 1 ? "autre" : "autres"} : ${family.toLowerCase()}` : `${count} more: ${family.toLowerCase()}`;
  if (lang === "fr") return `${count} ${n === 1 ? "autre" : "autres"} ${kind[n === 1 ? 0 : 1]}`;
  return `${count} more ${kind[n === 1 ? 0 : 1]}`;
}

function parties(n: number, lang: Lang): string {
  if (lang === "fr") return `${number(n, lang)} ${n === 1 ? "autre État, partie ou signataire" : "autres États, parties ou signataires"}`;
  return `${number(n, lang)} more ${n === 1 ? "state, party or signatory" : "states, parties or signatories"}`;
}

/** The sentence of a key in the form that goes with a number. */
function form(text: Readonly<Record<string, string>>, key: string, n: number, values: Values, lang: Lang): string {
  return fill(text[key] ?? text[`${key}.${["none", "one", "many"][Math.min(n, 2)]}`] ?? "", { ...values, n, count: n }, lang);
}

/** The sentence that says what the view shows: twin of viz/captions.py. */
function caption(
  state: State, reading: Reading, on: string, nodes: readonly SceneNode[], edges: readonly SceneEdge[], groups: readonly SceneGroup[],
): string {
  const { net, told, lang } = reading;
  const text = told.words.caption;
  const names = state.focus.map((one) => told.inside[net.find(one).number] ?? one);
  const others = nodes.length - state.focus.length;
  const folded = groups.reduce((sum, one) => sum + one.count, 0);
  const shape = state.show === "around" ? (names.length > 1 ? "several" : folded ? "around" : "every") : state.show;
  const sentence = form(text, shape, others, { who: joined(names, lang), all: others + folded, day: day(on, lang) }, lang);
  const tail: string[] = [];
  if (state.families.length) {
    tail.push(fill(text["only"] ?? "", { families: state.families.map((one: Family) => told.words.family[one].toLowerCase()).join(", ") }, lang));
  }
  if (folded) tail.push(form(text, "folded", folded, {}, lang));
  const pale = edges.filter((edge) => edge.leads && (edge.standing === "future" || edge.standing === "ended")).length;
  if (pale) tail.push(form(text, "faded", pale, {}, lang));
  return capital(`${[sentence, ...tail].join(lang === "fr" ? " ; " : "; ")}.`);
}

/** Every connection of a view as a row: those that are drawn and those of folded neighbours. */
function lines(chosen: Selection, reading: Reading, on: string): Line[] {
  const { net, told } = reading;
  const focus = new Set(chosen.focus);
  const found = new Map<number, { link: Link; folded: boolean }>();
  for (const link of chosen.links()) found.set(link.number, { link, folded: false });
  for (const { node, members } of chosen.groups()) {
    const folded = new Set(members);
    for (const [far, links] of chosen.neighbours(node)) {
      if (folded.has(far)) for (const link of links) if (!found.has(link.number)) found.set(link.number, { link, folded: true });
    }
  }
  const rows = [...found.values()].map(({ link, folded }) => {
    const lead = [...statements(link, reading, on)].find((edge) => edge.leads) as SceneEdge;
    const [a, b] = [net.find(lead.source).number, net.find(lead.target).number];
    const who = focus.has(a) || (!focus.has(b) && chosen.opened.has(a)) ? b : a;
    return { edge: lead, who, degree: net.degree[who] ?? 0, folded };
  });
  const key = (row: Line): string => told.names[row.who] ?? "";
  const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return rows.sort((a, b) => b.degree - a.degree || before(key(a), key(b)) || before(a.edge.id, b.edge.id));
}
