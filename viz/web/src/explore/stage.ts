// The drawing: one sigma instance over one graphology graph, derived from a scene and never edited by hand.
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram } from "sigma/rendering";
import type { MouseCoords } from "sigma/types";
import { animateNodes } from "sigma/utils";
import type { Line, Mark } from "./drawn";
import { drawLabels, type Label } from "./labels";
import { colours, faded, line, shape } from "./marks";
import { BentDashedProgram } from "./programs/edge";
import { ShapeProgram } from "./programs/node";
import { FAMILIES, type Family } from "./state";
import type { Scene, SceneEdge } from "./scene";

export interface Events {
  select(path: string): void;
  open(id: string): void;
  unfold(group: string): void;
  pin(id: string, x: number, y: number): void;
  clear(): void;
  point(sentence: string, x: number, y: number): void;
}

/** With more lines than this, those that do not touch a focus step back (the server's drawings do the same). */
const DENSE = 45;
/** With more nodes than this the drawing is a map of the whole: straight thin lines, labels of the most linked. */
const MANY = 300;
/** With more lines than this each is a plain rectangle: bends would cost more than they tell. */
const HUGE = 30_000;
const BEND = 26;

/** Whether this browser can draw with WebGL at all. */
export function canDraw(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

export class Stage {
  private readonly graph = new MultiDirectedGraph<Mark, Line>();
  private readonly sigma: Sigma<Mark, Line>;
  private readonly overlay: HTMLCanvasElement;
  private scene: Scene | null = null;
  private ranks: number[] = [];
  private selected = "";
  /** The line of what is selected, looked up once and not for every line. */
  private chosen: string | null = null;
  private hovered: string | null = null;
  private dragged: { id: string; moved: boolean } | null = null;
  private stopAnimation: (() => void) | null = null;
  /** Ids whose labels are drawn now: a test counts them. */
  labelled: ReadonlySet<string> = new Set();

  constructor(private readonly root: HTMLElement, private readonly events: Events) {
    this.sigma = new Sigma<Mark, Line>(this.graph, root, {
      defaultNodeType: "mark",
      defaultEdgeType: "line",
      nodeProgramClasses: { mark: ShapeProgram },
      edgeProgramClasses: { line: BentDashedProgram, thin: EdgeLineProgram },
      renderLabels: false,
      renderEdgeLabels: false,
      enableEdgeEvents: true,
      defaultDrawNodeHover: () => undefined,
      minEdgeThickness: 0.6,
      stagePadding: 4,
      zIndex: true,
      minCameraRatio: 0.05,
      maxCameraRatio: 4,
      allowInvalidContainer: true,
      nodeReducer: (id, data) => this.reduceNode(id, data),
      edgeReducer: (id, data) => this.reduceEdge(id, data),
    });
    this.overlay = document.createElement("canvas");
    this.overlay.className = "stage-labels";
    this.overlay.setAttribute("aria-hidden", "true");
    root.append(this.overlay);
    this.sigma.on("afterRender", () => this.drawLabels());
    this.listen();
  }

  /** Draws a scene; nodes that stay move to their new place, new ones start where they will stand. */
  show(scene: Scene, animate: boolean, selected = this.selected): void {
    this.stopAnimation?.();
    this.scene = scene;
    this.selected = selected;
    const many = scene.nodes.length > MANY;
    const at = this.marks(scene, many);
    const targets: Record<string, { x: number; y: number }> = {};
    for (const id of this.graph.nodes()) if (!at.has(id)) this.graph.dropNode(id);
    for (const [id, mark] of at) {
      if (this.graph.hasNode(id) && animate && !many) {
        const { x, y, ...rest } = mark;
        this.graph.mergeNodeAttributes(id, rest);
        targets[id] = { x, y };
      } else {
        this.graph.mergeNode(id, mark);
      }
    }
    this.graph.clearEdges();
    this.lines(scene, many);
    this.chosen = this.selected.includes("/") ? this.edgeOf(this.selected) : null;
    const pointable = scene.edges.length < 8000;
    if (this.sigma.getSetting("enableEdgeEvents") !== pointable) this.sigma.setSetting("enableEdgeEvents", pointable);
    this.frame(scene);
    if (Object.keys(targets).length && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.stopAnimation = animateNodes(this.graph, targets, { duration: 220, easing: "quadraticInOut" });
    } else {
      for (const [id, target] of Object.entries(targets)) this.graph.mergeNodeAttributes(id, target);
    }
    // one painting for all of it: on a machine without a graphics card each costs
    this.sigma.refresh({ schedule: true });
  }

  /** Marks what is selected: a node's id or a statement's path. */
  select(path: string): void {
    this.selected = path;
    this.chosen = path.includes("/") ? this.edgeOf(path) : null;
    this.sigma.refresh({ skipIndexation: true });
  }

  fit(): void {
    void this.sigma.getCamera().animatedReset({ duration: 200 });
  }

  zoom(times: number): void {
    const camera = this.sigma.getCamera();
    void camera.animate({ ratio: camera.ratio / times }, { duration: 150 });
  }

  /** Colours again, after the theme has changed. */
  repaint(): void {
    if (this.scene) this.show(this.scene, false);
  }

  /** Where a node or the middle of a line is on the screen, relative to the stage. */
  positionOf(id: string): { x: number; y: number } | null {
    if (this.graph.hasNode(id)) {
      const { x, y } = this.graph.getNodeAttributes(id);
      return this.sigma.graphToViewport({ x, y });
    }
    const edge = this.edgeOf(id);
    if (!edge) return null;
    const [from, to] = this.graph.extremities(edge).map((one) => this.positionOf(one));
    if (!from || !to) return null;
    const long = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
    const bend = this.graph.getEdgeAttribute(edge, "bend") / Math.sqrt(this.sigma.getCamera().ratio);
    return {
      x: (from.x + to.x) / 2 - ((to.y - from.y) / long) * bend,
      y: (from.y + to.y) / 2 + ((to.x - from.x) / long) * bend,
    };
  }

  /** The node nearest to another one in a direction: what an arrow key goes to. */
  towards(id: string, dx: number, dy: number): string | null {
    const from = this.positionOf(id);
    if (!from) return null;
    let best: string | null = null;
    let least = Infinity;
    for (const other of this.graph.nodes()) {
      const to = other === id ? null : this.positionOf(other);
      if (!to) continue;
      const [x, y] = [to.x - from.x, to.y - from.y];
      const along = x * dx + y * dy;
      const off = Math.abs(x * dy - y * dx);
      if (along <= 0 || off > along * 1.4) continue;
      if (along + off * 1.5 < least) [best, least] = [other, along + off * 1.5];
    }
    return best;
  }

  nameOf(id: string): string {
    return this.graph.hasNode(id) ? this.graph.getNodeAttribute(id, "name") : "";
  }

  isFold(id: string): boolean {
    return this.graph.hasNode(id) && this.graph.getNodeAttribute(id, "fold");
  }

  /** Puts a cursor on a node without selecting it. */
  point(id: string | null): void {
    this.hovered = id;
    this.sigma.refresh({ skipIndexation: true });
  }

  /** Fits the frame to where everything stands now, after a worker has moved it. */
  frameAll(): void {
    const xs = this.graph.mapNodes((_id, data) => data.x);
    const ys = this.graph.mapNodes((_id, data) => data.y);
    const edge = 60;
    this.sigma.setCustomBBox({
      x: [Math.min(...xs) - edge, Math.max(...xs) + edge], y: [Math.min(...ys) - edge, Math.max(...ys) + edge],
    });
    this.sigma.refresh();
  }

  resize(): void {
    this.sigma.resize();
    this.sigma.refresh();
  }

  size(): { width: number; height: number } {
    return { width: this.root.clientWidth, height: this.root.clientHeight };
  }

  /** Positions as they are now, for a layout that a worker refines. */
  positions(): { ids: string[]; xy: Float32Array; pairs: Uint32Array } {
    const ids = this.graph.nodes();
    const number = new Map(ids.map((id, at) => [id, at]));
    const xy = new Float32Array(ids.length * 2);
    ids.forEach((id, at) => {
      const { x, y } = this.graph.getNodeAttributes(id);
      xy.set([x, y], at * 2);
    });
    const pairs = new Uint32Array(this.graph.size * 2);
    let at = 0;
    this.graph.forEachEdge((_edge, _data, from, to) => {
      pairs.set([number.get(from) ?? 0, number.get(to) ?? 0], at);
      at += 2;
    });
    return { ids, xy, pairs };
  }

  move(ids: readonly string[], xy: Float32Array): void {
    ids.forEach((id, at) => {
      if (this.graph.hasNode(id)) this.graph.mergeNodeAttributes(id, { x: xy[at * 2] ?? 0, y: xy[at * 2 + 1] ?? 0 });
    });
  }

  kill(): void {
    this.stopAnimation?.();
    this.sigma.kill();
    this.overlay.remove();
  }

  private edgeOf(path: string): string | null {
    if (this.graph.hasEdge(path)) return path;
    const one = this.scene?.edges.find((edge) => edge.id === path);
    return one && this.graph.hasEdge(one.link) ? one.link : null;
  }

  private marks(scene: Scene, many: boolean): Map<string, Mark> {
    const { paper, ink, quiet } = colours();
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
      });
    }
    for (const group of scene.groups) {
      const { color } = line(group.family);
      found.set(group.id, {
        x: group.x, y: -group.y, type: "mark", shape: "fold", size: 10, color: paper, border: color, stroke: 1.4,
        label: group.label, text: group.label, name: group.label, weight: 400, slanted: false, ink: quiet, rank: 0.5, zIndex: 1,
        fold: true,
      });
    }
    return found;
  }

  private lines(scene: Scene, many: boolean): void {
    const focus = new Set(scene.nodes.filter((node) => node.focus).map((node) => node.id));
    const lines = scene.edges.filter((edge) => edge.leads && edge.source !== edge.target);
    const looks = Object.fromEntries(FAMILIES.map((family) => [family, line(family)])) as Record<Family, ReturnType<typeof line>>;
    const pairs = new Map<string, SceneEdge[]>();
    for (const edge of lines) {
      const key = [edge.source, edge.target].sort().join(" ");
      const together = pairs.get(key);
      if (together) together.push(edge);
      else pairs.set(key, [edge]);
    }
    for (const together of pairs.values()) {
      together.forEach((edge, turn) => {
        const { color, dash, width } = looks[edge.family];
        const pale = edge.standing === "future" || edge.standing === "ended";
        const behind = lines.length > DENSE && !focus.has(edge.source) && !focus.has(edge.target);
        const bend = (turn - (together.length - 1) / 2) * BEND;
        const alpha = many ? (pale ? 0.04 : 0.2) : pale ? 0.22 : behind ? 0.4 : 1;
        const sign = edge.standing === "unknown" ? "?" : edge.predicate === "signed" && edge.standing === "valid" ? "half" : "";
        this.graph.mergeEdgeWithKey(edge.id, edge.source, edge.target, {
          type: lines.length > HUGE ? "thin" : "line", size: many ? Math.min(width, 1.2) : width, color: faded(color, alpha), base: color, alpha, dash: many ? [] : dash,
          // a pair bends the same way whichever end its lines start from; sigma's y axis points up
          bend: edge.source < edge.target ? bend : -bend, label: edge.label, zIndex: behind ? 0 : 1,
          sign: many || behind ? "" : sign,
        });
      });
    }
    for (const group of scene.groups) {
      const { color } = line(group.family);
      this.graph.mergeEdgeWithKey(`fold ${group.id}`, group.node, group.id, {
        type: "line", size: 1, color: faded(color, 0.45), base: color, alpha: 0.45, dash: [], bend: 0, label: group.label, zIndex: 0, sign: "",
      });
    }
  }

  private frame(scene: Scene): void {
    const xs = [...scene.nodes, ...scene.groups].map((one) => one.x);
    const ys = [...scene.nodes, ...scene.groups].map((one) => one.y);
    if (!xs.length) return;
    // labels stand below their mark and are at most twice 60 pixels wide; a large map is labelled sparsely
    const [aside, above, below] = scene.nodes.length > MANY ? [30, 30, 30] : [62, 18, 50];
    const low = [Math.min(...xs) - aside, Math.min(...ys) - above] as const;
    const high = [Math.max(...xs) + aside, Math.max(...ys) + below] as const;
    this.sigma.setCustomBBox({ x: [low[0], high[0]], y: [-high[1], -low[1]] });
  }

  private near(id: string): boolean {
    const at = this.hovered;
    return at === null || at === id || (this.graph.hasNode(at) && this.graph.areNeighbors(at, id));
  }

  private reduceNode(id: string, data: Mark): Partial<Mark> {
    const found: Partial<Mark> = { ...data };
    if (id === this.selected) {
      found.stroke = 3.4;
      found.zIndex = 5;
    }
    if (this.hovered === id) {
      found.stroke = Math.max(2.6, data.stroke);
      found.zIndex = 6;
    } else if (this.hovered !== null && this.graph.hasNode(this.hovered) && !this.near(id)) {
      found.border = faded(data.border, 0.25);
    }
    return found;
  }

  private reduceEdge(id: string, data: Line): Partial<Line> {
    const found: Partial<Line> = { ...data };
    const chosen = id === this.chosen;
    if (chosen || id === this.hovered) {
      found.size = data.size + 2;
      found.color = data.base;
      found.zIndex = 8;
    } else if (this.hovered !== null && this.graph.hasNode(this.hovered)) {
      const touches = this.graph.hasExtremity(id, this.hovered);
      found.color = faded(data.base, touches ? Math.max(data.alpha, 0.75) : Math.min(data.alpha, 0.12));
    }
    return found;
  }

  private drawLabels(): void {
    const { paper, quiet } = colours();
    const narrow = this.root.clientWidth < 560;
    const labels: Label[] = [];
    const many = this.graph.order > MANY;
    // on a map of the whole, the most linked are named first, the others as the reader comes nearer
    const least = many ? this.rankOf(Math.round(26 / this.sigma.getCamera().ratio ** 1.6)) : 0;
    this.graph.forEachNode((id, data) => {
      if (data.rank < least && id !== this.hovered && id !== this.selected) return;
      const { x, y } = this.sigma.graphToViewport({ x: data.x, y: data.y });
      const lit = id === this.hovered || id === this.selected;
      const dim = !lit && this.hovered !== null && this.graph.hasNode(this.hovered) && !this.near(id);
      labels.push({
        id, text: data.text, x, y, radius: this.sigma.scaleSize(data.size), weight: lit ? 600 : data.weight,
        slanted: data.slanted, color: dim ? quiet : data.ink,
        rank: lit ? Infinity : this.hovered !== null && !dim ? data.rank + 1e5 : data.rank,
      });
    });
    const size = narrow ? 11 : 12.5;
    this.labelled = drawLabels(this.overlay, labels, { paper, size, widest: narrow ? 96 : 118 }, () => this.drawSigns(paper));
  }

  /** How linked the n-th most linked node is. */
  private rankOf(n: number): number {
    if (this.ranks.length !== this.graph.order) this.ranks = this.graph.mapNodes((_id, data) => data.rank).sort((a, b) => b - a);
    return this.ranks[Math.min(n, this.ranks.length) - 1] ?? 0;
  }

  /** Initials of people, counts of folded groups, and the signs in the middle of lines. */
  private drawSigns(paper: string): void {
    const context = this.overlay.getContext("2d");
    if (!context || !this.scene || this.scene.nodes.length > MANY) return;
    context.textAlign = "center";
    this.graph.forEachEdge((edge, data) => {
      const at = data.sign ? this.positionOf(edge) : null;
      if (!at) return;
      context.beginPath();
      context.arc(at.x, at.y, 5, 0, 2 * Math.PI);
      context.fillStyle = paper;
      context.fill();
      context.strokeStyle = data.base;
      context.lineWidth = 1;
      context.stroke();
      context.fillStyle = data.base;
      if (data.sign === "?") {
        context.font = '600 8.5px Inter, "Helvetica Neue", Arial, sans-serif';
        context.fillText("?", at.x, at.y + 3);
      } else {
        context.beginPath();
        context.arc(at.x, at.y, 5, Math.PI / 2, (3 * Math.PI) / 2);
        context.fill();
      }
    });
    context.font = '600 9px Inter, "Helvetica Neue", Arial, sans-serif';
    for (const group of this.scene.groups) {
      const at = this.positionOf(group.id);
      if (!at) continue;
      context.fillStyle = line(group.family).color;
      context.fillText(`+${group.count}`, at.x, at.y + 3.2);
    }
    context.font = '600 7px Inter, "Helvetica Neue", Arial, sans-serif';
    context.fillStyle = colours().ink;
    for (const node of this.scene.nodes) {
      const at = node.kind === "person" ? this.positionOf(node.id) : null;
      const words = node.name.split(/[\s-]+/).filter((word) => /^\p{L}/u.test(word));
      if (at && words.length) context.fillText((words[0]?.[0] ?? "") + (words.length > 1 ? words.at(-1)?.[0] ?? "" : ""), at.x, at.y + 2.5);
    }
  }

  private listen(): void {
    const { sigma, events } = this;
    sigma.on("clickNode", ({ node }) => {
      if (this.dragged?.moved) return;
      if (this.isFold(node)) events.unfold(node);
      else events.select(node);
    });
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      if (!this.isFold(node)) events.open(node);
    });
    sigma.on("clickEdge", ({ edge }) => {
      if (edge.startsWith("fold ")) events.unfold(edge.slice(5));
      else events.select(edge);
    });
    sigma.on("clickStage", () => events.clear());
    sigma.on("enterNode", ({ node, event }) => {
      if (this.dragged) return;
      this.point(node);
      this.root.classList.add("pointing");
      const one = this.scene?.nodes.find((each) => each.id === node);
      if (one && (one.name !== one.label || one.who)) events.point(one.who ? `${one.name}. ${one.who}` : one.name, event.x, event.y);
    });
    sigma.on("leaveNode", () => this.leave());
    sigma.on("enterEdge", ({ edge, event }) => {
      if (this.dragged) return;
      this.hovered = edge;
      sigma.refresh({ skipIndexation: true });
      this.root.classList.add("pointing");
      events.point(this.graph.getEdgeAttribute(edge, "label"), event.x, event.y);
    });
    sigma.on("leaveEdge", () => this.leave());
    sigma.on("downNode", ({ node, event }) => {
      this.dragged = { id: node, moved: false };
      event.preventSigmaDefault();
    });
    const captor = sigma.getMouseCaptor();
    captor.on("mousemovebody", (event: MouseCoords) => this.drag(event));
    captor.on("mouseup", () => {
      const { dragged } = this;
      if (!dragged) return;
      if (dragged.moved && this.scene && !this.isFold(dragged.id)) {
        const { x, y } = this.graph.getNodeAttributes(dragged.id);
        const [wide, high] = [this.scene.width / 1000, this.scene.height / 700];
        events.pin(dragged.id, Math.round(x / wide), Math.round(-y / high));
        events.point("", 0, 0);
      }
      // the click that follows a drag must still see that something was dragged
      window.setTimeout(() => (this.dragged = null), 0);
    });
  }

  private drag(event: MouseCoords): void {
    const { dragged } = this;
    if (!dragged) return;
    const from = this.positionOf(dragged.id);
    if (!dragged.moved && from && Math.hypot(event.x - from.x, event.y - from.y) < 12) return;
    dragged.moved = true;
    this.graph.mergeNodeAttributes(dragged.id, this.sigma.viewportToGraph(event));
    event.preventSigmaDefault();
    event.original.preventDefault();
  }

  private leave(): void {
    this.hovered = null;
    this.root.classList.remove("pointing");
    this.sigma.refresh({ skipIndexation: true });
    this.events.point("", 0, 0);
  }
}
