import { expect, test } from "vitest";
import { refine } from "../src/explore/refine";

/** Two hubs with thirty leaves each and ten in common, on a spiral as a query's answer starts. */
function task(): { xy: Float32Array; pairs: Uint32Array } {
  const count = 72;
  const xy = new Float32Array(count * 2);
  for (let one = 0; one < count; one += 1) {
    const radius = 26 * Math.sqrt(one + 1);
    xy.set([radius * Math.cos(one * 2.4), radius * Math.sin(one * 2.4)], one * 2);
  }
  const pairs: number[] = [];
  for (let leaf = 2; leaf < count; leaf += 1) {
    if (leaf < 42) pairs.push(0, leaf);
    if (leaf >= 32) pairs.push(leaf, 1);
  }
  return { xy, pairs: Uint32Array.from(pairs) };
}

function refined(given: { xy: Float32Array; pairs: Uint32Array }): { last: Float32Array; told: number; done: number } {
  let [last, told, done] = [given.xy, 0, 0];
  refine(given, (xy, finished) => {
    [last, told, done] = [xy, told + 1, done + Number(finished)];
  });
  return { last, told, done };
}

test("marks end apart, leaves beside their hubs, told on the way and once at the end", () => {
  const { last, told, done } = refined(task());
  expect(done).toBe(1);
  expect(told).toBeGreaterThan(5);
  const far = (a: number, b: number): number =>
    Math.hypot((last[a * 2] ?? NaN) - (last[b * 2] ?? NaN), (last[a * 2 + 1] ?? NaN) - (last[b * 2 + 1] ?? NaN));
  for (let a = 0; a < 72; a += 1) for (let b = 0; b < a; b += 1) expect(far(a, b)).toBeGreaterThan(20);
  for (let leaf = 2; leaf < 32; leaf += 1) expect(far(leaf, 0)).toBeLessThan(far(leaf, 1));
  for (let leaf = 42; leaf < 72; leaf += 1) expect(far(leaf, 1)).toBeLessThan(far(leaf, 0));
});

test("the same picture is refined to the same picture", () => {
  expect(refined(task()).last).toEqual(refined(task()).last);
});

test("a mark alone stays, and one linked to itself does no harm", () => {
  expect(refined({ xy: Float32Array.from([3, 4]), pairs: new Uint32Array() }).last).toEqual(Float32Array.from([3, 4]));
  const { last } = refined({ xy: Float32Array.from([0, 0, 50, 0]), pairs: Uint32Array.from([0, 0, 0, 1]) });
  expect(last.every(Number.isFinite)).toBe(true);
});
