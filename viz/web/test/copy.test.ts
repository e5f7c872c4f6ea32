import { expect, test, vi } from "vitest";
import { fold, search } from "../src/copy/find";
import { parse } from "../src/explore/state";

vi.stubGlobal("document", { documentElement: { dataset: { copy: "./" } } });
const { filtered, key } = await import("../src/explore/copy");

test.each([
  ["", "home"], ["focus=greta&sel=greta&asof=2004-01-01&lang=fr&families=treaty", "focus=greta"],
  ["focus=fra,palermo-protocol", "focus=fra,palermo-protocol"], ["open=fra:treaty&view=table", "open=fra.treaty"],
  ["show=whole", "show=whole"],
])("a view has a name: %s", (query, name) => {
  // twin of tests/unit/test_archive.py
  expect(key(parse(query))).toBe(name);
});

const names = [
  { id: "fra", label: "France", kind: "State", who: "", names: ["France", "fra"] },
  { id: "cote", label: "Côte d’Ivoire", kind: "State", who: "", names: ["Côte d’Ivoire", "civ"] },
  { id: "greta", label: "Group of Experts", kind: "Body", who: "", names: ["Group of Experts", "GRETA"] },
];

test("names are found without accents, by beginnings, whole ones first", () => {
  expect(fold("Côte d’Ivoire, Œuvre")).toBe("cote d ivoire oeuvre");
  expect(search(names, "COTE d'iv", 8).map((one) => one.id)).toEqual(["cote"]);
  expect(search(names, "greta", 8)[0]?.id).toBe("greta");
  expect(search(names, "  ", 8)).toEqual([]);
});

test("a day, families and what is hidden are applied to a precomputed scene", () => {
  const node = (id: string, kind: string, focus = false): object => ({ id, kind, focus, standing: "valid", x: 0, y: 0, pinned: false });
  const edge = (id: string, source: string, target: string, family: string, start: string | null, end: string | null): object =>
    ({ id, source, target, family, start, end, standing: "valid", leads: true });
  const scene = {
    as_of: "2026-11-23", groups: [],
    nodes: [node("fra", "state", true), node("a", "instrument"), node("b", "association")],
    edges: [edge("1", "fra", "a", "treaty", "2008-01-01", null), edge("2", "fra", "b", "structure", null, "2000-01-01")],
  } as unknown as Parameters<typeof filtered>[0];
  const then = filtered(scene, parse("asof=2004-12-31"), "2026-11-23");
  expect(then.edges.map((one) => one.standing)).toEqual(["future", "ended"]);
  expect(then.as_of).toBe("2004-12-31");
  expect(filtered(scene, parse("families=treaty"), "2026-11-23").nodes.map((one) => one.id)).toEqual(["fra", "a"]);
  expect(filtered(scene, parse("hide=a"), "2026-11-23").edges.map((one) => one.id)).toEqual(["2"]);
});
