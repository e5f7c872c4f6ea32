/** The style sheets' colours and lines are those of viz/marks.json, and can be read on their ground. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import marks from "../../marks.json";

const read = (name: string): string => readFileSync(new URL(`../src/styles/${name}`, import.meta.url), "utf8");
const tokens = read("tokens.css");
const lines = read("marks.css");

/** Light and dark value of a token. */
function token(name: string): [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9A-F]{6}), (#[0-9A-F]{6})\\)`).exec(tokens);
  if (!found?.[1] || !found[2]) throw new Error(`tokens.css has no --${name}`);
  return [found[1], found[2]];
}

function luminance(colour: string): number {
  const part = (from: number): number => {
    const c = parseInt(colour.slice(from, from + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

/** WCAG contrast of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

test("contrast is WCAG's", () => {
  expect(contrast("#000000", "#FFFFFF")).toBeCloseTo(21);
  expect(contrast("#777777", "#FFFFFF")).toBeCloseTo(4.48, 2);
});

test.each(["paper", "ink", "quiet", "rule"] as const)("--%s is that of the drawings", (name) => {
  expect(token(name)).toEqual([marks[name].light, marks[name].dark]);
});

test.each(Object.entries(marks.families))("the line of %s is that of the drawings", (name, family) => {
  expect(token(name)).toEqual([family.light, family.dark]);
  const dash = family.dash.join(" ") || "none";
  expect(lines).toContain(`.${name} { --family: var(--${name}); --dash: ${dash}; --line: ${family.width}; }`);
  for (const paint of ["fill", "stroke"]) expect(lines).toContain(`.graph [${paint}="${family.light}"] { ${paint}: var(--${name}); }`);
});

test.each([0, 1])("text can be read on every ground (theme %i)", (theme) => {
  for (const ground of ["paper", "raised", "field"])
    for (const text of ["ink", "quiet", "link", "warning"])
      expect(contrast(token(text)[theme]!, token(ground)[theme]!), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  expect(contrast(token("ink")[theme]!, token("highlight")[theme]!)).toBeGreaterThanOrEqual(4.5);
});

test.each([0, 1])("marks and the edges of fields can be seen (theme %i)", (theme) => {
  for (const mark of [...Object.keys(marks.families), "edge-of-field"])
    for (const ground of ["paper", "field"])
      expect(contrast(token(mark)[theme]!, token(ground)[theme]!), `${mark} on ${ground}`).toBeGreaterThanOrEqual(3);
});
