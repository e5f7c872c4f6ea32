// Refines positions: ForceAtlas2 from where everything stands; marks first find to those that they are linked to, then
// leave each other room. Deterministic: no random number, so the same picture is refined to the same picture.
import { UndirectedGraph } from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";

export interface Task { xy: Float32Array; pairs: Uint32Array }
interface Place { x: number; y: number; size: number }

/** Times that positions are told, and steps in between. */
const ROUNDS = 20;
const STEPS = 25;
/** Rounds in which marks may pass through each other: with fewer some are left on the wrong side, with more some on others. */
const PASSING = 5;
/** Half of what a mark takes, in the layout's own units: less than what it leaves between two, once it is fitted. */
const MARK = 9;

interface Box { readonly x: number; readonly y: number; readonly wide: number; readonly high: number }

function around(places: readonly Place[]): Box {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of places) {
    [left, right, low, high] = [Math.min(left, x), Math.max(right, x), Math.min(low, y), Math.max(high, y)];
  }
  return { x: (left + right) / 2, y: (low + high) / 2, wide: Math.max(1, right - left), high: Math.max(1, high - low) };
}

export function refine({ xy, pairs }: Task, report: (xy: Float32Array, done: boolean) => void): void {
  const count = xy.length / 2;
  if (count < 2) return report(xy, true);
  const graph = new UndirectedGraph<Place>();
  for (let one = 0; one < count; one += 1) {
    graph.addNode(one, { x: xy[one * 2] as number, y: xy[one * 2 + 1] as number, size: MARK });
  }
  for (let at = 0; at < pairs.length; at += 2) {
    if (pairs[at] !== pairs[at + 1]) graph.mergeEdge(pairs[at], pairs[at + 1]);
  }
  const places = (): Place[] => graph.mapNodes((_id, place) => place);
  // the layout has a scale of its own: it is fitted into the room that the drawing had
  const room = around(places());
  const fitted = (): Float32Array => {
    const now = around(places());
    const scale = Math.min(room.wide / now.wide, room.high / now.high);
    const found = new Float32Array(xy.length);
    places().forEach(({ x, y }, at) => found.set([room.x + (x - now.x) * scale, room.y + (y - now.y) * scale], at * 2));
    return found;
  };
  const settings = forceAtlas2.inferSettings(graph);
  for (let round = 1; round <= ROUNDS; round += 1) {
    forceAtlas2.assign(graph, { iterations: STEPS, settings: { ...settings, adjustSizes: round > PASSING } });
    report(fitted(), round === ROUNDS);
  }
}
