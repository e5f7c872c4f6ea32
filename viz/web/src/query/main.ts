// The query page: the editor, running and stopping, the answer as the server shows it, sharing, and "copy as". Without
// this script the page is a form that does the same, a page at a time.
import "../styles/query.css";
import { startTables } from "../page/sort";
import { copyAs, NAMES, type Target, TARGETS } from "./copy";
import { loaded, type Schema } from "./complete";
import { edit, type Editor } from "./editor";
import { type Problem, said } from "./problem";
import { words, type Words } from "./words";

/** What /sparql/answer gives. */
interface Answer { readonly html: string; readonly rows: number; readonly view: string; readonly views: readonly string[] }

/** Seconds after which the page says what makes a query quicker, and characters of a query that an address holds. */
const SLOW = 5;
const LONGEST = 1500;

class Workbench {
  private readonly word: Words;
  private readonly form: HTMLFormElement;
  private readonly area: HTMLTextAreaElement;
  private readonly result: HTMLElement;
  private readonly editor: Editor;
  private readonly cancel: HTMLButtonElement;
  private readonly clock: HTMLElement;
  private readonly said: HTMLElement;
  private readonly copied: HTMLElement;
  private running: AbortController | null = null;
  private schema: Promise<Schema | null> | null = null;
  private answered = "";

  constructor(private readonly root: HTMLElement) {
    this.word = words(root.dataset["words"] ?? "{}");
    this.form = root.querySelector("#ask") as HTMLFormElement;
    this.area = root.querySelector("#query") as HTMLTextAreaElement;
    this.result = root.querySelector("#result") as HTMLElement;
    const label = root.querySelector("#query-label") as HTMLLabelElement;
    this.editor = edit(this.area, {
      label: `${label.textContent}. ${this.word("keys")}`,
      lang: document.documentElement.lang,
      schema: () => (this.schema ??= this.load()),
      run: () => void this.run(),
      changed: () => this.changed(),
    });
    label.addEventListener("click", () => this.editor.focus());
    this.cancel = this.button(this.word("cancel"), () => this.running?.abort());
    this.cancel.hidden = true;
    (root.querySelector("#run") as HTMLElement).after(this.cancel);
    this.clock = this.line("clock", "aria-hidden", "true");
    this.said = this.line("said", "role", "status");
    this.copied = document.createElement("div");
    const keys = this.line("keys quiet", "id", "keys");
    keys.textContent = this.word("keys");
    this.form.append(this.clock, this.said, keys, this.copying(), this.copied);
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.result.addEventListener("click", (event) => this.looked(event));
    startTables(this.result);
    const shared = root.dataset["shared"];
    if (shared) void this.run(root.dataset["view"]);
    else if (root.dataset["ran"] !== undefined) this.answered = this.area.value;
    root.dataset["ready"] = "yes";
  }

  /** Tell the reader, and whoever listens; `heard` alone where the page shows it elsewhere. */
  private say(text: string, heard = false): void {
    this.said.classList.toggle("visually-hidden", heard);
    this.said.textContent = text;
  }

  private line(name: string, attribute: string, value: string): HTMLElement {
    const made = document.createElement("p");
    made.className = name;
    made.setAttribute(attribute, value);
    return made;
  }

  private button(text: string, pressed: () => void): HTMLButtonElement {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", pressed);
    return made;
  }

  private async load(): Promise<Schema | null> {
    const found = await loaded(this.root.dataset["schema"]);
    if (!found) this.schema = null; // asked for again at the next word
    return found;
  }

  private changed(): void {
    this.copied.replaceChildren();
    this.say("");
  }

