import { expect, test, vi } from "vitest";
import { fold, search } from "../src/copy/find";
import { parse } from "../src/explore/state";

vi.stubGlobal("document", { documentElement: { dataset: { copy: "./" } } });
const { filed, key } = await import("../src/explore/copy");

test.each([
  ["", "home"], ["focus=greta&sel=greta&asof=2004-01-01&lang=fr&families=treaty", "focus=greta"],
  ["focus=fra,palermo-protocol", "focus=fra,palermo-protocol"], ["open=fra:treaty&view=table", "open=fra.treaty"],
  ["show=whole", "show=whole"],
])("a view has a name: %s", (query, name) => {
  // twin of tests/unit/test_archive.py
  expect(key(parse(query))).toBe(name);
});

const names = [
  { id: "fra", label: "France", kind: "State", who: "", names: ["France", "fra"], page: true },
  { id: "cote", label: "Côte d’Ivoire", kind: "State", who: "", names: ["Côte d’Ivoire", "civ"], page: true },
  { id: "greta", label: "Group of Experts", kind: "Body", who: "", names: ["Group of Experts", "GRETA"], page: true },
];

test("names are found without accents, by beginnings, whole ones first", () => {
  expect(fold("Côte d’Ivoire, Œuvre")).toBe("cote d ivoire oeuvre");
  expect(search(names, "COTE d'iv", 8).map((one) => one.id)).toEqual(["cote"]);
  expect(search(names, "greta", 8)[0]?.id).toBe("greta");
  expect(search(names, "  ", 8)).toEqual([]);
});

test.each([
  ["focus=greta", true], ["focus=greta&sel=fra&view=table&lang=fr", true], ["focus=fra&open=fra:treaty", true], ["show=whole", true],
  ["show=path&focus=fra,eu", false], ["asof=2004-01-01", false], ["families=treaty", false], ["hide=eu", false], ["with=eu", false],
  ["open=fra:treaty,greta", false], ["layout=rings", false],
])("a view has a file, or is made here: %s", (query, file) => {
  expect(filed(parse(query))).toBe(file);
});
