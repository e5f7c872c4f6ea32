// Signs over a small drawing: in the middle of lines, counts in folded groups, initials of people.
import type { Line } from "./drawn";
import { colours, line } from "./marks";
import type { Scene } from "./scene";

type Where = (id: string) => { x: number; y: number } | null;

const FONT = 'Inter, "Helvetica Neue", Arial, sans-serif';

/** Draws them all. `where` gives a place on the screen for a node's id or a line's. */
export function drawSigns(
  context: CanvasRenderingContext2D, scene: Scene, where: Where, lines: readonly (Pick<Line, "sign" | "base"> & { id: string })[],
): void {
  context.textAlign = "center";
  for (const { id, sign, base } of lines) {
    const at = sign ? where(id) : null;
    if (at) onLine(context, at.x, at.y, sign, base);
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

function onLine(context: CanvasRenderingContext2D, x: number, y: number, sign: Line["sign"], color: string): void {
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
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
    context.arc(x, y, 5, Math.PI / 2, (3 * Math.PI) / 2);
    context.fill();
  }
}
