// A view as SVG for paper: twin of viz/svg.py, from which the server draws pictures.
import marks from "../../../marks.json";
import type { Scene, SceneEdge, SceneGroup, SceneNode } from "../explore/scene";
import { FAMILIES, KINDS, type Kind } from "../explore/state";
import type { Explanation } from "./paths";
import { box, fitted, PAGE, width, wrap } from "./place";
import type { Reading } from "./made";
import { capital, type Words } from "./say";
import { escape } from "./html";

const [PAPER, INK, QUIET, RULE] = [marks.paper.light, marks.ink.light, marks.quiet.light, marks.rule.light];
const DENSE = 45;
const BEND = 26;
const FONT = "Inter, 'Helvetica Neue', Arial, sans-serif";

type At = readonly [number, number];

/** A coordinate with at most one digit after the point. */
export function num(value: number): string {
  // where two roundings are as near, the even one: as Python prints it
  const tie = Math.abs((value * 10) % 1) === 0.5;
  const text = (tie ? (Math.round(value * 10 / 2) * 2) / 10 : value).toFixed(1).replace(/\.0$/, "");
  return text === "-0" ? "0" : text;
}

/** The path of a mark around the origin; `s` is its half height. */
export function outline(kind: Kind, s: number): string {
  const circle = `M${num(-s)} 0A${num(s)} ${num(s)} 0 1 1 ${num(s)} 0A${num(s)} ${num(s)} 0 1 1 ${num(-s)} 0Z`;
  const points: Record<string, readonly At[]> = {
    international: Array.from({ length: 6 }, (_, k) => [s * 1.1 * Math.cos((Math.PI / 3) * k), s * 1.1 * Math.sin((Math.PI / 3) * k)] as const),
    national: [[-s, -s], [s, -s], [s, s], [-s, s]],
    association: [[0, -s * 1.2], [s * 1.2, 0], [0, s * 1.2], [-s * 1.2, 0]],
    instrument: [[-s * 0.8, -s], [s * 0.35, -s], [s * 0.8, -s * 0.5], [s * 0.8, s], [-s * 0.8, s]],
  };
  if (kind === "project") {
    const r = s * 0.72;
    return `M${num(-s * 0.7)} ${num(-r)}H${num(s * 0.7)}A${num(r)} ${num(r)} 0 0 1 ${num(s * 0.7)} ${num(r)}H${num(-s * 0.7)}A${num(r)} ${num(r)} 0 0 1 ${num(-s * 0.7)} ${num(-r)}Z`;
  }
  const found = points[kind];
  return found ? `M${found.map(([x, y]) => `${num(x)} ${num(y)}`).join("L")}Z` : circle;
}

function initials(name: string): string {
  const parts = name.replaceAll("-", " ").split(/\s+/).filter((part) => /^\p{L}/u.test(part));
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? parts.at(-1)?.[0] ?? "" : "")).toUpperCase();
}

function label(x: number, y: number, rows: readonly string[], weight: number, pale: boolean, colour: string, name: string): string {
  const lines = rows.map((row, turn) => `<tspan x="${num(x)}" y="${num(y + PAGE.line * (turn + 0.72))}">${escape(row)}</tspan>`).join(" ");
  return `<text class="${name}" text-anchor="middle" fill="${pale ? QUIET : colour}" font-weight="${weight}"${pale ? ' font-style="italic"' : ""} stroke="${PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">${lines}</text>`;
}

const rows = (item: SceneNode | SceneGroup): string[] => wrap(item.label, PAGE.size, PAGE.widest, 600);

