// The explorer: one state, in the address; each change asks the server for the scene and the parts of the page that
// say the same in words. Every link on the page whose address is a state is followed without loading the page again.
import { startTables } from "../page/sort";
import { History } from "./history";
import { loadLetters } from "./labels";
import type { Scene } from "./scene";
import { Search, type Hit } from "./search";
import { canDraw, Stage } from "./stage";
import { but, format, parse, type State } from "./state";
import { Time } from "./time";
import { unpack, type Packed } from "./whole";

interface Answer { readonly scene: Scene; readonly parts: Readonly<Record<string, string>>; readonly title: string }

const PATH = "/explore";

class Explorer {
  private state: State;
  private stage: Stage | null = null;
  private scene: Scene | null = null;
  private packed: Promise<Packed> | null = null;
  private readonly history: History;
  private readonly time: Time;
  private running: AbortController | null = null;
  private sized = "";
  private readonly words: Record<string, string>;

  constructor(private readonly root: HTMLElement) {
    this.words = JSON.parse(this.one("#explorer-words").textContent ?? "{}") as Record<string, string>;
    this.state = parse(root.dataset["state"] ?? "");
    this.history = new History(format(this.state));
    this.time = new Time(
      this.one("#asof-year"), this.one("#asof"), this.one("#asof-play"), root.dataset["today"] ?? "",
      { play: this.word("play"), stop: this.word("stop") },
      (asof, playing) => this.go({ asof }, !playing),
    );
    this.time.show(this.state.asof);
    this.start();
  }

