// The twins of graph/read and viz/view.py, asked what tests/unit/test_network_vectors.py asks the originals.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compare } from "../src/copy/compare";
import { picture } from "../src/copy/drawing";
import { bibtex, csl, ris, table, text } from "../src/copy/files";
import { make, type Told } from "../src/copy/made";
import { Network, type PackedNetwork, type Shown } from "../src/copy/network";
import { Paths } from "../src/copy/paths";
import { box, place } from "../src/copy/place";
import { day, moment, number, sentence, written, type Words } from "../src/copy/say";
import { parse, type Family } from "../src/explore/state";

interface Vectors {
  network: PackedNetwork;
  paths: { a: string; b: string; on: string; families: Family[]; found: { kind: string; cost: number; edges: string[] }[] }[];
  compared: { ids: string[]; on: string; direct: string[]; sections: Record<string, [string, ...string[][]][]> }[];
  views: { query: string; caption: string; nodes: string[]; edges: number; leads: string[]; groups: [string, number, string][]; lines: string[] }[];
  words: Words;
}

const vectors = JSON.parse(readFileSync(new URL("../../../tests/unit/network-vectors.json", import.meta.url), "utf-8")) as Vectors;
const net = new Network(vectors.network);
const ids = vectors.network.nodes.id;
const told: Told = {
  release: "1", date: "2026-11-23", names: ids, short: ids, inside: ids, said: vectors.network.edges.id, since: [], words: vectors.words,
};
const reading = { net, told, lang: "en", today: "2026-11-23" } as const;

test("there is something to ask", () => {
  expect(vectors.paths.length).toBeGreaterThan(8);
  expect(vectors.views.length).toBeGreaterThan(8);
});

test.each(vectors.paths)("a path: $a to $b on $on", ({ a, b, on, families, found }) => {
  const made = new Paths(net, on, new Set(families)).between(net.find(a).number, net.find(b).number, 6);
  expect(made.map((one) => ({ kind: one.kind, cost: one.cost, edges: one.steps.map((step) => net.edge(step.line.edge).id) }))).toEqual(found);
});

test.each(vectors.compared)("a comparison: $ids on $on", ({ ids: asked, on, direct, sections }) => {
  const made = compare(net, asked.map((one) => net.find(one).number), { families: new Set(), on });
  const said = (lines: readonly Shown[]): string[] => lines.map((line) => net.edge(line.edge).id);
  expect(said(made.direct)).toEqual(direct);
  expect(Object.fromEntries([...made.sections].map(([name, rows]) => [name, rows.map((row) => [row.node.id, ...row.lines.map(said)])]))).toEqual(sections);
});

test.each(vectors.views)("a view: $query", ({ query, caption, nodes, edges, leads, groups, lines }) => {
  const { scene, lines: rows } = make(parse(query), reading, [1000, 700]);
  expect(scene.caption).toBe(caption);
  expect(scene.nodes.map((one) => `${one.id} ${one.standing}`)).toEqual(nodes);
  expect(scene.edges.length).toBe(edges);
  expect(scene.edges.filter((one) => one.leads).map((one) => `${one.id} ${one.standing}`)).toEqual(leads);
  expect(scene.groups.map((one) => [one.id, one.count, one.label])).toEqual(groups);
  expect(rows.map((one) => `${net.node(one.who).id} ${Number(one.folded)}`)).toEqual(lines);
});

test("an id that is not there is named", () => {
  expect(() => make(parse("focus=nobody-of-that-name"), reading, [1000, 700])).toThrow("nobody-of-that-name");
});

test.each([[1000, 700], [360, 520]] as const)("no label lies on another at %d by %d", (wide, high) => {
  const { scene } = make(parse("focus=greta"), reading, [wide, high]);
  const items = [...scene.nodes, ...scene.groups];
  const free = wide < 560 ? { size: 11, widest: 84, line: 13.2, gap: 3 } : { size: 12.5, widest: 118, line: 15, gap: 7 };
  const found = items.flatMap((one, turn) => items.slice(turn + 1).filter((other) => {
    const [a, b] = [box(one, free), box(other, free)];
    const across = a.half + b.half - 2 * free.gap - Math.abs(one.x - other.x) > 0;
    return across && one.y + a.below > other.y - b.above + 2 * free.gap && other.y + b.below > one.y - a.above + 2 * free.gap;
  }));
  expect(found).toEqual([]);
  expect(place(scene, parse("focus=greta"), [wide, high]).nodes.length).toBe(scene.nodes.length);
});

test("a picture stands alone: caption, legend, source line, no script", () => {
  const { scene } = make(parse("show=path&focus=fra,swe"), reading, [1000, 700]);
  const drawn = picture(scene, "Source: Palermo", vectors.words);
  expect(drawn).toContain(scene.caption.replaceAll("'", "&#x27;"));
  expect(drawn).toContain("Source: Palermo");
  expect(drawn).toContain(vectors.words.family.cooperation);
  expect(drawn).not.toMatch(/<script|style=|NaN|undefined/);
});

test("data and citations are as the server writes them", () => {
  const { scene } = make(parse("focus=swe"), reading, [1000, 700]);
  const rows = table(scene, () => "=A, B").split("\r\n");
  expect(rows.length).toBe(scene.edges.length + 2);
  expect(rows[1]).toContain(`"'=A, B"`);
  const cited = { title: "50 % of {x}.", url: "https://example.org/a?b=c", release: "1.0.0", day: "2026-11-03", lang: "en" } as const;
  expect(text(cited)).toBe("“50 % of {x}”, Palermo, release 1.0.0, accessed 3 November 2026, https://example.org/a?b=c");
  expect(text({ ...cited, lang: "fr" })).toBe("« 50 % of {x} », Palermo, version 1.0.0, consulté le 3 novembre 2026, https://example.org/a?b=c");
  expect(bibtex(cited)).toContain("title = {{50 \\% of \\{x\\}}}");
  expect(ris(cited)).toContain("Y2  - 2026/11/03\r\n");
  expect((JSON.parse(csl(cited)) as { URL: string }[])[0]?.URL).toBe(cited.url);
});

test("words in two languages", () => {
  expect(day("2005-01-01", "fr")).toBe("1er janvier 2005");
  expect(day("2005-01-01", "en")).toBe("1 January 2005");
  expect(number(12345, "fr")).toBe("12\u202f345");
  expect([written("2004-03", "fr"), written("2004", "en"), written(null, "fr")]).toEqual(["mars 2004", "2004", "date inconnue"]);
  expect([moment("2002-10-29", "en"), moment("2002-10", "fr")]).toEqual(["on 29 October 2002", "en octobre 2002"]);
  expect(sentence({ "a.one": "{n} state", "a.many": "{n} states" }, "a", { n: 0 }, "fr")).toBe("0 state");
  expect(sentence({ "a.one": "{n} state", "a.many": "{n} states" }, "a", { n: 0 }, "en")).toBe("0 states");
});