function node(one: SceneNode): string {
  const size = marks.kinds[one.kind].size * (one.focus ? 1.5 : 1);
  const pale = one.standing === "future" || one.standing === "ended";
  let inner = `<title>${escape(one.name)}</title><path class="mark ${one.kind}${one.focus ? " focus" : ""}" d="${outline(one.kind, size)}" transform="translate(${num(one.x)} ${num(one.y)})" fill="${one.focus ? INK : PAPER}" stroke="${INK}" stroke-width="1.6"${pale ? ' opacity="0.35"' : ""}/>`;
  if (one.kind === "person") {
    inner += `<text x="${num(one.x)}" y="${num(one.y + 2.6)}" font-size="7" font-weight="600" text-anchor="middle" fill="${INK}">${escape(initials(one.name))}</text> `;
  }
  return `<g><g class="node ${one.standing}">${inner}${label(one.x, one.y + size + 4, rows(one), one.focus ? 600 : 400, pale, INK, "label")}</g></g>`;
}

function group(one: SceneGroup): string {
  const colour = marks.families[one.family].light;
  return `<g><g class="fold"><title>${escape(one.label)}</title><circle class="group ${one.family}" cx="${num(one.x)}" cy="${num(one.y)}" r="10" fill="${PAPER}" stroke="${colour}" stroke-width="1.4" stroke-dasharray="3 2"/><text x="${num(one.x)}" y="${num(one.y + 3.4)}" font-size="9.5" font-weight="600" text-anchor="middle" fill="${colour}" class="${one.family}-text">+${one.count}</text> ${label(one.x, one.y + 14, rows(one), 400, false, QUIET, "quiet")}</g></g>`;
}

/** The lines to draw, one per link, each with its bend: parallel ones are told apart. */
function bends(scene: Scene): [SceneEdge, number][] {
  const leads = scene.edges.filter((edge) => edge.leads);
  const pair = (edge: SceneEdge): string => [edge.source, edge.target].sort().join(" ");
  const total = new Map<string, number>();
  for (const edge of leads) total.set(pair(edge), (total.get(pair(edge)) ?? 0) + 1);
  const seen = new Map<string, number>();
  return [...leads]
    .sort((a, b) => FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family) || (a.id < b.id ? -1 : 1))
    .map((edge) => {
      const turn = seen.get(pair(edge)) ?? 0;
      seen.set(pair(edge), turn + 1);
      const bend = (turn - ((total.get(pair(edge)) ?? 1) - 1) / 2) * BEND;
      return [edge, edge.source < edge.target ? bend : -bend];
    });
}

function line(edge: SceneEdge, [x1, y1]: At, [x2, y2]: At, bend: number, behind: boolean): string {
  const long = Math.max(1, Math.hypot(x2 - x1, y2 - y1));
  const across = [-(y2 - y1) / long, (x2 - x1) / long] as const;
  const curve = bend
    ? `M${num(x1)} ${num(y1)}Q${num((x1 + x2) / 2 + across[0] * bend * 2)} ${num((y1 + y2) / 2 + across[1] * bend * 2)} ${num(x2)} ${num(y2)}`
    : `M${num(x1)} ${num(y1)}L${num(x2)} ${num(y2)}`;
  const mark = marks.families[edge.family];
  const pale = edge.standing === "future" || edge.standing === "ended";
  const dash = mark.dash.length ? ` stroke-dasharray="${mark.dash.join(" ")}"` : "";
  const faint = pale ? ' stroke-opacity="0.22"' : behind ? ' stroke-opacity="0.4"' : "";
  const drawn = `<path class="line ${edge.family} ${edge.standing}" d="${curve}" stroke="${mark.light}" stroke-width="${mark.width}" stroke-linecap="${mark.dash[0] === 2 ? "round" : "butt"}"${dash}${faint}/>`;
  const [x, y] = [(x1 + x2) / 2 + across[0] * bend, (y1 + y2) / 2 + across[1] * bend];
  const hit = `<path class="hit" d="${curve}" stroke="${PAPER}" stroke-opacity="0" stroke-width="12" pointer-events="stroke"/>`;
  return `<g><title>${escape(edge.label)}</title>${drawn}${behind ? "" : sign(edge, x, y, mark.light)}${hit}</g>`;
}

