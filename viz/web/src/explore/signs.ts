// Signs over a small drawing: in the middle of lines, counts in folded groups, initials of people.
import type { Line } from "./drawn";
import type { Box } from "./labels";
import { colours, line } from "./marks";
import type { Scene } from "./scene";

type Where = (id: string, share?: number) => { x: number; y: number } | null;

const FONT = 'Inter, "Helvetica Neue", Arial, sans-serif';

/** Where along its line a sign may stand, best first. */
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
const RADIUS = 5;

/** Draws them all, those of lines where neither a mark nor a label nor another sign stands. `where` gives a place on the
 * screen for a node's id, or for a share of a line's way. */
export function drawSigns(
  context: CanvasRenderingContext2D, scene: Scene, where: Where, lines: readonly (Pick<Line, "sign" | "base"> & { id: string })[],
  taken: readonly Box[],
): void {
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  const full: Box[] = [...taken];
  for (const { id, sign, base } of lines) {
    if (!sign) continue;
    const at = free((share) => where(id, share), full);
    if (!at) continue;
    full.push({ left: at.x - RADIUS, right: at.x + RADIUS, top: at.y - RADIUS, bottom: at.y + RADIUS });
    onLine(context, at.x, at.y, sign, base);
  }
  for (const group of scene.groups) {
    const at = where(group.id);
    if (!at) continue;
    // three figures and a plus fit into the mark in smaller letters
    context.font = `600 ${group.count > 99 ? 7.5 : 9}px ${FONT}`;
    context.fillStyle = line(group.family).color;
    context.fillText(`+${group.count}`, at.x, at.y + 3.2);
  }
  context.font = `600 7px ${FONT}`;
  context.fillStyle = colours().ink;
  for (const node of scene.nodes) {
    const at = node.kind === "person" ? where(node.id) : null;
    const words = node.name.split(/[\s-]+/).filter((word) => /^\p{L}/u.test(word));
    if (at && words.length) context.fillText((words[0]?.[0] ?? "") + (words.length > 1 ? words.at(-1)?.[0] ?? "" : ""), at.x, at.y + 2.5);
  }
}

/** The first place on a line that is free, or its middle where none is. */
export function free(where: (share: number) => { x: number; y: number } | null, taken: readonly Box[]): { x: number; y: number } | null {
  for (const share of SHARES) {
    const at = where(share);
    if (!at) return null;
    const touches = (box: Box): boolean =>
      at.x + RADIUS + 1 > box.left && at.x - RADIUS - 1 < box.right && at.y + RADIUS + 1 > box.top && at.y - RADIUS - 1 < box.bottom;
    if (!taken.some(touches)) return at;
  }
  return where(0.5);
}

function onLine(context: CanvasRenderingContext2D, x: number, y: number, sign: Line["sign"], color: string): void {
  context.beginPath();
  context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fillStyle = colours().paper;
  context.fill();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = color;
  if (sign === "?") {
    context.font = `600 8.5px ${FONT}`;
    context.fillText("?", x, y + 3);
  } else {
    context.beginPath();
    context.arc(x, y, RADIUS, Math.PI / 2, (3 * Math.PI) / 2);
    context.fill();
  }
}
