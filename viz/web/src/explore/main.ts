// The explorer: one state, in the address; each change asks the server for the scene and the parts of the page that
// say the same in words. Every link on the page whose address is a state is followed without loading the page again.
import { startTables } from "../page/sort";
import { names, search as searched } from "../copy/find";
import { answer as copied, asked, COPY, PAGE as PATH, take, type Answer } from "./copy";
import { Form } from "./form";
import { History } from "./history";
import { loadLetters } from "./labels";
import type { Scene } from "./scene";
import type { Hit } from "./search";
import { Stage } from "./stage";
import { but, format, parse, type State } from "./state";
import { Time } from "./time";
import { unpack, type Packed } from "./whole";

class Explorer {
  private state: State;
  private stage: Stage | null = null;
  private scene: Scene | null = null;
  private packed: Promise<Packed> | null = null;
  private readonly history: History;
  private readonly time: Time;
  private form: Form | null = null;
  private running: AbortController | null = null;
  private loading: Promise<void> = Promise.resolve();
  private sized = "";
  private readonly words: Record<string, string>;

  constructor(private readonly root: HTMLElement) {
    this.words = JSON.parse(this.one("#explorer-words").textContent ?? "{}") as Record<string, string>;
    // a file knows nothing of the query behind its name
    this.state = parse(COPY === null ? root.dataset["state"] ?? "" : location.search.slice(1));
    this.history = new History(format(this.state));
    this.time = new Time(
      this.one("#asof-year"), this.one("#asof"), this.one("#asof-play"), this.one("#asof-now"), root.dataset["today"] ?? "",
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
    this.openStage();
    this.listen();
    void this.load(true, this.given());
  }

  /** The one drawing of the page; where WebGL cannot be had the server's stands in for it, and a sentence says so. */
  private openStage(): void {
    const box = this.one("#stage");
    box.hidden = false;
    this.stage = Stage.open(box, {
      select: (sel) => void this.go({ sel }),
      open: (id) => void this.open(id),
      unfold: (group) => void this.go({ open: [...this.state.open, group] }),
      pin: (id, x, y) => void this.go({ pin: [...this.state.pin.filter((one) => one.id !== id), { id, x, y }] }),
      clear: () => void (this.state.sel && this.go({ sel: "" })),
      point: (sentence, x, y) => this.tip(sentence, x, y),
    });
    Object.assign(box, { stage: this.stage });
    box.hidden = !this.stage;
    this.one("#drawing").hidden = this.stage !== null;
    this.one("#no-webgl").hidden = this.stage !== null;
  }

  /** Frees the graphics card when the page is left; a page that comes back from the browser's memory draws anew. */
  private leaving(): void {
    window.addEventListener("pagehide", () => {
      this.stage?.kill();
      this.stage = null;
    });
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted || this.stage) return;
      this.openStage();
      void this.load(false);
    });
  }

  private listen(): void {
    this.leaving();
    this.root.addEventListener("click", (event) => this.follow(event));
    window.addEventListener("popstate", () => {
      this.state = parse(new URL(location.href).search.slice(1));
      this.history.push(format(this.state));
      void this.load(false);
    });
    let waiting = 0;
    new ResizeObserver(() => {
      window.clearTimeout(waiting);
      if (!this.stage || !this.scene || this.sized === this.size()) return;
      // what stands on the screen is about to move
      this.root.setAttribute("aria-busy", "true");
      waiting = window.setTimeout(() => {
        if (!this.stage) return;
        this.stage.resize();
        // places are made for the size of the stage; those of the whole network stand with the release
        if (this.state.show === "whole") {
          this.sized = this.size();
          this.root.removeAttribute("aria-busy");
        } else void this.load(false);
      }, 200);
    }).observe(this.one("#stage"));
    new MutationObserver(() => this.stage?.repaint()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.stage?.repaint());
    this.form = new Form(this.one<HTMLFormElement>("#controls"), {
      go: (changes) => void this.go(changes),
      find: (text, signal) => COPY === null
        ? this.json<readonly Hit[]>(`/explore/search?q=${encodeURIComponent(text)}&lang=${this.lang()}`, signal)
        : names(COPY, this.lang()).then((every) => searched(every, text, 8)),
      word: (name) => this.word(name),
    });
    this.toolbar();
    this.keyboard();
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
      const file = (event.target as Element).closest<HTMLAnchorElement>("a[data-file]")?.dataset["file"];
      if (COPY === null || !file || !this.scene) return;
      // no server makes it: the browser does
      event.preventDefault();
      take(file, this.scene, this.asked()).catch((error: unknown) => this.say(`${this.word("failed")} ${error instanceof Error ? error.message : ""}`));
    });
    this.root.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.matches("form.short")) return;
      event.preventDefault();
      void this.shorten(form);
    });
  }

  /** Has the server keep a long view under a short address, which then stands in the field to copy. */
  private async shorten(form: HTMLFormElement): Promise<void> {
    try {
      const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const found = (await answer.json()) as { url?: string; detail?: string };
      if (!found.url) throw new Error(found.detail ?? answer.statusText);
      this.one<HTMLInputElement>("#share-link").value = found.url;
      form.remove();
      this.say(this.word("shortened"));
    } catch (error) {
      this.say(`${this.word("failed")} ${error instanceof Error ? error.message : ""}`);
    }
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

  /** Opens a node's neighbours or folds them again; where there are many, the panel asks which. */
  private async open(id: string): Promise<void> {
    const opened = this.state.open.filter((one) => one !== id && !one.startsWith(`${id}:`));
    const closed = opened.length === this.state.open.length;
    await this.go({ sel: id });
    await this.loading; // of a double click's first click
    const choice = this.one("#panel").querySelector<HTMLElement>(".choose a");
    if (closed && choice) {
      choice.focus();
      this.say(this.word("choose"));
    } else await this.go({ open: closed ? [...opened, id] : opened });
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
    const address = query ? `${PATH}?${query}` : PATH;
    if (!this.stage) {
      // the server draws, so the server is asked for the whole page
      location.assign(address);
      return Promise.resolve();
    }
    this.state = next;
    this.history.push(query);
    if (keep) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.loading = this.load(true);
    return this.loading;
  }

  private async json<T>(address: string, signal: AbortSignal): Promise<T> {
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return (await answer.json()) as T;
  }

  /** The size of the stage as the server is asked to place for it: in steps, so that answers can be kept, and never more
   * than there is, so that what has room there has room here. */
  private size(): string {
    const size = this.stage?.size();
    const step = (length: number): number => Math.max(280, Math.floor(length / 20) * 20);
    return size ? `${step(size.width)}x${step(size.height)}` : "";
  }

  private view(query: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    if (COPY === null) return this.json<Answer>(`/explore/view?${query}`, signal);
    return copied(this.asked(), signal);
  }

  private asked(): ReturnType<typeof asked> {
    return asked(this.state, this.lang(), this.root.dataset["today"] ?? "", this.sized);
  }

  /** What the page came with: its words are those of the state, and of the whole network its scene too. */
  private given(): Partial<Answer> {
    if (COPY !== null) return {};
    const inline = document.querySelector("#explorer-scene");
    return { parts: {}, title: document.title, ...(inline ? { scene: JSON.parse(inline.textContent ?? "") as Scene } : {}) };
  }

  private async load(animate: boolean, given: Partial<Answer> = {}): Promise<void> {
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    const query = new URLSearchParams(format(this.state));
    query.set("lang", this.lang());
    if (given.parts) query.set("parts", "no");
    this.root.setAttribute("aria-busy", "true");
    try {
      if (this.state.show === "whole") this.packed ??= this.json<Packed>(`${COPY ?? "/"}explore/whole.json`, new AbortController().signal);
      // without its letters the page has another height, and labels other widths
      await loadLetters().catch(() => undefined);
      if (mine.signal.aborted) return;
      this.sized = this.size();
      if (this.sized) query.set("size", this.sized);
      const answer = { ...(given.scene ? {} : await this.view(query, mine.signal)), ...given } as Answer;
      const packed = this.state.show === "whole" ? await this.packed : null;
      if (mine.signal.aborted) return;
      this.draw(packed ? unpack(packed, this.state, answer.scene) : answer.scene, answer, animate);
    } catch (error) {
      if (!mine.signal.aborted) this.failed(error);
    } finally {
      if (this.running === mine) this.root.removeAttribute("aria-busy");
    }
  }

  /** Says what went wrong; an id that a copy's network does not have is said where the caption stands. */
  private failed(error: unknown): void {
    const unknown = COPY !== null && error instanceof RangeError;
    const text = `${this.word(unknown ? "nobody" : "failed")} ${error instanceof Error ? error.message : ""}`.trim();
    this.say(text);
    if (unknown) this.one("#caption").textContent = text;
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
    // what the page came with has been started by the page itself
    if (Object.keys(answer.parts).length) startTables(document);
    this.form?.show(this.state, scene);
    this.time.show(this.state.asof);
    const table = this.state.view === "table" || !this.stage;
    this.root.classList.toggle("as-table", this.state.view === "table");
    this.root.classList.toggle("whole", this.state.show === "whole");
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
      const there = link.hreflang === "fr" ? "fr" : "en";
      link.href = COPY === null
        ? `${PATH}?${format(but(this.state, { lang: there }))}`
        : `${COPY}${there === "fr" ? "fr/" : ""}${PATH}?${format(but(this.state, { lang: null }))}`;
    }
    this.one<HTMLButtonElement>("#undo").disabled = !this.history.canUndo;
    this.one<HTMLButtonElement>("#redo").disabled = !this.history.canRedo;
    if (sameView) this.say(scene.caption);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    // two frames on, what was asked of the drawing has been painted
    requestAnimationFrame(() => requestAnimationFrame(() => (this.root.dataset["ready"] = format(this.state) || "home")));
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
