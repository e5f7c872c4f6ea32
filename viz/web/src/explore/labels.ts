// Labels on a canvas of their own above the drawing: below their mark, in up to a few lines, never one over another.
// What matters most is placed first; what finds no room stays unlabelled until the reader zooms in or points at it.

export interface Label {
  readonly id: string; readonly text: string; readonly x: number; readonly y: number; readonly radius: number;
  readonly weight: 400 | 600; readonly slanted: boolean; readonly color: string;
  /** Higher comes first; Infinity is drawn whatever it covers. */
  readonly rank: number;
}

export interface Look { readonly paper: string; readonly size: number; readonly widest: number }

interface Box { left: number; top: number; right: number; bottom: number }

const FAMILY = 'Inter, "Helvetica Neue", Arial, sans-serif';
const lines = new Map<string, string[]>();

/** Breaks a text into lines no wider than `widest` pixels in the context's font. */
export function wrap(context: CanvasRenderingContext2D, text: string, widest: number): string[] {
  const key = `${context.font}|${widest}|${text}`;
  const known = lines.get(key);
  if (known) return known;
  const found: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = found.at(-1);
    if (last !== undefined && context.measureText(`${last} ${word}`).width <= widest) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
  }
  if (lines.size > 5000) lines.clear();
  lines.set(key, found);
  return found;
}

/** Loads the letters that labels are measured with; widths measured before that are forgotten. */
export async function loadLetters(): Promise<void> {
  await Promise.all(["400", "600", "italic 400"].map((face) => document.fonts.load(`${face} 12px Inter`)));
  lines.clear();
}

/** Draws labels, over what `below` draws, and says which ones found room. */
export function drawLabels(
  canvas: HTMLCanvasElement, labels: readonly Label[], look: Look, below: () => void,
): Set<string> {
  const context = canvas.getContext("2d");
  const drawn = new Set<string>();
  if (!context) return drawn;
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  below();
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  const leading = look.size * 1.2;
  const taken: Box[] = [];
  for (const label of [...labels].sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))) {
    if (label.x < -80 || label.x > width + 80 || label.y < -40 || label.y > height + 20) continue;
    context.font = `${label.slanted ? "italic " : ""}${label.weight} ${look.size}px ${FAMILY}`;
    const rows = wrap(context, label.text, look.widest);
    const half = Math.max(...rows.map((row) => context.measureText(row).width)) / 2;
    const top = label.y + label.radius + 3;
    const box = { left: label.x - half, right: label.x + half, top, bottom: top + leading * rows.length };
    const blocked = taken.some(
      (other) => other.left < box.right + 2 && box.left < other.right + 2 && other.top < box.bottom && box.top < other.bottom,
    );
    if (blocked && label.rank !== Infinity) continue;
    taken.push(box);
    drawn.add(label.id);
    rows.forEach((row, at) => {
      const y = top + leading * (at + 0.78);
      context.lineWidth = 3.5;
      context.strokeStyle = look.paper;
      context.strokeText(row, label.x, y);
      context.fillStyle = label.color;
      context.fillText(row, label.x, y);
    });
  }
  return drawn;
}
