// The drawing: one sigma instance over one graphology graph, derived from a scene and never edited by hand.
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram } from "sigma/rendering";
import type { MouseCoords } from "sigma/types";
import { animateNodes } from "sigma/utils";
import { lines, MANY, marks, PLAIN, type Line, type Mark } from "./drawn";
import { drawLabels, type Box, type Label } from "./labels";
import { colours, faded } from "./marks";
import { nearest, type Point } from "./nearest";
import { BentDashedProgram } from "./programs/edge";
import { ShapeProgram } from "./programs/node";
import type { Scene } from "./scene";
import { drawSigns } from "./signs";

export interface Events {
  select(path: string): void;
  open(id: string): void;
  unfold(group: string): void;
  pin(id: string, x: number, y: number): void;
  clear(): void;
  point(sentence: string, x: number, y: number): void;
}

/** With more lines than this none can be pointed at: each would have to be drawn a second time to be found. */
const POINTABLE = 8000;
/** In a view of more lines the one that the engine names is taken: to measure them all would take a frame. */
const SEVERAL = 1000;
/** Below this width (pixels) of the drawing letters are smaller: a phone. */
const NARROW = 560;

/** The least and the greatest of some numbers, with room around them. */
function span(values: readonly number[], room: number): [number, number] {
  const [low, high] = values.reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [Infinity, -Infinity]);
  return [low - room, high + room];
}

export class Stage {
  private readonly graph = new MultiDirectedGraph<Mark, Line>();
  private readonly sigma: Sigma<Mark, Line>;
  private readonly overlay: HTMLCanvasElement;
  private scene: Scene | null = null;
  private ranks: number[] = [];
  /** How much smaller letters are where a scene needed a larger canvas than there is. */
  private shrunk = 1;
  private selected = "";
  /** The line of what is selected, looked up once and not for every line. */
  private chosen: string | null = null;
  private hovered: string | null = null;
  private approached = false;
  private dragged: { id: string; moved: boolean } | null = null;
  private stopAnimation: (() => void) | null = null;
  /** The boxes of the labels that are drawn now, in pixels of the stage, by id: a test measures them. */
  labelled: ReadonlyMap<string, Box> = new Map();

  /** A drawing in `root`, or null where this browser gives no WebGL: not known to it, switched off, or used up. */
  static open(root: HTMLElement, events: Events): Stage | null {
    if (typeof WebGL2RenderingContext === "undefined") return null;
    try {
      return new Stage(root, events);
    } catch (error) {
      // sigma asks for its contexts one by one and fails on the first that is refused
      console.warn("no WebGL:", error);
      root.replaceChildren();
      return null;
    }
  }

