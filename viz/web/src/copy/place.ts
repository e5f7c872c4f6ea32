// Positions of a small view: the model of viz/layout.py, on the size of the drawing at hand.
import widths from "../../../fonts/widths.json";
import marks from "../../../marks.json";
import type { Scene, SceneGroup, SceneNode } from "../explore/scene";
import { FAMILIES, KINDS, type State } from "../explore/state";

const WIDTH = 1000;
const HEIGHT = 700;
const NARROW = 560;
const MARGIN = 14;
const STEPS = 260;
const PUSHES = 400;
const LARGER = 6;

export interface Letters { readonly size: number; readonly widest: number; readonly line: number; readonly gap: number }
export const PAGE: Letters = { size: 12.5, widest: 118, line: 15, gap: 7 };
const PHONE: Letters = { size: 11, widest: 84, line: 13.2, gap: 3 };

/** The room of a mark with its label below, from the mark's centre. */
export interface Box { readonly half: number; readonly above: number; readonly below: number }
interface Point { x: number; y: number }
type Item = SceneNode | SceneGroup;

const UNKNOWN = 900;

/** The width of one line in the shipped letters, pixels: twin of viz/text.py. */
export function width(text: string, size: number, weight: 400 | 600 = 400): number {
  const table = widths[String(weight) as "400" | "600"] as Readonly<Record<string, number>>;
  let sum = 0;
  for (const letter of text) sum += table[letter] ?? UNKNOWN;
  return (sum * size) / 1000;
}

/** The attributes that make a line as wide in other letters, where all of its own were measured: twin of viz/text.py. */
export function fitted(line: string, size: number, weight: 400 | 600 = 400): string {
  const table = widths[String(weight) as "400" | "600"] as Readonly<Record<string, number>>;
  if ([...line].some((letter) => table[letter] === undefined)) return "";
  return ` textLength="${width(line, size, weight).toFixed(0)}" lengthAdjust="spacingAndGlyphs"`;
}

/** Lines of at most `widest` pixels, broken at spaces that may be broken at; a longer single word keeps its line. */
export function wrap(text: string, size: number, widest: number, weight: 400 | 600 = 400): string[] {
  const found: string[] = [];
  for (const word of text.split(/[ \t\r\n]+/).filter(Boolean)) {
    const last = found.at(-1);
    if (last !== undefined && width(`${last} ${word}`, size, weight) <= widest) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
  }
  return found.length ? found : [""];
}

export function box(item: Item, letters: Letters = PAGE): Box {
  const mark = marks.kinds[item.kind].size * ("focus" in item && item.focus ? 1.7 : 1.15);
  const rows = wrap(item.label, letters.size, letters.widest, 600);
  const widest = Math.max(...rows.map((row) => width(row, letters.size, 600)));
  return { half: Math.max(widest / 2, mark) + letters.gap, above: mark + letters.gap, below: mark + 3 + letters.line * rows.length + letters.gap };
}

/** The scene with positions on a canvas of that size; pinned nodes stand where the state says. */
export function place(scene: Scene, state: State, size: readonly [number, number]): Scene {
  const items: Item[] = [...scene.nodes, ...scene.groups];
  const number = new Map(items.map((item, at) => [item.id, at]));
  const of = (id: string): number => number.get(id) ?? 0;
  const pairs = new Map<string, readonly [number, number]>();
  for (const [a, b] of [...scene.edges.map((one) => [of(one.source), of(one.target)] as const), ...scene.groups.map((one) => [of(one.node), of(one.id)] as const)]) {
    pairs.set(`${a} ${b}`, [a, b]);
  }
  const every = [...pairs.values()].sort(([a, b], [c, d]) => a - c || b - d);
  const focus = scene.nodes.filter((node) => node.focus).map((node) => of(node.id));
  const pins = new Map(state.pin.filter((pin) => number.has(pin.id)).map((pin) => [of(pin.id), { x: (pin.x * size[0]) / WIDTH, y: (pin.y * size[1]) / HEIGHT }]));
  let points = start(items, focus, leading(scene, of), size);
  if (state.show === "path" && focus.length === 2) points = columns(items.length, every, focus, size);
  else if (state.layout === "map") points = spring(points, every, focus, size);
  for (const [at, point] of pins) points[at] = point;
  const still = new Set([...pins.keys(), ...(focus.length === 1 ? focus : [])]);
  const letters = size[0] < NARROW ? PHONE : PAGE;
  points = apart(points, items.map((item) => box(item, letters)), still, size);
  const at = (turn: number): Point => {
    const { x, y } = points[turn] ?? { x: 0, y: 0 };
    return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
  };
  return {
    ...scene, width: size[0], height: size[1],
    nodes: scene.nodes.map((node, turn) => ({ ...node, ...at(turn), pinned: pins.has(turn) })),
    groups: scene.groups.map((group, turn) => ({ ...group, ...at(scene.nodes.length + turn) })),
  };
}