/** A question mark where no day is known, a half disc where there is a signature and nothing more. */
function sign(edge: SceneEdge, x: number, y: number, colour: string): string {
  if (edge.standing === "unknown") {
    return `<circle class="sign" cx="${num(x)}" cy="${num(y)}" r="5.5" fill="${PAPER}" stroke="${colour}"/><text x="${num(x)}" y="${num(y + 3.2)}" font-size="9" font-weight="600" text-anchor="middle" fill="${colour}">?</text>`;
  }
  if (edge.predicate === "signed" && edge.standing === "valid") {
    return `<circle class="sign" cx="${num(x)}" cy="${num(y)}" r="5" fill="${PAPER}" stroke="${colour}"/><path d="M${num(x)} ${num(y - 5)}a5 5 0 0 0 0 10z" fill="${colour}"/>`;
  }
  return "";
}

function body(scene: Scene): string {
  const at = new Map<string, At>([...scene.nodes, ...scene.groups].map((one) => [one.id, [one.x, one.y]]));
  const of = (id: string): At => at.get(id) ?? [0, 0];
  const focus = new Set(scene.nodes.filter((one) => one.focus).map((one) => one.id));
  const folds = scene.groups.map((one) => {
    const [[x1, y1], [x2, y2]] = [of(one.node), of(one.id)];
    return `<path class="line ${one.family} fold" d="M${num(x1)} ${num(y1)}L${num(x2)} ${num(y2)}" stroke="${marks.families[one.family].light}" stroke-width="1" stroke-opacity="0.45"/>`;
  });
  const every = bends(scene);
  const drawn = every.map(([edge, bend]) =>
    line(edge, of(edge.source), of(edge.target), bend, every.length > DENSE && !focus.has(edge.source) && !focus.has(edge.target)));
  return `<g class="lines" fill="none">${folds.join("")}${drawn.join("")}</g><g class="marks">${scene.groups.map(group).join("")}${scene.nodes.map(node).join("")}</g>`;
}

/** The signs that a drawing uses, in rows from `top`; with where they end. */
function legend(scene: Scene, words: Words, left: number, top: number, right: number): [string, number] {
  const parts: string[] = [];
  let [x, y] = [left, top];
  const next = (wide: number): void => {
    if (x + wide > right && x > left) [x, y] = [left, y + 20];
  };
  for (const family of FAMILIES.filter((one) => scene.edges.some((edge) => edge.family === one))) {
    const mark = marks.families[family];
    const name = words.family[family];
    const wide = 34 + width(name, 11.5) + 18;
    next(wide);
    const dash = mark.dash.length ? ` stroke-dasharray="${mark.dash.join(" ")}"` : "";
    parts.push(`<path d="M${num(x)} ${num(y)}h28" fill="none" stroke="${mark.light}" stroke-width="${mark.width}"${dash}/><text x="${num(x + 34)}" y="${num(y + 4)}" font-size="11.5" fill="${INK}">${escape(name)}</text>`);
    x += wide;
  }
  [x, y] = [left, y + 22];
  for (const kind of KINDS.filter((one) => scene.nodes.some((each) => each.kind === one))) {
    const name = capital(words.kind[kind][0]);
    const wide = 20 + width(name, 11.5) + 18;
    next(wide);
    parts.push(`<path d="${outline(kind, 6)}" transform="translate(${num(x + 7)} ${num(y)})" fill="${PAPER}" stroke="${INK}" stroke-width="1.2"/><text x="${num(x + 20)}" y="${num(y + 4)}" font-size="11.5" fill="${INK}">${escape(name)}</text>`);
    x += wide;
  }
  return [parts.join(""), y + 16];
}