  private one<T extends HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector) ?? document.querySelector<T>(selector);
    if (!found) throw new Error(`the page has no ${selector}`);
    return found;
  }

  private word(name: string): string {
    return this.words[name] ?? name;
  }

  private start(): void {
    document.documentElement.classList.add("scripted");
    const box = this.one("#stage");
    if (canDraw()) {
      this.stage = new Stage(box, {
        select: (sel) => void this.go({ sel }),
        open: (id) => void this.open(id),
        unfold: (group) => void this.go({ open: [...this.state.open, group] }),
        pin: (id, x, y) => void this.go({ pin: [...this.state.pin.filter((one) => one.id !== id), { id, x, y }] }),
        clear: () => void (this.state.sel && this.go({ sel: "" })),
        point: (sentence, x, y) => this.tip(sentence, x, y),
      });
      Object.assign(box, { stage: this.stage });
      this.one("#drawing").hidden = true;
      box.hidden = false;
    } else {
      this.one("#no-webgl").hidden = false;
    }
    this.listen();
    void loadLetters().then(() => this.load(true), () => this.load(true));
  }

  private listen(): void {
    this.root.addEventListener("click", (event) => this.follow(event));
    window.addEventListener("popstate", () => {
      this.state = parse(new URL(location.href).search.slice(1));
      this.history.push(format(this.state));
      void this.load(false);
    });
    window.addEventListener("pagehide", (event) => {
      if (!event.persisted) this.stage?.kill();
    });
    let waiting = 0;
    new ResizeObserver(() => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        if (!this.stage || !this.scene || this.sized === this.size()) return;
        this.stage.resize();
        void this.load(false);
      }, 200);
    }).observe(this.one("#stage"));
    new MutationObserver(() => this.stage?.repaint()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.stage?.repaint());
    this.form();
    this.toolbar();
    this.keyboard();
  }

  private form(): void {
    const form = this.one<HTMLFormElement>("#controls");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      const name = (event.target as HTMLInputElement).name;
      if (name === "families" || name === "kinds") {
        const values = [...form.querySelectorAll<HTMLInputElement>(`input[name=${name}]:checked`)].map((one) => one.value);
        void this.go({ [name]: values } as Partial<State>);
      }
    });
    const ask = (text: string, signal: AbortSignal): Promise<readonly Hit[]> =>
      this.json<readonly Hit[]>(`/explore/search?q=${encodeURIComponent(text)}&lang=${this.lang()}`, signal);
    const words = { none: this.word("nobody"), some: this.word("found") };
    const into = (id: string, then: (hit: Hit) => void): void => {
      const input = document.querySelector<HTMLInputElement>(id);
      if (input) new Search(input, ask, then, words);
    };
    into("#find", (hit) => {
      this.one<HTMLInputElement>("#find").value = "";
      void this.go({ show: "around", focus: [hit.id], with: [], open: [], hide: [], pin: [], sel: hit.id });
    });
    for (const which of ["path", "compare"] as const) {
      const ends = ["from", "to"].map((end) => this.one<HTMLInputElement>(`#${which}-${end}`));
      const ready = (): void => {
        const focus = ends.map((one) => one.dataset["id"] ?? "");
        if (focus.every((one) => one) && focus[0] !== focus[1]) {
          void this.go({ show: which, focus, with: [], open: [], hide: [], pin: [], sel: "" });
        }
      };
      for (const input of ends) {
        input.addEventListener("input", () => delete input.dataset["id"]);
        into(`#${input.id}`, (hit) => {
          input.value = hit.label;
          input.dataset["id"] = hit.id;
          ready();
        });
      }
    }
  }

  private toolbar(): void {
    const on = (id: string, act: () => void): void => this.one(id).addEventListener("click", act);
    on("#undo", () => this.jump(this.history.undo()));
    on("#redo", () => this.jump(this.history.redo()));
    on("#fit", () => this.stage?.fit());
    on("#closer", () => this.stage?.zoom(1.4));
    on("#farther", () => this.stage?.zoom(1 / 1.4));
    on("#refine", () => this.refine());
    on("#filters", () => {
      const open = this.one("#controls").classList.toggle("shown");
      this.one("#filters").setAttribute("aria-expanded", String(open));
    });
    this.root.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[data-copy]");
      if (button) void this.copy(button);
    });
  }

  private async copy(button: HTMLButtonElement): Promise<void> {
    const field = this.one<HTMLTextAreaElement | HTMLInputElement>(button.dataset["copy"] ?? "");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    this.say(this.word("copied"));
    button.textContent = this.word("copied");
  }

  private keyboard(): void {
    const box = this.one("#stage");
    let at = this.state.focus[0] ?? "";
    const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    box.addEventListener("keydown", (event) => {
      const { stage } = this;
      if (!stage) return;
      const step = steps[event.key];
      if (step) {
        if (!stage.positionOf(at)) at = this.state.focus[0] ?? this.scene?.nodes[0]?.id ?? "";
        at = stage.towards(at, ...step) ?? at;
        stage.point(at);
        this.say(stage.nameOf(at));
      } else if (event.key === " " && at) {
        if (stage.isFold(at)) void this.go({ open: [...this.state.open, at] });
        else void this.go({ sel: at });
      } else if (event.key === "Enter" && at) {
        if (stage.isFold(at)) void this.go({ open: [...this.state.open, at] });
        else void this.open(at);
      } else if (event.key === "Delete" && at && !stage.isFold(at)) {
        void this.go({ hide: [...this.state.hide, at] });
      } else if (event.key === "+") stage.zoom(1.4);
      else if (event.key === "-") stage.zoom(1 / 1.4);
      else if (event.key === "0") stage.fit();
      else if (event.key === "Escape") void this.go({ sel: "" });
      else return;
      event.preventDefault();
    });
    box.addEventListener("blur", () => this.stage?.point(null));
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || (event.target as Element).matches("input, textarea")) return;
      const back = event.key === "z" && !event.shiftKey;
      const again = event.key === "y" || (event.key.toLowerCase() === "z" && event.shiftKey);
      if (!back && !again) return;
      event.preventDefault();
      this.jump(back ? this.history.undo() : this.history.redo());
    });
  }

  private async open(id: string): Promise<void> {
    const opened = this.state.open.filter((one) => one !== id && !one.startsWith(`${id}:`));
    const closed = opened.length === this.state.open.length;
    await this.go(closed ? { open: [...opened, id], sel: id } : { open: opened, sel: id });
  }

  private follow(event: MouseEvent): void {
    const link = (event.target as Element).closest("a");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const href = link.getAttribute("href") ?? "";
    if (link.hasAttribute("download") || link.target || !(href === PATH || href.startsWith(`${PATH}?`))) return;
    let next: State;
    try {
      next = parse(href.slice(PATH.length + 1));
    } catch {
      return;
    }
    if (next.lang && next.lang !== this.lang()) return;
    event.preventDefault();
    this.time.stop();
    void this.set(next);
    if (link.closest("#table-part, #table")) this.one("#panel").focus();
  }

  private lang(): string {
    return document.documentElement.lang;
  }

  private jump(query: string | null): void {
    if (query === null) return;
    this.state = parse(query);
    history.pushState(null, "", query ? `${PATH}?${query}` : PATH);
    void this.load(true);
  }

  private go(changes: Partial<State>, keep = true): Promise<void> {
    try {
      return this.set(but(this.state, changes), keep);
    } catch (error) {
      this.say(String(error));
      return Promise.resolve();
    }
  }

  private set(next: State, keep = true): Promise<void> {
    const query = format(next);
    if (query === format(this.state)) return Promise.resolve();
    this.state = next;
    this.history.push(query);
    const address = query ? `${PATH}?${query}` : PATH;
    if (keep) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    return this.load(true);
  }

  private async json<T>(address: string, signal: AbortSignal): Promise<T> {
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return (await answer.json()) as T;
  }

  /** The size of the stage as the server is asked to place for it: in steps, so that answers can be kept. */
  private size(): string {
    const size = this.stage?.size();
    const step = (length: number): number => Math.max(280, Math.round(length / 20) * 20);
    return size ? `${step(size.width)}x${step(size.height)}` : "";
  }

  private async load(animate: boolean): Promise<void> {
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    const query = new URLSearchParams(format(this.state));
    query.set("lang", this.lang());
    this.sized = this.size();
    if (this.sized) query.set("size", this.sized);
    this.root.setAttribute("aria-busy", "true");
    try {
      const answer = await this.json<Answer>(`/explore/view?${query}`, mine.signal);
      let { scene } = answer;
      if (this.state.show === "whole") {
        this.packed ??= this.json<Packed>("/explore/whole.json", new AbortController().signal);
        scene = unpack(await this.packed, this.state, scene);
        if (mine.signal.aborted) return;
      }
      this.draw(scene, answer, animate);
    } catch (error) {
      if (!mine.signal.aborted) this.say(`${this.word("failed")} ${error instanceof Error ? error.message : ""}`);
    } finally {
      if (this.running === mine) this.root.removeAttribute("aria-busy");
    }
  }

  private draw(scene: Scene, answer: Answer, animate: boolean): void {
    const sameView = this.scene !== null && this.scene.nodes.length === scene.nodes.length && this.scene.caption !== scene.caption;
    this.scene = scene;
    document.title = answer.title;
    const focused = document.activeElement?.id ?? "";
    for (const [id, text] of Object.entries(answer.parts)) {
      const part = document.getElementById(id);
      if (!part) continue;
      const template = document.createElement("template");
      template.innerHTML = text;
      part.replaceChildren(template.content);
    }
    startTables(document);
    this.switches();
    this.time.show(this.state.asof);
    const table = this.state.view === "table" || !this.stage;
    this.root.classList.toggle("as-table", this.state.view === "table");
    const other = but(this.state, { view: this.state.view === "table" ? "graph" : "table" });
    const toTable = this.one<HTMLAnchorElement>("#to-table");
    toTable.href = format(other) ? `${PATH}?${format(other)}` : PATH;
    toTable.textContent = this.word(this.state.view === "table" ? "as-graph" : "as-table");
    this.one("#panel").classList.toggle("shown", this.state.sel !== "");
    if (this.stage && !(table && this.state.view === "table")) {
      this.stage.show(scene, animate, this.state.sel);
    }
    const box = this.one("#stage");
    box.setAttribute("aria-label", scene.caption);
    for (const link of document.querySelectorAll<HTMLAnchorElement>(".masthead .choices a[hreflang]")) {
      link.href = `${PATH}?${format(but(this.state, { lang: link.hreflang === "fr" ? "fr" : "en" }))}`;
    }
    this.one<HTMLButtonElement>("#undo").disabled = !this.history.canUndo;
    this.one<HTMLButtonElement>("#redo").disabled = !this.history.canRedo;
    if (sameView) this.say(scene.caption);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    // two frames on, what was asked of the drawing has been painted
    requestAnimationFrame(() => requestAnimationFrame(() => (this.root.dataset["ready"] = format(this.state) || "home")));
  }

  /** Switches of families and kinds follow the state, also when a link or undo has changed it. */
  private switches(): void {
    for (const name of ["families", "kinds"] as const) {
      const chosen = this.state[name] as readonly string[];
      for (const input of this.root.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
        input.checked = !chosen.length || chosen.includes(input.value);
      }
    }
  }

  private refine(): void {
    const { stage } = this;
    if (!stage) return;
    const worker = new Worker(new URL("./refine.worker.ts", import.meta.url), { type: "module" });
    const { ids, xy, pairs } = stage.positions();
    this.say(this.word("refining"));
    worker.addEventListener("message", (event: MessageEvent<{ xy: Float32Array; done: boolean }>) => {
      stage.move(ids, event.data.xy);
      if (event.data.done) worker.terminate();
    });
    worker.postMessage({ xy, pairs });
  }

  private tip(sentence: string, x: number, y: number): void {
    const tip = this.one("#tip");
    tip.hidden = !sentence;
    tip.textContent = sentence;
    if (sentence) {
      const wide = this.one("#stage").clientWidth;
      tip.style.left = `${Math.min(Math.max(8, x + 14), Math.max(8, wide - 300))}px`;
      tip.style.top = `${y + 16}px`;
    }
  }

  private say(text: string): void {
    this.one("#said").textContent = text;
  }
}

const root = document.querySelector<HTMLElement>("#explorer");
if (root) new Explorer(root);