/** The family by which each item is first tied to the rest. */
function leading(scene: Scene, of: (id: string) => number): Map<number, number> {
  const focus = new Set(scene.nodes.filter((node) => node.focus).map((node) => node.id));
  const touches = (one: { source: string; target: string }): boolean => focus.has(one.source) || focus.has(one.target);
  const found = new Map<number, number>();
  for (const edge of [...scene.edges.filter(touches), ...scene.edges.filter((one) => !touches(one))]) {
    for (const end of [edge.source, edge.target]) if (!found.has(of(end))) found.set(of(end), FAMILIES.indexOf(edge.family));
  }
  for (const group of scene.groups) found.set(of(group.id), FAMILIES.indexOf(group.family));
  return found;
}

/** Focus in the middle, the others on two ellipses around it by family and kind: also the layout `rings`. */
function start(items: readonly Item[], focus: readonly number[], family: ReadonlyMap<number, number>, [wide, high]: readonly [number, number]): Point[] {
  const points: Point[] = items.map(() => ({ x: 0, y: 0 }));
  focus.forEach((one, turn) => {
    const angle = (2 * Math.PI * turn) / focus.length;
    const spread = focus.length === 1 ? 0 : 150;
    points[one] = { x: wide / 2 + spread * Math.cos(angle), y: high / 2 + spread * Math.sin(angle) };
  });
  const rest = items.map((_, at) => at).filter((at) => !focus.includes(at));
  const key = (at: number): readonly [number, number, string] => {
    const item = items[at] as Item;
    return [family.get(at) ?? FAMILIES.length, KINDS.indexOf(item.kind), item.id];
  };
  rest.sort((a, b) => {
    const [one, two] = [key(a), key(b)];
    return one[0] - two[0] || one[1] - two[1] || (one[2] < two[2] ? -1 : 1);
  });
  rest.forEach((one, turn) => {
    const angle = (2 * Math.PI * turn) / Math.max(1, rest.length) - Math.PI / 2;
    const far = turn % 2 ? 1 : 0.62;
    points[one] = { x: wide / 2 + far * wide * 0.43 * Math.cos(angle), y: high / 2 + far * high * 0.43 * Math.sin(angle) };
  });
  return points;
}

function distances(from: number, near: readonly (readonly number[])[]): Map<number, number> {
  const found = new Map([[from, 0]]);
  const queue = [from];
  for (const one of queue) {
    for (const next of near[one] ?? []) {
      if (found.has(next)) continue;
      found.set(next, (found.get(one) ?? 0) + 1);
      queue.push(next);
    }
  }
  return found;
}

/** A path: from on the left, to on the right, between them by distance from the left. */
function columns(count: number, pairs: readonly (readonly [number, number])[], focus: readonly number[], [wide, high]: readonly [number, number]): Point[] {
  const near: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of pairs) {
    near[a]?.push(b);
    near[b]?.push(a);
  }
  const [left = 0, right = 0] = focus;
  const [away, back] = [distances(left, near), distances(right, near)];
  const found = new Map<number, number[]>();
  for (let one = 0; one < count; one += 1) {
    const [a, b] = [away.get(one) ?? 1, back.get(one) ?? 1];
    const share = one === left ? 0 : one === right ? 1 : Math.min(0.85, Math.max(0.15, a / Math.max(1, a + b)));
    const key = Math.round(share * 100) / 100;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  const points: Point[] = Array.from({ length: count }, () => ({ x: 0, y: 0 }));
  for (const [share, members] of found) {
    members.forEach((one, turn) => (points[one] = { x: 90 + share * (wide - 180), y: (high * (turn + 1)) / (members.length + 1) }));
  }
  return points;
}

