import { expect, test } from "vitest";
import { declared, missingPrefix, options, rank, type Row, type Schema, variables, wantsClass } from "../src/query/complete";
import { copyAs, javascript, json, python, r, shell, TARGETS } from "../src/query/copy";
import { place, said } from "../src/query/problem";
import { words } from "../src/query/words";

const schema: Schema = {
  prefixes: { pal: "https://w3id.org/palermo/ontology#", id: "https://w3id.org/palermo/id/" },
  classes: [["pal:State", 198, "state", "État"], ["pal:Treaty", 41, "treaty", "traité"]],
  properties: [["pal:memberOf", 231, "member of", "membre de"], ["pal:hasMember", 231, "has member", "a pour membre"]],
  things: [["id:greta", "CouncilOfEuropeBody", "Group of Experts", "Groupe d’experts"], ["id:fra", "State", "France", null], ["id:swe", "State", "Sweden", "Suède"]],
};
const labels = (before: string, typed: string, lang = "en"): string[] => options(schema, before, typed, lang).map((one) => one.label);

test("a prefix is completed with its address", () => {
  expect(options(schema, "", "PREFIX p", "en")[0]?.apply).toBe("pal: <https://w3id.org/palermo/ontology#>");
  expect(labels("PREFIX ", "")).toEqual(["pal:", "id:"]);
});

test("after a comes a class and nothing else", () => {
  expect(labels("?x a ", "pal:")).toEqual(["pal:State", "pal:Treaty"]);
  expect(wantsClass("?x rdf:type ")).toBe(true);
  expect(wantsClass("?x a pal:State, ")).toBe(true);
  expect(wantsClass("?data ")).toBe(false);
});

test("an id is found by its name in the reader's language, accents or not", () => {
  expect(labels("?x pal:memberOf ", "suede", "fr")).toEqual(["id:swe"]);
  expect(labels("VALUES ?x { ", "id:")).toEqual(["id:fra", "id:greta", "id:swe"]);
  expect(labels("?x ", "pal:mem")[0]).toBe("pal:memberOf");
  expect(labels("?x ", "sel")[0]).toBe("SELECT");
  expect(rank(["id:fra", "State", "France", null] as Row, "id:zz", "en")).toBe(-1);
});

test("a completed name brings the prefix that the query lacks", () => {
  expect(missingPrefix(schema, "SELECT * {}", "id:fra")).toBe("PREFIX id: <https://w3id.org/palermo/id/>\n");
  expect(missingPrefix(schema, "prefix id: <https://w3id.org/palermo/id/>\nASK {}", "id:fra")).toBe("");
  expect(declared("PREFIX a: <x>\n PREFIX b-c: <y>")).toEqual(new Set(["a", "b-c"]));
  expect(variables("SELECT ?b $a { ?b ?c ?a }", "c")).toEqual(["a", "b"]);
});

test("a problem is marked at its word, whatever stands before it", () => {
  const text = "SELECT * {\n  ?state skos:prefLabel ?name\n}";
  const at = place({ line: 2, column: 10 }, text);
  expect(at && text.slice(at.from, at.to)).toBe("skos:prefLabel");
  const wide = "# 𝕊 é\nASK { 𝕊 x }";
  const odd = place({ line: 2, column: 9 }, wide);
  expect(odd && wide.slice(odd.from, odd.to)).toBe("x");
  const end = place({ line: 3, column: 9 }, "ASK {\n ?s\n");
  expect(end?.to).toBeLessThanOrEqual("ASK {\n ?s\n".length);
  expect(place({}, text)).toBeNull();
  expect(said({ detail: "No.", hint: "Add it." })).toBe("No. Add it.");
});

const NASTY = `SELECT * { ?s ?p "it's \\"a\\" \${x} \`y\` $(id) \\n" }`;

test.each(TARGETS)("what is copied as %s holds the query and ends nothing early", (target) => {
  const text = copyAs(target, "http://127.0.0.1:1/sparql", NASTY);
  expect(text).toContain("http://127.0.0.1:1/sparql");
  expect(text.endsWith("\n")).toBe(true);
});

test("texts are quoted as each language reads them", () => {
  expect(shell("it's")).toBe(`'it'\\''s'`);
  expect(JSON.parse(json(NASTY))).toBe(NASTY);
  expect(new Function(`return ${javascript(NASTY)}`)().trim()).toBe(NASTY);
  expect(python('ASK { ?s ?p "a"@en }')).toBe('"""\nASK { ?s ?p "a"@en }\n"""');
  expect(python("a\\b")).toBe('"a\\\\b"');
  expect(r('say "\\d"')).toBe('"say \\"\\\\d\\""');
});

test("words are filled, and one that is missing is seen", () => {
  const say = words('{"line": "Line {line}, column {column}"}');
  expect(say("line", { line: 2, column: 3 })).toBe("Line 2, column 3");
  expect(say("lost")).toBe("lost");
});

