// Labels on a canvas of their own above the drawing, in up to a few lines, never one over another: below their mark, or
// where that is taken above or beside it, and rather not over another mark. What matters most is placed first; what
// finds no room stays unlabelled until the reader zooms in or points at it.

export interface Label {
  readonly id: string; readonly text: string; readonly x: number; readonly y: number; readonly radius: number;
  readonly weight: 400 | 600; readonly slanted: boolean; readonly color: string;
  /** Whether it rather stands above its mark: the server has found more room there. */
  readonly above?: boolean;
  /** Higher comes first; Infinity is drawn whatever it covers. */
  readonly rank: number;
}

export interface Look { readonly paper: string; readonly size: number; readonly widest: number }

export interface Box { left: number; top: number; right: number; bottom: number }

/** A place for a label: its box, its lines, and how they are aligned in it. */
export interface Spot extends Box { readonly rows: readonly string[]; readonly align: "center" | "left" | "right" }

/** Pixels between a mark and its label, and between two labels. */
const NEAR = 3;
const APART = 2;
/** More labels than this go below their mark or nowhere: a map of the whole is redrawn often. */
const MOST = 150;

const FAMILY = 'Inter, "Helvetica Neue", Arial, sans-serif';
const lines = new Map<string, string[]>();

/** Breaks a text into lines no wider than `widest` pixels in the context's font. */
export function wrap(context: CanvasRenderingContext2D, text: string, widest: number): string[] {
  const key = `${context.font}|${widest}|${text}`;
  const known = lines.get(key);
  if (known) return known;
  const found: string[] = [];
  for (const word of text.split(/[ \t\r\n]+/)) {
    const last = found.at(-1);
    if (last !== undefined && context.measureText(`${last} ${word}`).width <= widest) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
  }
  if (lines.size > 5000) lines.clear();
  lines.set(key, found);
  return found;
}

let letters: Promise<void> | null = null;

/** Loads the letters of labels and caption, once; widths measured before that are forgotten. */
export function loadLetters(): Promise<void> {
  letters ??= fetchLetters();
  return letters;
}

async function fetchLetters(): Promise<void> {
  const faces = ["400 12px Inter", "600 12px Inter", "italic 400 12px Inter", '400 16px "Source Serif 4"'];
  await Promise.all(faces.map((face) => document.fonts.load(face)));
  lines.clear();
}

const overlap = (a: Box, b: Box, by = 0): boolean =>
  a.left < b.right + by && b.left < a.right + by && a.top < b.bottom && b.top < a.bottom;

/** The places that a label may have around its mark, best first; `measure` gives the lines and the width of a wrap. */
export function spots(
  label: Pick<Label, "x" | "y" | "radius" | "above">, widths: readonly number[], leading: number,
  measure: (widest: number) => { rows: readonly string[]; width: number },
): Spot[] {
  const found: Spot[] = [];
  const { x, y, radius } = label;
  const seen = new Set<number>();
  for (const widest of widths) {
    const { rows, width } = measure(widest);
    if (seen.has(rows.length)) continue;
    seen.add(rows.length);
    const high = leading * rows.length;
    const at = (left: number, top: number, align: Spot["align"]): void => {
      found.push({ left, right: left + width, top, bottom: top + high, rows, align });
    };
    const beside = radius + NEAR + 1;
    const sides = [y + radius + NEAR, y - radius - NEAR - high] as const;
    for (const top of label.above ? [sides[1], sides[0]] : sides) at(x - width / 2, top, "center");
    at(x + beside, y - high / 2, "left");
    at(x - beside - width, y - high / 2, "right");
    for (const down of [radius + NEAR - leading / 2, -radius - NEAR - high + leading / 2]) {
      at(x + radius, y + down, "left");
      at(x - radius - width, y + down, "right");
    }
    for (const share of [0.2, 0.8]) at(x - width * share, y + radius + NEAR, "center");
    for (const share of [0.2, 0.8]) at(x - width * share, y - radius - NEAR - high, "center");
  }
  return found;
}