/** A whole picture for an article: caption above, drawing, legend, and the source line with its date in it. */
export function picture(scene: Scene, source: string, words: Words): string {
  const boxes = [...scene.nodes, ...scene.groups].map((item) => [item, box(item)] as const);
  let left = Math.min(...boxes.map(([item, room]) => item.x - room.half));
  const top = Math.min(...boxes.map(([item, room]) => item.y - room.above));
  let right = Math.max(...boxes.map(([item, room]) => item.x + room.half));
  const bottom = Math.max(...boxes.map(([item, room]) => item.y + room.below));
  left = Math.min(left, right - 640) - 20;
  right += 20;
  const heading = wrap(scene.caption, 17, right - left - 8, 600);
  const head = 30 + 23 * heading.length;
  const [signs, end] = legend(scene, words, left + 4, bottom + 30, right);
  const credit = wrap(source, 11, right - left - 8);
  const foot = end + 18 + 15 * credit.length;
  const [y0, high] = [top - head, foot - (top - head)];
  const above = heading.map((row, turn) => `<text x="${num(left + 4)}" y="${num(y0 + 28 + 23 * turn)}" font-size="17" font-weight="600" fill="${INK}"${fitted(row, 17, 600)}>${escape(row)}</text>`);
  const below = credit.map((row, turn) => `<text x="${num(left + 4)}" y="${num(end + 16 + 15 * turn)}" font-size="11" fill="${QUIET}"${fitted(row, 11)}>${escape(row)}</text>`);
  const wide = right - left;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${num(left)} ${num(y0)} ${num(wide)} ${num(high)}" width="${num(wide)}" height="${num(high)}" role="img" aria-labelledby="picture-title picture-source" font-family="${escape(FONT)}" font-size="${PAGE.size}" xml:lang="${scene.lang}"><title id="picture-title">${escape(scene.caption)}</title><desc id="picture-source">${escape(source)}</desc><rect x="${num(left)}" y="${num(y0)}" width="${num(wide)}" height="${num(high)}" fill="${PAPER}"/>${above.join("")}${body(scene)}${signs}<path d="M${num(left + 4)} ${num(end)}H${num(right - 4)}" stroke="${RULE}"/>${below.join("")}</svg>\n`;
}

const CHAIN = 320;
const TOP = 14;

/** One explanation as a small drawing, its nodes in a row: twin of viz/chain.py. */
export function chain(one: Explanation, { net, told }: Reading, address: (id: string) => string): string {
  const numbers = [one.steps[0]?.start ?? 0, ...one.steps.map((step) => step.end)];
  const room = CHAIN / numbers.length;
  const at = numbers.map((_, turn) => room * (turn + 0.5));
  const labels = numbers.map((number) => wrap(told.short[number] ?? "", 11, room - 6, 600));
  const high = TOP + 16 + 13 * Math.max(...labels.map((each) => each.length));
  const drawn = one.steps.map((step, turn) => {
    const mark = marks.families[net.edge(step.line.edge).family];
    const dash = mark.dash.length ? ` stroke-dasharray="${mark.dash.join(" ")}"` : "";
    return `<path class="line ${net.edge(step.line.edge).family}" d="M${num(at[turn] ?? 0)} ${TOP}H${num(at[turn + 1] ?? 0)}" fill="none" stroke="${mark.light}" stroke-width="${mark.width}"${dash}/>`;
  });
  const nodes = numbers.map((number, turn) => {
    const each = net.node(number);
    const [x, lines] = [at[turn] ?? 0, labels[turn] ?? []];
    const name = told.names[number] ?? each.id;
    const seen = lines.join(" ");
    const spoken = name.toLowerCase().includes(seen.toLowerCase()) ? name : `${seen}: ${name}`;
    const spans = lines.map((row, line) => `<tspan x="${num(x)}" y="${num(TOP + 20 + 13 * line)}">${escape(row)}</tspan>`).join(" ");
    return `<a href="${escape(address(each.id))}" aria-label="${escape(spoken)}"><path class="mark ${each.kind}" d="${outline(each.kind, 7)}" transform="translate(${num(x)} ${TOP})" fill="${PAPER}" stroke="${INK}" stroke-width="1.5"/><text class="label" text-anchor="middle" fill="${INK}">${spans}</text></a>`;
  });
  const named = numbers.map((number) => told.short[number] ?? "").join(" – ");
  return `<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 ${CHAIN} ${num(high)}" width="${CHAIN}" height="${num(high)}" role="group" aria-label="${escape(named)}" font-size="11">${drawn.join("")}${nodes.join("")}</svg>`;
}
