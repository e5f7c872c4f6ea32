// What a view can be taken away as, made in the browser of a copy: pictures, data, citations. Twins of viz/export.py and
// viz/cite.py; a file is the same whether the server or the copy made it, but for where it stands.
import type { Scene } from "../explore/scene";
import { escape } from "./html";
import { day, type Lang } from "./say";

/** The name of everything below it. */
export const ID = "https://w3id.org/palermo/id/";
const PAL = "https://w3id.org/palermo/ontology#";

export interface File { readonly name: string; readonly type: string; readonly body: string | Blob }

const COLUMNS = [
  "statement", "subject", "subject_name", "relation", "object", "object_name", "family", "sentence", "start", "end",
  "standing", "as_of", "inferred", "sources",
];

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV: a header, lines ended as the format asks. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** One row per statement; `sources` gives the titles of a statement's sources. */
export function table(scene: Scene, sources: (id: string) => string): string {
  const names = new Map(scene.nodes.map((node) => [node.id, node.name]));
  return csv([COLUMNS, ...scene.edges.map((edge) => [
    ID + edge.id, edge.source, names.get(edge.source) ?? "", edge.predicate, edge.target, names.get(edge.target) ?? "",
    edge.family, edge.label, edge.start ?? "", edge.end ?? "", edge.standing, scene.as_of, edge.inferred ? "yes" : "no",
    sources(edge.id),
  ])]);
}

const NODE_KEYS = ["label", "name", "kind", "type", "iri", "degree", "x", "y"] as const;
const EDGE_KEYS = ["label", "relation", "family", "start_day", "end_day", "standing", "inferred", "iri"] as const;
const TYPES: Readonly<Record<string, string>> = { degree: "long", x: "double", y: "double", inferred: "boolean" };

function attributes(scene: Scene): { nodes: [string, Record<string, string>][]; edges: [string, string, string, Record<string, string>][] } {
  return {
    nodes: scene.nodes.map((node) => [node.id, {
      label: node.label, name: node.name, kind: node.kind, type: node.type, iri: ID + node.id, degree: String(node.degree), x: String(node.x), y: String(node.y),
    }]),
    edges: scene.edges.map((edge) => [edge.id, edge.source, edge.target, {
      label: edge.label, relation: edge.predicate, family: edge.family, start_day: edge.start ?? "", end_day: edge.end ?? "",
      standing: edge.standing, inferred: edge.inferred ? "true" : "false", iri: ID + edge.id,
    }]),
  };
}

/** GraphML, as yEd, Cytoscape and igraph read it. */
export function graphml(scene: Scene): string {
  const { nodes, edges } = attributes(scene);
  const keys = [
    ...NODE_KEYS.map((name) => `<key id="n-${name}" for="node" attr.name="${name}" attr.type="${TYPES[name] ?? "string"}"/>`),
    ...EDGE_KEYS.map((name) => `<key id="e-${name}" for="edge" attr.name="${name}" attr.type="${TYPES[name] ?? "string"}"/>`),
  ];
  const data = (prefix: string, values: Record<string, string>): string =>
    Object.entries(values).map(([name, value]) => `<data key="${prefix}-${name}">${escape(value)}</data>`).join("");
  return [
    '<?xml version="1.0" encoding="utf-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', ...keys, '<graph edgedefault="directed">',
    ...nodes.map(([id, values]) => `<node id="${escape(id)}">${data("n", values)}</node>`),
    ...edges.map(([id, source, target, values]) => `<edge id="${escape(id)}" source="${escape(source)}" target="${escape(target)}">${data("e", values)}</edge>`),
    "</graph>", "</graphml>", "",
  ].join("\n");
}

