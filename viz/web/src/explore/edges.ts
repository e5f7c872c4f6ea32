// The answer of a SPARQL query as edges, and edges as a scene: no drawing here.
import { nameOf, type Schema } from "../query/complete";
import type { Scene, SceneEdge, SceneNode } from "./scene";
import type { Family, Kind } from "./state";
import type { Packed } from "./whole";

const ENDS = [["subject", "object"], ["s", "o"], ["source", "target"]] as const;

export interface Triple { readonly subject: string; readonly predicate: string; readonly object: string }

interface Term { readonly type: string; readonly value: string }
export interface Results { readonly head: { vars?: string[] }; readonly results?: { bindings: Record<string, Term>[] } }

/** The edges of a SELECT's answer; null where it has not the shape of an edge. */
export function ofResults(answer: Results): Triple[] | null {
  const names = answer.head.vars ?? [];
  const ends = ENDS.find(([from, to]) => names.includes(from) && names.includes(to));
  if (!ends || !answer.results) return null;
  const relation = ["predicate", "p", "relation"].find((name) => names.includes(name));
  const found: Triple[] = [];
  for (const row of answer.results.bindings) {
    const [from, to] = [row[ends[0]], row[ends[1]]];
    if (from?.type === "uri" && to?.type === "uri") {
      found.push({ subject: from.value, predicate: (relation && row[relation]?.value) || "", object: to.value });
    }
  }
  return found;
}

/** The edges of N-Triples: those between two IRIs. */
export function ofTriples(text: string): Triple[] {
  const found: Triple[] = [];
  for (const line of text.split("\n")) {
    const match = /^<([^>]*)> <([^>]*)> <([^>]*)> \.\s*$/.exec(line);
    if (match) found.push({ subject: match[1] as string, predicate: match[2] as string, object: match[3] as string });
  }
  return found;
}

const last = (iri: string): string => decodeURIComponent(iri.replace(/[/#]+$/, "").split(/[/#]/).pop() ?? iri);

/** What a property is called in the reader's language, from the release's schema file; the end of its IRI where that
 * does not know it. */
export function namesOf(schema: Schema | null, lang: string): (iri: string) => string {
  const names = new Map<string, string>();
  for (const row of schema?.properties ?? []) {
    const [prefix, local] = row[0].split(/:(.*)/s) as [string, string];
    const space = schema?.prefixes[prefix];
    if (space) names.set(space + local, nameOf(row, lang));
  }
  return (iri) => names.get(iri) ?? last(iri);
}

/** A scene of these edges: known things by name and kind, strangers by the end of their IRI; `say` names a property. */
export function sceneOf(
  triples: readonly Triple[], packed: Packed, lang: string, caption: string, say: (iri: string) => string = last,
): Scene {
  const number = new Map(packed.nodes.id.map((id, at) => [id, at]));
  const family = new Map<string, Family>();
  packed.edges.predicate.forEach((predicate, at) => {
    family.set(packed.predicates[predicate] as string, packed.families[packed.edges.family[at] ?? 0] as Family);
  });
  const degree = new Map<string, number>();
  for (const { subject, object } of triples) for (const end of [subject, object]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const golden = Math.PI * (3 - Math.sqrt(5));
  const nodes: SceneNode[] = [...degree].map(([iri, links], turn) => {
    const id = iri.split("/id/")[1] ?? "";
    const at = number.get(id);
    const english = at === undefined ? last(iri) : packed.nodes.en[at] as string;
    const label = at !== undefined && lang === "fr" ? packed.nodes.fr[at] ?? english : english;
    const radius = 26 * Math.sqrt(turn + 1);
    return {
      id: at === undefined ? iri : id, kind: at === undefined ? "instrument" : packed.kinds[packed.nodes.kind[at] ?? 0] as Kind,
      type: "", label, name: label, who: "", degree: links, x: radius * Math.cos(turn * golden), y: radius * Math.sin(turn * golden),
      focus: false, pinned: false, standing: "valid",
    };
  });
  const key = (iri: string): string => (number.has(iri.split("/id/")[1] ?? "") ? iri.split("/id/")[1] as string : iri);
  const edges: SceneEdge[] = triples.map(({ subject, predicate, object }, at) => ({
    id: `edge ${at}`, source: key(subject), target: key(object), predicate: last(predicate), family: family.get(last(predicate)) ?? "structure",
    kind: "", label: say(predicate), directed: true, start: null, end: null, standing: "valid", inferred: false,
    link: `edge ${at}`, leads: true, sources: 0,
  }));
  return {
    version: 1, release: packed.release, date: packed.date, state: "", lang, as_of: "", caption, nodes, edges, groups: [],
    counts: {}, width: 0, height: 0,
  };
}
