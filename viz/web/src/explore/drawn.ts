// What the graph that sigma draws holds for each mark and each line: all derived from a scene.
import { colours, faded, line, shape } from "./marks";
import type { ShapeName } from "./programs/node";
import type { Scene, SceneEdge } from "./scene";
import { FAMILIES, type Family } from "./state";

export interface Mark {
  x: number; y: number; size: number; type: string; color: string; border: string; stroke: number; shape: ShapeName;
  label: string; text: string; name: string; weight: 400 | 600; slanted: boolean; ink: string; rank: number;
  zIndex: number; fold: boolean; above: boolean;
}

export interface Line {
  size: number; type: string; color: string; base: string; alpha: number; dash: readonly number[]; bend: number;
  label: string; zIndex: number; sign: "?" | "half" | "";
}

/** With more nodes than this the drawing is a map of the whole: straight thin lines, labels of the most linked. */
export const MANY = 300;
/** With more lines than this, those that do not touch a focus step back (the server's drawings do the same). */
const DENSE = 45;
/** With more lines than this each is a plain rectangle: bends would cost more than they tell. */
export const PLAIN = 30_000;
const BEND = 26;

/** The marks of a scene by id: its nodes and its folded groups. */
export function marks(scene: Scene): Map<string, Mark> {
  const { paper, ink, quiet } = colours();
  const many = scene.nodes.length > MANY;
  const found = new Map<string, Mark>();
  for (const node of scene.nodes) {
    const look = shape(node.kind);
    const pale = node.standing === "future" || node.standing === "ended";
    found.set(node.id, {
      x: node.x, y: -node.y, type: "mark", shape: look.shape,
      size: many ? Math.min(9, 2.2 + Math.sqrt(node.degree) * 0.5) : look.size * (node.focus ? 1.5 : 1),
      color: node.focus ? ink : paper, border: pale ? faded(ink, 0.35) : ink, stroke: many ? 0.8 : 1.6,
      label: node.label, text: node.label, name: node.name, weight: node.focus ? 600 : 400, slanted: pale,
      ink: pale ? quiet : ink, rank: node.focus ? 1e6 : node.degree, zIndex: node.focus ? 3 : 2, fold: false,
      above: node.above ?? false,
    });
  }
  for (const group of scene.groups) {
    const { color } = line(group.family);
    found.set(group.id, {
      x: group.x, y: -group.y, type: "mark", shape: "fold", size: 10, color: paper, border: color, stroke: 1.4,
      label: group.label, text: group.label, name: group.label, weight: 400, slanted: false, ink: quiet, rank: 0.5, zIndex: 1,
      fold: true, above: group.above ?? false,
    });
  }
  return found;
}

/** The lines of a scene: id, ends, look. One per connection; parallel ones are bent away from each other. */
export function* lines(scene: Scene): Generator<[string, string, string, Line]> {
  const many = scene.nodes.length > MANY;
  const focus = new Set(scene.nodes.filter((node) => node.focus).map((node) => node.id));
  const leading = scene.edges.filter((edge) => edge.leads && edge.source !== edge.target);
  const looks = Object.fromEntries(FAMILIES.map((family) => [family, line(family)])) as Record<Family, ReturnType<typeof line>>;
  const type = leading.length > PLAIN ? "thin" : "line";
  for (const together of parallel(leading)) {
    for (const [turn, edge] of together.entries()) {
      const { color, dash, width } = looks[edge.family];
      const pale = edge.standing === "future" || edge.standing === "ended";
      const behind = leading.length > DENSE && !focus.has(edge.source) && !focus.has(edge.target);
      const bend = (turn - (together.length - 1) / 2) * BEND;
      const alpha = many ? (pale ? 0.04 : 0.2) : pale ? 0.22 : behind ? 0.4 : 1;
      const sign = edge.standing === "unknown" ? "?" : edge.predicate === "signed" && edge.standing === "valid" ? "half" : "";
      yield [edge.id, edge.source, edge.target, {
        type, size: many ? Math.min(width, 1.2) : width, color: faded(color, alpha), base: color, alpha, dash: many ? [] : dash,
        // a pair bends the same way whichever end its lines start from; sigma's y axis points up
        bend: edge.source < edge.target ? bend : -bend, label: edge.label, zIndex: behind ? 0 : 1,
        sign: many || behind ? "" : sign,
      }];
    }
  }
  for (const group of scene.groups) {
    const { color } = line(group.family);
    yield [`fold ${group.id}`, group.node, group.id, {
      type: "line", size: 1, color: faded(color, 0.45), base: color, alpha: 0.45, dash: [], bend: 0, label: group.label, zIndex: 0, sign: "",
    }];
  }
}

/** Lines by the pair that they connect. */
function parallel(leading: readonly SceneEdge[]): Iterable<SceneEdge[]> {
  const pairs = new Map<string, SceneEdge[]>();
  for (const edge of leading) {
    const key = edge.source < edge.target ? `${edge.source} ${edge.target}` : `${edge.target} ${edge.source}`;
    const together = pairs.get(key);
    if (together) together.push(edge);
    else pairs.set(key, [edge]);
  }
  return pairs.values();
}