/** The best free place: over no other label, inside the drawing, and over as few marks as can be, at most `most`. */
export function choose(
  places: readonly Spot[], taken: readonly Box[], marks: readonly Box[], frame: Box, most = Infinity,
): Spot | null {
  let best: Spot | null = null;
  let least = most + 1;
  for (const place of places) {
    const outside = place.left < frame.left || place.right > frame.right || place.top < frame.top || place.bottom > frame.bottom;
    if (outside || taken.some((other) => overlap(place, other, APART))) continue;
    const over = marks.filter((mark) => overlap(place, mark)).length;
    if (over < least) [best, least] = [place, over];
    if (!over) break;
  }
  return best;
}

/** Draws labels, over what `below` draws in places that none of them takes, and says where each one stands. */
export function drawLabels(
  canvas: HTMLCanvasElement, labels: readonly Label[], look: Look,
  below: (context: CanvasRenderingContext2D, taken: readonly Box[]) => void,
): Map<string, Box> {
  const context = canvas.getContext("2d");
  const drawn = new Map<string, Box>();
  if (!context) return drawn;
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const taken: Box[] = [];
  const found: { label: Label; spot: Spot; font: string; leading: number }[] = [];
  const few = labels.length <= MOST;
  const frame = few ? { left: 1, top: 1, right: width - 1, bottom: height - 1 } : { left: -80, top: -40, right: width + 80, bottom: height + 40 };
  const marks = few ? labels.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius })) : [];
  const widths = few ? [look.widest, look.widest * 1.35, look.widest * 0.7, look.widest * 0.5] : [look.widest];
  const places = (label: Label, size: number): Spot[] => {
    context.font = `${label.slanted ? "italic " : ""}${label.weight} ${size}px ${FAMILY}`;
    return spots(label, widths, size * 1.2, (widest) => {
      const rows = wrap(context, label.text, widest);
      return { rows, width: Math.max(...rows.map((row) => context.measureText(row).width)) };
    });
  };
  // what looks for another place than its first leaves the first places of those that come after it free
  const firsts = new Map<string, Box>();
  if (few) for (const label of labels) firsts.set(label.id, places(label, look.size)[0] ?? frame);
  for (const label of [...labels].sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))) {
    firsts.delete(label.id);
    if (label.x < -80 || label.x > width + 80 || label.y < -40 || label.y > height + 20) continue;
    let leading = 0;
    let spot: Spot | null = null;
    const avoid = [...marks, ...firsts.values()];
    // what finds no room is tried in smaller letters, and only then over another mark
    for (const [size, most] of few ? [[look.size, 0], [look.size * 0.84, 0], [look.size, Infinity], [look.size * 0.84, Infinity]] as const : [[look.size, Infinity]] as const) {
      leading = size * 1.2;
      const found = places(label, size);
      spot = choose(few ? found : found.slice(0, 1), taken, avoid, frame, most) ?? (label.rank === Infinity ? found[0] ?? null : null);
      if (spot) break;
    }
    if (!spot) continue;
    taken.push(spot);
    found.push({ label, spot, font: context.font, leading });
    drawn.set(label.id, { left: spot.left, top: spot.top, right: spot.right, bottom: spot.bottom });
  }
  below(context, [...marks, ...taken]);
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  for (const { label, spot, font, leading } of found) {
    context.font = font;
    context.textAlign = spot.align;
    const x = spot.align === "left" ? spot.left : spot.align === "right" ? spot.right : (spot.left + spot.right) / 2;
    spot.rows.forEach((row, at) => {
      const y = spot.top + leading * (at + 0.78);
      context.lineWidth = 3.5;
      context.strokeStyle = look.paper;
      context.strokeText(row, x, y);
      context.fillStyle = label.color;
      context.fillText(row, x, y);
    });
  }
  return drawn;
}
