import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dayAfter, firstDay, standing, valid } from "../src/explore/asof";
import { namesOf, ofResults, ofTriples } from "../src/explore/edges";
import type { Schema } from "../src/query/complete";
import { History } from "../src/explore/history";
import { choose, spots, type Box } from "../src/explore/labels";
import { free } from "../src/explore/signs";
import { format, parse, StateError } from "../src/explore/state";
import { unpack, type Packed } from "../src/explore/whole";
import type { Scene } from "../src/explore/scene";

const unit = "../../tests/unit/";
const states = JSON.parse(readFileSync(`${unit}state-vectors.json`, "utf8")) as {
  valid: { query: string; canonical: string; says: string }[];
  errors: { query: string; parameter: string; says: string }[];
};
const dates = JSON.parse(readFileSync(`${unit}dates-vectors.json`, "utf8")) as {
  as_of: { on: string; start: string; end: string; known_by: string; validity: string; why: string }[];
};

describe("the state of a view, by the vectors that Python reads too", () => {
  it.each(states.valid)("$says", ({ query, canonical }) => {
    expect(format(parse(query))).toBe(canonical);
    expect(parse(canonical)).toEqual(parse(query));
  });
  it.each(states.errors)("refuses: $says", ({ query, parameter }) => {
    let error: unknown;
    try {
      parse(query);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(StateError);
    expect((error as StateError).parameter).toBe(parameter);
  });
  it("has vectors", () => {
    expect(states.valid.length).toBeGreaterThan(19);
    expect(states.errors.length).toBeGreaterThan(14);
  });
});

describe("undo and redo", () => {
  it("goes back and forth, and forgets what was undone when something new is done", () => {
    const history = new History("a");
    history.push("b");
    history.push("c");
    expect([history.undo(), history.undo(), history.undo()]).toEqual(["b", "a", null]);
    expect(history.redo()).toBe("b");
    history.push("d");
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toBe("b");
  });
});

describe("the as-of rule, by the vectors that Python reads too", () => {
  it.each(dates.as_of)("$why", ({ on, start, end, known_by, validity }) => {
    expect(valid(on, start ? firstDay(start) : null, end ? dayAfter(end) : null, known_by || null)).toBe(validity);
  });
  it("has vectors", () => expect(dates.as_of.length).toBeGreaterThan(10));
});

describe("how a statement stands", () => {
  it("tells the two ways of not holding apart", () => {
    expect(standing("2005-01-01", "2008-02-01", null)).toBe("future");
    expect(standing("2005-01-01", "1990-01-01", "2005-01-01")).toBe("ended");
    expect(standing("2005-01-01", null, null)).toBe("unknown");
    expect(standing("2005-01-01", "2005-01-01", null)).toBe("valid");
    expect(valid("2005-01-01", null, null, "2004-01-01")).toBe("yes");
  });
});

describe("the whole network in columns", () => {
  const packed: Packed = {
    release: "1", date: "", epoch: "1900-01-01", families: ["treaty", "monitoring"], kinds: ["state", "instrument"],
    statements: ["TreatyAction"], predicates: ["signed"], directed: [true],
    nodes: { id: ["fra", "untoc"], type: ["State", "Treaty"], kind: [0, 1], en: ["France", "UNTOC"], fr: [null, null], degree: [1, 1], x: [0, 9], y: [0, 9] },
    edges: { id: ["action/untoc/fra/signature"], a: [0], b: [1], family: [0], kind: [0], predicate: [0], start: [36870], end: [null], link: [0], leads: [1], inferred: [0] },
  } as unknown as Packed;
  const base = { lang: "en", as_of: "2000-01-01", nodes: [], edges: [], groups: [] } as unknown as Scene;
  it("stands as of the day and follows the filters", () => {
    const scene = unpack(packed, parse("show=whole"), base);
    expect(scene.edges[0]?.start).toBe("2000-12-12");
    expect(scene.edges[0]?.standing).toBe("future");
    expect(unpack(packed, parse("show=whole&families=monitoring"), base).edges).toHaveLength(0);
    expect(unpack(packed, parse("show=whole&kinds=state"), base).nodes).toHaveLength(1);
  });
});

describe("a query's answer as edges", () => {
  const iri = (value: string) => ({ type: "uri", value });
  it("takes a SELECT with the shape of an edge, and nothing else", () => {
    const row = { s: iri("http://e/a"), p: iri("http://e/p"), o: iri("http://e/b") };
    expect(ofResults({ head: { vars: ["s", "p", "o"] }, results: { bindings: [row] } })).toEqual([
      { subject: "http://e/a", predicate: "http://e/p", object: "http://e/b" },
    ]);
    expect(ofResults({ head: { vars: ["n"] }, results: { bindings: [] } })).toBeNull();
    const literal = { ...row, o: { type: "literal", value: "x" } };
    expect(ofResults({ head: { vars: ["s", "o"] }, results: { bindings: [literal] } })).toEqual([]);
  });
  it("takes the triples between things of a CONSTRUCT", () => {
    const text = '<http://e/a> <http://e/p> <http://e/b> .\n<http://e/a> <http://e/p> "text" .\n_:x <http://e/p> <http://e/b> .\n';
    expect(ofTriples(text)).toHaveLength(1);
  });
  it("calls properties what the release calls them, in the reader's language", () => {
    const schema: Schema = { prefixes: { pal: "http://e/o#" }, classes: [], things: [], properties: [["pal:worksWith", 7, "works with", "coopère avec"]] };
    expect(namesOf(schema, "fr")("http://e/o#worksWith")).toBe("coopère avec");
    expect(namesOf(schema, "en")("http://e/o#worksWith")).toBe("works with");
    expect(namesOf(schema, "fr")("http://e/o#other")).toBe("other");
    expect(namesOf(null, "fr")("http://e/o#worksWith")).toBe("worksWith");
  });
});

describe("places of labels", () => {
  const frame: Box = { left: 0, top: 0, right: 400, bottom: 300 };
  const measure = (widest: number) => (widest < 60 ? { rows: ["one", "two"], width: 30 } : { rows: ["one two"], width: 60 });
  const places = spots({ x: 200, y: 150, radius: 9 }, [100, 50], 13, measure);

  it("are below the mark first, then above and beside it", () => {
    const free = choose(places, [], [], frame);
    expect(free).toMatchObject({ top: 162, left: 170, align: "center" });
    const below: Box = { left: 150, right: 250, top: 160, bottom: 200 };
    const above = choose(places, [below], [], frame);
    expect(above?.bottom).toBeLessThan(150);
  });
  it("are over no other label and, where they can be, over no other mark", () => {
    const mark: Box = { left: 190, right: 210, top: 165, bottom: 180 };
    expect(choose(places.slice(0, 1), [], [mark], frame, 0)).toBeNull();
    expect(choose(places.slice(0, 1), [], [mark], frame)).not.toBeNull();
    expect(choose(places, [], [mark], frame)?.top).not.toBe(162);
    expect(choose(places, [{ left: 0, right: 400, top: 0, bottom: 300 }], [], frame)).toBeNull();
  });
  it("are inside the drawing", () => {
    const corner = spots({ x: 5, y: 295, radius: 4 }, [100], 13, measure);
    const found = choose(corner, [], [], frame);
    expect(found).toMatchObject({ align: "left" });
    expect(found?.bottom).toBeLessThanOrEqual(300);
  });
  it("are above the mark first where the server has placed them so", () => {
    const above = spots({ x: 200, y: 150, radius: 9, above: true }, [100], 13, measure);
    expect(choose(above, [], [], frame)?.bottom).toBeLessThan(150);
    expect(choose(above, [{ left: 150, right: 250, top: 100, bottom: 140 }], [], frame)?.top).toBeGreaterThan(150);
  });
  it("are tried in fewer letters a line where a line has no room", () => {
    expect(places.some((one) => one.rows.length === 2)).toBe(true);
  });
});

describe("signs on lines", () => {
  const where = (share: number) => ({ x: 100 * share, y: 50 });
  it("stand in the middle, and where that is taken farther along", () => {
    expect(free(where, [])).toEqual({ x: 50, y: 50 });
    const at = free(where, [{ left: 38, right: 60, top: 40, bottom: 60 }]);
    expect(Math.abs((at?.x ?? 50) - 50)).toBeGreaterThan(12);
    expect(free(where, [{ left: 0, right: 100, top: 40, bottom: 60 }])).toEqual({ x: 50, y: 50 });
  });
});