  private constructor(private readonly root: HTMLElement, private readonly events: Events) {
    this.sigma = new Sigma<Mark, Line>(this.graph, root, {
      defaultNodeType: "mark",
      defaultEdgeType: "line",
      nodeProgramClasses: { mark: ShapeProgram },
      edgeProgramClasses: { line: BentDashedProgram },
      renderLabels: false,
      renderEdgeLabels: false,
      enableEdgeEvents: true,
      defaultDrawNodeHover: () => undefined,
      minEdgeThickness: 0.6,
      stagePadding: 0,
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
    const at = marks(scene);
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
    // a program costs its compilation; few drawings are so large that they need this one
    if (scene.edges.length > PLAIN && !("thin" in this.sigma.getSetting("edgeProgramClasses"))) {
      this.sigma.setSetting("edgeProgramClasses", { line: BentDashedProgram, thin: EdgeLineProgram });
    }
    this.graph.clearEdges();
    for (const [id, from, to, look] of lines(scene)) this.graph.mergeEdgeWithKey(id, from, to, look);
    this.chosen = this.selected.includes("/") ? this.edgeOf(this.selected) : null;
    // lines of a large map are made findable when somebody comes near: it takes a second drawing of each
    this.pointable(scene.edges.length < POINTABLE && (!many || this.approached));
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

  /** Where a node or the middle of a line, or another share of its way, is on the screen, relative to the stage. */
  positionOf(id: string, share = 0.5): { x: number; y: number } | null {
    if (this.graph.hasNode(id)) {
      const { x, y } = this.graph.getNodeAttributes(id);
      return this.sigma.graphToViewport({ x, y });
    }
    const edge = this.edgeOf(id);
    return edge ? this.along(edge, share) : null;
  }

  /** Where a share of a line's way is on the screen. */
  private along(edge: string, share: number): { x: number; y: number } | null {
    const [from, to] = this.graph.extremities(edge).map((one) => this.positionOf(one));
    if (!from || !to) return null;
    const long = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
    // a bent line is a parabola, highest in the middle
    const bend = (this.graph.getEdgeAttribute(edge, "bend") / Math.sqrt(this.sigma.getCamera().ratio)) * 4 * share * (1 - share);
    return {
      x: from.x + (to.x - from.x) * share - ((to.y - from.y) / long) * bend,
      y: from.y + (to.y - from.y) * share + ((to.x - from.x) / long) * bend,
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

  private pointable(wanted: boolean): void {
    if (this.sigma.getSetting("enableEdgeEvents") !== wanted) this.sigma.setSetting("enableEdgeEvents", wanted);
  }

  private edgeOf(path: string): string | null {
    if (this.graph.hasEdge(path)) return path;
    const one = this.scene?.edges.find((edge) => edge.id === path);
    return one && this.graph.hasEdge(one.link) ? one.link : null;
  }

  private frame(scene: Scene): void {
    this.shrunk = 1;
    if (scene.nodes.length > MANY || scene.state.includes("show=whole") || !scene.bounds) {
      const every = [...scene.nodes, ...scene.groups];
      const [xs, ys] = [every.map((one) => one.x), every.map((one) => -one.y)];
      if (every.length) this.sigma.setCustomBBox({ x: span(xs, 30), y: span(ys, 30) });
      return;
    }
    // marks and labels were placed pixel by pixel on a canvas of the scene's size, or past it where it was too small
    const [left, top, right, bottom] = scene.bounds;
    const spill = (low: number, high: number, room: number): number => Math.max(0, -low, high - room);
    const [wide, high] = [spill(left, right, scene.width), spill(top, bottom, scene.height)];
    this.shrunk = Math.max(0.84, Math.min(scene.width / (scene.width + 2 * wide), scene.height / (scene.height + 2 * high)));
    this.sigma.setCustomBBox({ x: [-wide, scene.width + wide], y: [-scene.height - high, high] });
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
    const narrow = this.root.clientWidth < NARROW;
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
        id, text: data.text, x, y, above: data.above, radius: this.sigma.scaleSize(data.size), weight: lit ? 600 : data.weight,
        slanted: data.slanted, color: dim ? quiet : data.ink,
        rank: lit ? Infinity : this.hovered !== null && !dim ? data.rank + 1e5 : data.rank,
      });
    });
    const size = (narrow ? 11 : 12.5) * this.shrunk;
    const look = { paper, size, widest: (narrow ? 84 : 118) * this.shrunk };
    this.labelled = drawLabels(this.overlay, labels, look, (context, taken) => this.signs(context, taken));
  }

  private signs(context: CanvasRenderingContext2D, taken: readonly Box[]): void {
    if (!this.scene || this.graph.order > MANY) return;
    const lines = this.graph.mapEdges((id, { sign, base }) => ({ id, sign, base }));
    drawSigns(context, this.scene, (id, share) => this.positionOf(id, share), lines, taken);
  }

  /** How linked the n-th most linked node is. */
  private rankOf(n: number): number {
    if (this.ranks.length !== this.graph.order) this.ranks = this.graph.mapNodes((_id, data) => data.rank).sort((a, b) => b - a);
    return this.ranks[Math.min(n, this.ranks.length) - 1] ?? 0;
  }

  /** The line that a pointer means where several lie close together. */
  private meant(hit: string, at: Point): string {
    if (this.graph.size > SEVERAL) return hit;
    const shares = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => n / 8);
    const courses = new Map<string, Point[]>();
    for (const edge of this.graph.edges()) {
      courses.set(edge, shares.map((share) => this.along(edge, share)).filter((one) => one !== null));
    }
    return nearest(at, hit, courses);
  }

  private listen(): void {
    const { sigma, events } = this;
    for (const sign of ["pointermove", "pointerdown"] as const) {
      this.root.addEventListener(sign, () => {
        this.approached = true;
        this.pointable((this.scene?.edges.length ?? 0) < POINTABLE);
      }, { once: true });
    }
    sigma.on("clickNode", ({ node }) => {
      if (this.dragged?.moved) return;
      if (this.isFold(node)) events.unfold(node);
      else events.select(node);
    });
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      if (!this.isFold(node)) events.open(node);
    });
    sigma.on("clickEdge", ({ edge: hit, event }) => {
      const edge = this.meant(hit, event);
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
    sigma.on("enterEdge", ({ edge: hit, event }) => {
      if (this.dragged) return;
      const edge = this.meant(hit, event);
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