/** Fruchterman and Reingold's model from a given start, cooling to rest; the axes are scaled to the canvas. */
function spring(points: readonly Point[], pairs: readonly (readonly [number, number])[], focus: readonly number[], [wide, high]: readonly [number, number]): Point[] {
  const ratio = wide / high;
  const at = points.map(({ x, y }) => ({ x: (x / wide) * ratio, y: y / high }));
  const ideal = 0.9 * Math.sqrt(ratio / Math.max(at.length, 1));
  const middle = { x: ratio / 2, y: 0.5 };
  const hold = focus.length === 1 ? focus[0] : undefined;
  const weight = at.map((_, turn) => (focus.includes(turn) ? 3 : 1));
  for (let step = 0; step < STEPS; step += 1) {
    const force = at.map(() => ({ x: 0, y: 0 }));
    at.forEach((one, i) => {
      const mine = force[i] as Point;
      at.forEach((other, j) => {
        const [dx, dy] = [one.x - other.x, one.y - other.y];
        const push = (ideal ** 2 / Math.max(dx * dx + dy * dy, 1e-4)) * (weight[j] ?? 1);
        mine.x += dx * push;
        mine.y += dy * push;
      });
    });
    for (const [a, b] of pairs) {
      const [one, two, pushed, pulled] = [at[a], at[b], force[a], force[b]];
      if (!one || !two || !pushed || !pulled) continue;
      const [dx, dy] = [one.x - two.x, one.y - two.y];
      const pull = (Math.hypot(dx, dy) / ideal) * 0.35;
      pushed.x -= dx * pull;
      pushed.y -= dy * pull;
      pulled.x += dx * pull;
      pulled.y += dy * pull;
    }
    const heat = 0.06 * (1 - step / STEPS);
    at.forEach((one, i) => {
      const mine = force[i] as Point;
      const [fx, fy] = [mine.x - (one.x - middle.x) * 0.9, mine.y - (one.y - middle.y) * 0.9];
      const length = Math.max(Math.hypot(fx, fy), 1e-9);
      one.x += (fx / length) * Math.min(length, heat);
      one.y += (fy / length) * Math.min(length, heat);
    });
    if (hold !== undefined) at[hold] = { ...middle };
  }
  const spanned = (axis: "x" | "y"): readonly [number, number] => {
    const values = at.map((one) => one[axis]);
    const [low, top] = [Math.min(...values), Math.max(...values)];
    if (hold === undefined) return [low, Math.max(top - low, 1e-9)];
    const span = Math.max(2 * Math.max(top - middle[axis], middle[axis] - low), 1e-9);
    return [middle[axis] - span / 2, span];
  };
  const [[lowX, spanX], [lowY, spanY]] = [spanned("x"), spanned("y")];
  return at.map(({ x, y }) => ({ x: 80 + ((x - lowX) / spanX) * (wide - 160), y: 55 + ((y - lowY) / spanY) * (high - 110) }));
}

/** Push boxes apart until none overlaps: within the canvas where it has room, else on a larger one. */
function apart(points: readonly Point[], boxes: readonly Box[], still: ReadonlySet<number>, size: readonly [number, number]): Point[] {
  let at = points.map((one) => ({ ...one }));
  let more = 1;
  for (let turn = 0; turn < LARGER; turn += 1) {
    if (pushed(at, boxes, still, size, more)) break;
    more *= 1.12;
  }
  return at;
}

/** One try on a canvas `more` times as wide and high; whether no two boxes overlap in the end. Moves the points. */
function pushed(at: Point[], boxes: readonly Box[], still: ReadonlySet<number>, [wide, high]: readonly [number, number], more: number): boolean {
  const room = boxes.reduce((sum, one) => sum + 2 * one.half * (one.above + one.below), 0);
  const grow = Math.max(1, Math.sqrt(room / (0.62 * wide * high))) * more;
  const middle = { x: wide / 2, y: high / 2 };
  if (grow > 1) {
    at.forEach((one, i) => {
      if (!still.has(i)) [one.x, one.y] = [middle.x + (one.x - middle.x) * grow, middle.y + (one.y - middle.y) * grow];
    });
  }
  const [floorX, floorY] = [middle.x - (wide / 2) * grow + MARGIN, middle.y - (high / 2) * grow + MARGIN];
  const [topX, topY] = [middle.x + (wide / 2) * grow - MARGIN, middle.y + (high / 2) * grow - MARGIN];
  const tall = boxes.map((one) => (one.above + one.below) / 2);
  for (let turn = 0; turn < PUSHES; turn += 1) {
    const push = at.map(() => ({ x: 0, y: 0 }));
    let touching = false;
    at.forEach((one, i) => {
      const a = boxes[i] as Box;
      const mine = push[i] as Point;
      at.forEach((other, j) => {
        if (i === j) return;
        const b = boxes[j] as Box;
        const [dx, dy] = [one.x - other.x, one.y + (a.below - a.above) / 2 - other.y - (b.below - b.above) / 2];
        const [overX, overY] = [a.half + b.half - Math.abs(dx), (tall[i] ?? 0) + (tall[j] ?? 0) - Math.abs(dy)];
        if (overX <= 0.01 || overY <= 0.01) return;
        touching = true;
        // the other one stands still: take the whole way, else half of it
        const share = still.has(j) ? 1 : 0.5;
        if (overX < overY * 1.5) mine.x += overX * (Math.sign(dx) || Math.sign(i - j)) * share;
        else mine.y += overY * (Math.sign(dy) || Math.sign(i - j)) * share;
      });
    });
    if (!touching) return true;
    const clip = (value: number, low: number, top: number): number => Math.min(Math.max(value, low), top);
    at.forEach((one, i) => {
      if (still.has(i)) return;
      const a = boxes[i] as Box;
      const mine = push[i] as Point;
      one.x = clip(one.x + clip(mine.x, -24, 24) * 0.6, floorX + a.half, topX - a.half);
      one.y = clip(one.y + clip(mine.y, -24, 24) * 0.6, floorY + a.above, topY - a.below);
    });
  }
  return false;
}
