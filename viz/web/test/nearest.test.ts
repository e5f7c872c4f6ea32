import { describe, expect, it } from "vitest";

import { distance, nearest } from "../src/explore/nearest";

const LINES = new Map([
  ["across", [{ x: 0, y: 0 }, { x: 50, y: 10 }, { x: 100, y: 0 }]],
  ["beside", [{ x: 0, y: 20 }, { x: 100, y: 20 }]],
]);

describe("the line that is meant", () => {
  it("is the one whose course passes nearest", () => {
    expect(distance({ x: 50, y: 14 }, LINES.get("across") ?? [])).toBeCloseTo(4, 0);
    expect(nearest({ x: 50, y: 12 }, "beside", LINES)).toBe("across");
    expect(nearest({ x: 10, y: 18 }, "across", LINES)).toBe("beside");
  });

  it("is the one that was hit, unless another is clearly nearer", () => {
    expect(nearest({ x: 50, y: 14.8 }, "beside", LINES)).toBe("beside");
  });

  it("is measured to the ends of a line and not beyond", () => {
    expect(distance({ x: 103, y: 24 }, LINES.get("beside") ?? [])).toBe(5);
    expect(distance({ x: 0, y: 0 }, [])).toBe(Infinity);
  });
});