  /** The fields of the endpoint's form: the query and the graphs it is asked of. */
  private asked(): URLSearchParams {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && (name === "query" || name.endsWith("-graph-uri"))) fields.append(name, value);
    }
    return fields;
  }

  private submitted(event: SubmitEvent): void {
    if (event.submitter?.id === "share") {
      event.preventDefault();
      void this.share();
      return;
    }
    const format = (this.form.querySelector("#format") as HTMLSelectElement).value;
    if (format === "html") {
      event.preventDefault();
      void this.run();
    } else {
      this.form.method = this.area.value.length < LONGEST ? "get" : "post";
    }
  }

  private looked(event: MouseEvent): void {
    const pressed = (event.target as Element).closest<HTMLButtonElement>("[data-view], [data-column]");
    if (!pressed) return;
    event.preventDefault();
    const column = this.result.querySelector<HTMLSelectElement>("#column")?.value;
    const view = pressed.dataset["view"] ?? this.result.querySelector<HTMLElement>("[data-view][aria-pressed=true]")?.dataset["view"];
    void this.run(view, column, true);
  }

  private async run(view = "", column = "", looking = false): Promise<void> {
    const query = this.area.value;
    if (!query.trim()) {
      this.say(this.word("none"));
      return;
    }
    this.running?.abort();
    const control = new AbortController();
    this.running = control;
    this.editor.problem(null);
    this.copied.replaceChildren();
    const start = performance.now();
    const seconds = (): string => ((performance.now() - start) / 1000).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.say("");
    this.cancel.hidden = false;
    this.root.dataset["state"] = "running";
    const ticking = window.setInterval(() => {
      this.clock.textContent = this.word("running", { seconds: seconds() });
      if (performance.now() - start > SLOW * 1000 && !this.said.textContent) this.say(this.word("slow"));
    }, 100);
    try {
      const fields = this.asked();
      if (view) fields.set("view", view);
      if (column) fields.set("column", column);
      const answer = await fetch("/sparql/answer", { method: "POST", body: fields, signal: control.signal });
      const type = answer.headers.get("content-type") ?? "";
      if (!type.includes("json")) throw new Error(this.word("failed"));
      if (answer.ok) await this.show((await answer.json()) as Answer, fields, control.signal, looking);
      else this.refused((await answer.json()) as Problem);
    } catch (error) {
      if (control.signal.aborted) {
        if (this.running === control) this.say(this.word("cancelled", { seconds: seconds() }));
      } else this.say(error instanceof Error && error.name === "Error" ? error.message : this.word("failed"));
    } finally {
      window.clearInterval(ticking);
      if (this.running === control) {
        this.running = null;
        this.clock.textContent = "";
        if (document.activeElement === this.cancel) this.editor.focus();
        this.cancel.hidden = true;
        this.root.dataset["state"] = "done";
      }
    }
  }

  private async show(answer: Answer, fields: URLSearchParams, signal: AbortSignal, looking: boolean): Promise<void> {
    // made by the server's templates, which escape every text; the page's policy runs no script in it
    this.result.innerHTML = answer.html;
    startTables(this.result);
    this.answered = this.area.value;
    const heading = this.result.querySelector<HTMLElement>("#answer");
    this.say(heading?.textContent ?? "", true); // the heading shows it already
    if (looking) this.result.querySelector<HTMLElement>(`[data-view="${answer.view}"]`)?.focus();
    const address = new URLSearchParams(fields);
    if (answer.view === "table") address.delete("view");
    const long = address.toString().length > LONGEST * 2;
    const stays = new URLSearchParams(location.search).has("share");
    if (!stays || looking) history.replaceState(null, "", long ? "/sparql" : `/sparql?${address.toString()}`);
    const network = this.result.querySelector<HTMLElement>("[data-network]");
    if (network) await this.network(network, signal);
    else if (!looking) this.result.scrollIntoView({ block: "nearest" });
  }

  private async network(place: HTMLElement, signal: AbortSignal): Promise<void> {
    const box = document.createElement("div");
    box.className = "stage";
    box.hidden = true;
    box.tabIndex = 0;
    box.setAttribute("role", "img");
    const caption = this.line("caption quiet", "role", "status");
    caption.textContent = this.word("draw_running");
    place.replaceChildren(box, caption);
    const { Drawing } = await import("../explore/drawing");
    const drawing = new Drawing(box, {
      empty: this.word("draw_empty"), beyond: this.word("draw_beyond"), drawn: this.word("draw_done"), shape: this.word("draw_shape"),
    }, () => (this.schema ??= this.load()));
    try {
      const scene = await drawing.draw(this.asked(), signal);
      caption.textContent = scene.caption;
    } catch (error) {
      if (signal.aborted) throw error;
      caption.textContent = error instanceof Error ? error.message : this.word("failed");
    }
    place.dataset["ready"] = "yes";
  }

  private refused(problem: Problem): void {
    this.editor.problem(problem);
    const where = problem.line ? `${this.word("line", { line: problem.line, column: problem.column ?? 1 })}: ` : "";
    const box = document.createElement("div");
    box.className = "warning";
    box.lang = "en"; // problem documents are in English
    const title = document.createElement("h2");
    title.id = "answer";
    title.textContent = problem.title;
    const text = document.createElement("p");
    text.textContent = where + said(problem);
    box.append(title, text);
    this.result.replaceChildren(box);
    this.say(where + said(problem), true);
    if (problem.line) this.editor.focus();
  }

  private async share(): Promise<void> {
    if (!this.area.value.trim()) {
      this.say(this.word("none"));
      return;
    }
    const fields = this.asked();
    fields.set("kind", "query");
    const view = this.answered === this.area.value ? this.result.querySelector<HTMLElement>("[data-view][aria-pressed=true]")?.dataset["view"] : "";
    if (view) fields.set("view", view);
    try {
      const answer = await fetch("/share", { method: "POST", body: fields, headers: { Accept: "application/json" } });
      if (!answer.ok) {
        this.say(((await answer.json()) as Problem).detail);
        return;
      }
      const { url } = (await answer.json()) as { url: string };
      const line = this.line("kept", "role", "status");
      const link = document.createElement("a");
      link.href = url;
      link.textContent = url;
      const copy = this.button(this.word("copy"), () => void this.put(url, copy));
      line.append(`${this.word("shared")} `, link, " ", copy);
      this.copied.replaceChildren(line);
    } catch {
      this.say(this.word("failed"));
    }
  }

  /** Copy, and say so on the button; where the browser does not let a page copy, the text stands there to be selected. */
  private async put(text: string, button: HTMLButtonElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = this.word("copied");
    } catch {
      const range = document.createRange();
      const shown = button.parentElement?.querySelector("a, code");
      if (shown) range.selectNodeContents(shown);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  }

  private copying(): HTMLElement {
    const group = document.createElement("p");
    group.className = "copying";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.word("copy_as"));
    group.append(`${this.word("copy_as")} `);
    for (const target of TARGETS) {
      const button = this.button(NAMES[target], () => this.copyAs(target));
      button.className = "plain";
      button.dataset["copy"] = target;
      group.append(button);
    }
    return group;
  }

  private copyAs(target: Target): void {
    if (!this.area.value.trim()) {
      this.say(this.word("none"));
      return;
    }
    const text = copyAs(target, `${this.root.dataset["here"] ?? location.origin}/sparql`, this.area.value);
    const code = document.createElement("code");
    code.textContent = text;
    const block = document.createElement("pre");
    block.tabIndex = 0;
    block.setAttribute("aria-label", NAMES[target]);
    block.setAttribute("role", "region");
    block.append(code);
    const holder = document.createElement("div");
    const copy = this.button(this.word("copy"), () => void this.put(text, copy));
    holder.append(block, copy);
    this.copied.replaceChildren(holder);
    void this.put(text, copy);
  }
}

const page = document.querySelector<HTMLElement>("#workbench");
if (page) new Workbench(page);