/** GEXF 1.2, as Gephi reads it. */
export function gexf(scene: Scene): string {
  const { nodes, edges } = attributes(scene);
  const declared = (of: string, names: readonly string[]): string =>
    `<attributes mode="static" class="${of}">${names.map((name) => `<attribute id="${name}" title="${name}" type="${TYPES[name] ?? "string"}"/>`).join("")}</attributes>`;
  const data = (values: Record<string, string>): string =>
    `<attvalues>${Object.entries(values).filter(([name]) => name !== "label").map(([name, value]) => `<attvalue for="${name}" value="${escape(value)}"/>`).join("")}</attvalues>`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>', '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">',
    '<graph defaultedgetype="directed" mode="static">', declared("node", NODE_KEYS.slice(1)), declared("edge", EDGE_KEYS.slice(1)), "<nodes>",
    ...nodes.map(([id, values]) => `<node id="${escape(id)}" label="${escape(values["label"] ?? "")}">${data(values)}</node>`), "</nodes>", "<edges>",
    ...edges.map(([id, source, target, values]) => `<edge id="${escape(id)}" source="${escape(source)}" target="${escape(target)}" label="${escape(values["label"] ?? "")}">${data(values)}</edge>`),
    "</edges>", "</graph>", "</gexf>", "",
  ].join("\n");
}

/** The statements as JSON-LD with a context of its own. */
export function jsonld(scene: Scene): string {
  const link = { "@type": "@id" };
  const context = {
    pal: PAL, xsd: "http://www.w3.org/2001/XMLSchema#",
    label: { "@id": "http://www.w3.org/2000/01/rdf-schema#label", "@language": scene.lang },
    ...Object.fromEntries(["subject", "predicate", "object"].map((name) => [name, { "@id": PAL + name, ...link }])),
    ...Object.fromEntries(["startDay", "endDay"].map((name) => [name, { "@id": PAL + name, "@type": "xsd:date" }])),
  };
  const items = [
    ...scene.nodes.map((node) => ({ "@id": ID + node.id, "@type": `pal:${node.type}`, label: node.name })),
    ...scene.edges.map((edge) => ({
      "@id": ID + edge.id, "@type": `pal:${edge.kind}`, subject: ID + edge.source, predicate: `pal:${edge.predicate}`, object: ID + edge.target,
      label: edge.label, ...(edge.start ? { startDay: edge.start } : {}), ...(edge.end ? { endDay: edge.end } : {}),
    })),
  ];
  return `${JSON.stringify({ "@context": context, "@graph": items }, null, 1)}\n`;
}

/** What is cited: twin of viz/cite.py. */
export interface Cited { readonly title: string; readonly url: string; readonly release: string; readonly day: string; readonly lang: Lang }

/** One line for a footnote. */
export function text({ title, url, release, day: on, lang }: Cited): string {
  const seen = title.replace(/\.+$/, "");
  return lang === "fr"
    ? `« ${seen} », Palermo, version ${release}, consulté le ${day(on, lang)}, ${url}`
    : `“${seen}”, Palermo, release ${release}, accessed ${day(on, lang)}, ${url}`;
}

export function bibtex({ title, url, release, day: on }: Cited): string {
  const shown = title.replace(/\.+$/, "").replaceAll("\\", "").replace(/([&%$#_{}])/g, "\\$1");
  return `@misc{palermo-${on},\n  title = {{${shown}}},\n  author = {{Palermo}},\n  year = {${on.slice(0, 4)}},\n  version = {${release}},\n  url = {${url}},\n  urldate = {${on}}\n}\n`;
}

export function ris({ title, url, release, day: on }: Cited): string {
  const lines = [
    ["TY", "DATA"], ["TI", title.split(/\s+/).filter(Boolean).join(" ")], ["AU", "Palermo"], ["PY", on.slice(0, 4)], ["ET", release],
    ["UR", url], ["Y2", on.replaceAll("-", "/")], ["ER", ""],
  ];
  return lines.map(([tag, value]) => `${tag}  - ${value}\r\n`).join("");
}

export function csl({ title, url, release, day: on, lang }: Cited): string {
  const parts = on.split("-").map(Number);
  return `${JSON.stringify([{
    id: `palermo-${on}`, type: "dataset", title, author: [{ literal: "Palermo" }], version: release, URL: url,
    accessed: { "date-parts": [parts] }, issued: { "date-parts": [[parts[0]]] }, language: lang,
  }], null, 1)}\n`;
}

/** Has the browser keep a file. */
export function save(file: File): void {
  const blob = file.body instanceof Blob ? file.body : new Blob([file.body], { type: file.type });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
