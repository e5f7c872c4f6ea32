// The parts of the explorer's page that change with a view, for views made in the browser: the same pieces as the
// templates of api/pages/explorer/ write. What has no words of its own is taken from the precomputed parts of the first view.
import { KINDS, FAMILIES, but, format, type State } from "../explore/state";
import type { Scene } from "../explore/scene";
import { chain } from "./drawing";
import { ID, text as citation } from "./files";
import { Html, html, when } from "./html";
import { said, type Line, type Made, type Reading } from "./made";
import { shown, standing, type Source } from "./network";
import type { Explanation } from "./paths";
import { capital, day, joined, number, sentence, type Values } from "./say";

/** Rows of one section of a comparison, and sentences of one family in the panel. */
const MOST_ROWS = 14;
const MOST_SENTENCES = 8;
/** Neighbours that opening brings at once; with more the reader is asked which. */
const MORE = 18;

export interface Place {
  readonly state: State; readonly reading: Reading;
  /** The address of the explorer's page as its links name it, and where this copy stands. */
  readonly page: string; readonly root: string; readonly here: string;
}

const raw = (text: string): Html => new Html(text);

export class Parts {
  private readonly on: string;
  private readonly words: Reading["told"]["words"];

  constructor(private readonly place: Place) {
    this.on = place.state.asof ?? place.reading.today;
    this.words = place.reading.told.words;
  }

  private x(key: string, values: Values = {}): string {
    return sentence(this.words.explorer, key, values, this.place.reading.lang);
  }

  private go(changes: Partial<State>): string {
    const query = format(but(this.place.state, changes));
    return this.place.page + (query ? `?${query}` : "");
  }

  private name(number: number): string {
    return this.place.reading.told.names[number] ?? "";
  }

  private says(edge: number): string {
    return said(this.place.reading, edge, this.on);
  }

  private doc(path: string): string {
    return `${this.place.root}${this.place.reading.lang === "en" ? "" : "fr/"}${path}.html`;
  }

  caption(scene: Scene): Html {
    return html`<p class="caption" id="caption">${scene.caption}</p>`;
  }

  /** The precomputed filters with this view's numbers, choices and links. */
  filters(template: string, scene: Scene): string {
    const { state } = this.place;
    const part = document.createElement("template");
    part.innerHTML = template;
    const { content } = part;
    for (const family of FAMILIES) {
      const row = content.querySelector(`#family-${family}`)?.closest(".row");
      const [box, count, only] = [row?.querySelector<HTMLInputElement>("input"), row?.querySelector(".count"), row?.querySelector("a.only")];
      box?.toggleAttribute("checked", !state.families.length || state.families.includes(family));
      if (count) count.textContent = String(scene.counts["families"]?.[family] ?? 0);
      if (!only) continue;
      const alone = state.families.length === 1 && state.families[0] === family;
      only.setAttribute("href", this.go({ families: alone ? [] : [family] }));
      const hidden = html`${this.x("only")}<span class="visually-hidden"> ${this.words.family[family]}</span>`;
      only.innerHTML = alone ? html`${this.x("every")}`.text : hidden.text;
    }
    for (const kind of KINDS) {
      const box = content.querySelector<HTMLInputElement>(`#kind-${kind}`);
      box?.toggleAttribute("checked", !state.kinds.length || state.kinds.includes(kind));
      const count = box?.closest("label")?.querySelector(".count");
      if (count) count.textContent = String(scene.counts["kinds"]?.[kind] ?? 0);
    }
    if (state.show === "path") content.querySelector("fieldset.layout")?.remove();
    for (const box of content.querySelectorAll<HTMLInputElement>("input[name=layout]")) box.toggleAttribute("checked", box.value === state.layout);
    const standings = scene.counts["standing"] ?? {};
    const counted = [standings["valid"] ?? 0, (standings["future"] ?? 0) + (standings["ended"] ?? 0), standings["unknown"] ?? 0];
    content.querySelectorAll("ul.key li").forEach((item, turn) => {
      const count = item.querySelector(".count");
      if (count && turn < counted.length) count.textContent = String(counted[turn]);
    });
    return part.innerHTML;
  }

  private cited(source: Source): Html {
    const link = when(source.url, () => html` · <a class="external" href="${source.url}" rel="noopener">${new URL(source.url).hostname}</a>`);
    return html`<a href="${this.doc(`source/${source.id}`)}">${source.title || source.id}</a>${source.publisher ? `, ${source.publisher}` : ""}, ${source.issued || this.x("undated")}${link}`;
  }

  /** The explanations of a path with numbered sources, or the rows of a comparison; nothing for other views. */
  story(made: Made): Html {
    if (this.place.state.show === "path") return this.path(made.explanations);
    return made.comparison ? this.comparison(made) : html``;
  }

  private path(explanations: readonly Explanation[]): Html {
    const { net, told, lang } = this.place.reading;
    const marks = new Map<number, number>();
    const mark = (source: number): number => {
      const found = marks.get(source) ?? marks.size + 1;
      marks.set(source, found);
      return found;
    };
    const tales = explanations.map((one) => ({
      one,
      kind: this.words.explanation[one.kind] ?? one.kind,
      steps: one.steps.map((step) => {
        const edge = net.edge(step.line.edge);
        return { edge, text: this.says(edge.number), marks: edge.sources.slice(0, 3).map(mark) };
      }),
    }));
    const [a = "", b = ""] = this.place.state.focus.map((one) => told.inside[net.find(one).number] ?? one);
    const title = this.x("explained", { a, b });
    if (!tales.length) return html`<h2>${title}</h2><p>${this.x("none")}</p>`;
    const sources = [...marks].map(([source, at]) => ({ at, source: net.sources[source] as Source }));
    const items = tales.map(({ one, kind, steps }) => html`<li><h3>${kind}</h3><div class="chain">${raw(chain(one, this.place.reading, (id) => this.go({ sel: id })))}</div><ol class="steps">${steps.map((step) => html`<li class="${step.edge.family}"><a href="${this.go({ sel: step.edge.id })}">${step.text}</a>${step.marks.map((at) => html` <a class="mark-of" href="#source-${at}">[${at}]</a>`)}</li>`)}</ol></li>`);
    const plain = [
      `${title} (${day(this.on, lang)})`,
      ...tales.map(({ kind, steps }, at) => `${at + 1}. ${kind}. ${steps.map((step) => step.text + step.marks.map((one) => ` [${one}]`).join("")).join(" ")}`),
      "",
      ...sources.map(({ at, source }) => `[${at}] ${source.title || source.id}${source.publisher ? `, ${source.publisher}` : ""}, ${source.issued || this.x("undated")}${source.url ? `. ${source.url}` : ""}`),
      "", this.sourceLine(),
    ].join("\n");
    return html`<h2>${title}</h2>
<p class="quiet">${this.x("explanations")}</p>
<ol class="explanations">${items}</ol>
<details class="cite"><summary>${this.x("as-text")}</summary><p class="copy"><textarea id="story-text" readonly rows="8" aria-label="${this.x("as-text")}">${plain}</textarea><button type="button" data-copy="#story-text">${this.x("copy")}</button></p></details>
<h3>${this.x("says-who")}</h3>
<ol class="sources numbered">${sources.map(({ at, source }) => html`<li id="source-${at}" value="${at}">${this.cited(source)}</li>`)}</ol>`;
  }

  private comparison({ comparison }: Made): Html {
    if (!comparison) return html``;
    const { net, told, lang } = this.place.reading;
    const nodes = this.place.state.focus.map((one) => net.find(one));
    const told_ = (edge: number): Html => html`<a href="${this.go({ sel: net.edge(edge).id })}">${this.says(edge)}</a>`;
    const sections = [...comparison.sections].filter(([, rows]) => rows.length).map(([name, rows]) => {
      const body = rows.slice(0, MOST_ROWS).map((row) => {
        const columns = row.lines.map((lines) => {
          const some = lines.slice(0, 2).map((line, at) => html`${at ? raw("<br>") : ""}${told_(line.edge)}`);
          return html`<td>${some.length ? some : "—"}</td>`;
        });
        return html`<tr${row.shared ? raw(' class="shared"') : ""}><th scope="row"><a href="${this.go({ sel: row.node.id })}">${this.name(row.node.number)}</a></th>${columns}</tr>`;
      });
      const more = when(rows.length > MOST_ROWS, () => html`<p class="quiet">${this.x("rows-more", { n: rows.length - MOST_ROWS })}</p>`);
      return html`<h3>${this.x(name)} <span class="count">${rows.length}</span></h3>
<table class="compared"><thead><tr><th scope="col">${this.x("t-who")}</th>${nodes.map((node) => html`<th scope="col">${this.name(node.number)}</th>`)}</tr></thead><tbody>${body}</tbody></table>${more}`;
    });
    const direct = when(comparison.direct.length, () => html`<h3>${this.x("direct")}</h3><ul>${comparison.direct.map((line) => html`<li>${told_(line.edge)}</li>`)}</ul>`);
    const names = joined(nodes.map((node) => told.inside[node.number] ?? node.id), lang);
    return html`<h2>${this.x("compared", { names })}</h2>${direct}${sections}`;
  }

  /** The precomputed table's head with the rows of this view. */
  table(template: string, lines: readonly Line[]): string {
    const { told, net } = this.place.reading;
    const rows = lines.map(({ edge, who, degree, folded }) => {
      const since = told.since[net.statements.get(edge.id) ?? -1] || this.words.standing.unknown;
      const flag = when(folded, () => html` <span class="flag">${this.x("t-folded")}</span>`);
      return html`<tr class="${edge.standing}"><th scope="row"><a href="${this.go({ sel: net.node(who).id })}">${this.name(who)}</a>${flag}</th><td><a href="${this.go({ sel: edge.id })}">${edge.label}</a></td><td class="${edge.family} family-cell">${this.words.family[edge.family]}</td><td class="date" data-value="${edge.start ?? ""}">${since}</td><td>${this.words.standing[edge.standing]}</td><td class="number" data-value="${degree}" data-label="${this.x("t-links")}">${degree}</td><td class="number" data-value="${edge.sources}" data-label="${this.x("t-sources")}">${edge.sources}</td></tr>`;
    });
    const part = document.createElement("template");
    part.innerHTML = template;
    const body = part.content.querySelector("tbody");
    if (body) body.innerHTML = rows.map((row) => row.text).join("");
    return part.innerHTML;
  }

  /** What the panel offers to do with a node. */
  actions(id: string): Html {
    const { state, reading: { net, told, lang } } = this.place;
    const number_ = net.number(id);
    if (number_ === undefined) return html``;
    const anew = { with: [], open: [], hide: [], pin: [] } as const;
    const around = !state.focus.includes(id) && state.show !== "whole";
    const opened = state.open.some((one) => one === id || one.startsWith(`${id}:`));
    const families = new Map(FAMILIES.map((family) => [family, [...net.neighbours(number_)].filter(([far, link]) => far !== number_ && link.family === family && (!state.families.length || state.families.includes(family))).length]));
    const few = [...families.values()].reduce((sum, one) => sum + one, 0) <= MORE;
    const closed = state.open.filter((one) => one !== id && !one.startsWith(`${id}:`));
    const first = state.focus[0] ?? "";
    const alone = state.focus.length === 1 && first === id && state.show === "around";
    const links = html`${when(!alone, () => html`<a href="${this.go({ ...anew, show: "around", focus: [id], sel: id })}">${this.x("centre")}</a>`)}
${when(around && opened, () => html`<a href="${this.go({ open: closed })}">${this.x("fold")}</a>`)}${when(around && !opened && few, () => html`<a href="${this.go({ open: [...state.open, id] })}">${this.x("open")}</a>`)}
${when(around, () => html`<a href="${this.go({ hide: [...state.hide, id], sel: "" })}">${this.x("hide")}</a> <a href="${this.go({ ...anew, show: "path", focus: [first, id], sel: "" })}">${this.x("path-from", { name: told.short[net.number(first) ?? -1] ?? first })}</a>`)}
${when(state.pin.some((one) => one.id === id), () => html`<a href="${this.go({ pin: state.pin.filter((one) => one.id !== id) })}">${this.x("unpin")}</a>`)}`;
    const choice = when(around && !few && !opened, () => html`<div class="choose"><p>${this.x("choose")}</p><ul><li><a href="${this.go({ open: [...state.open, id] })}">${this.x("choose-best")}</a></li>${[...families].filter(([, count]) => count).map(([family, count]) => html`<li><a href="${this.go({ open: [...state.open, `${id}:${family}`] })}">${this.words.family[family]} <span class="count">${number(count, lang)}</span></a></li>`)}</ul></div>`);
    return html`<p class="actions">${links}</p>${choice}`;
  }

  /** What is known of a node or a statement from the network alone, where the copy has no page of it. */
  known(sel: string): Html {
    return sel.includes("/") ? this.statement(sel) : this.node(sel);
  }

  private statement(path: string): Html {
    const { net } = this.place.reading;
    const at = net.statements.get(path);
    if (at === undefined) return html``;
    const edge = net.edge(at);
    const ends = [edge.subject, edge.object].map((one) => html`<a href="${this.go({ sel: net.node(one).id })}">${this.name(one)}</a>`);
    const link = net.links.find((one) => one.edges.includes(at));
    const others = (link?.edges ?? []).filter((one) => one !== at);
    return html`<p class="kind">${this.words.family[edge.family]} · ${this.words.standing[standing(net, edge, this.on)]}${edge.inferred ? ` · ${this.x("inferred")}` : ""}</p>
<h2 class="family ${edge.family}">${this.says(at)}</h2><p class="actions">${ends}</p>
<h4>${this.x("says-who")}</h4><ul class="sources">${edge.sources.map((one) => html`<li>${this.cited(net.sources[one] as Source)}</li>`)}</ul>
<p class="permalink"><span>${this.x("permalink")}</span> ${ID + path}</p>
${when(others.length, () => html`<h3>${this.x("more-statements")}</h3><ul class="others">${others.map((one) => html`<li><a href="${this.go({ sel: net.edge(one).id })}">${this.says(one)}</a></li>`)}</ul>`)}`;
  }

  private node(id: string): Html {
    const { net, lang } = this.place.reading;
    const number_ = net.number(id);
    if (number_ === undefined) return html``;
    const { kind } = net.node(number_);
    const families = FAMILIES.map((family) => {
      const edges = [...net.neighbours(number_)].filter(([far, link]) => far !== number_ && link.family === family).map(([, link]) => shown(net, link, this.on)?.edge ?? link.edges[0] ?? 0);
      const newest = [...edges].sort((a, b) => ((net.edge(a).start ?? "") < (net.edge(b).start ?? "") ? 1 : -1)).slice(0, MOST_SENTENCES);
      return when(edges.length, () => html`<h3 class="family ${family}">${this.words.family[family]} <span class="count">${number(edges.length, lang)}</span></h3><ul class="others">${newest.map((one) => html`<li><a href="${this.go({ sel: net.edge(one).id })}">${this.says(one)}</a></li>`)}</ul>`);
    });
    return html`<p class="kind">${capital(this.words.kind[kind][0])}</p><h2>${this.name(number_)}</h2>${families}`;
  }

  /** The line under every picture: source, release, day, address. */
  sourceLine(): string {
    const { told, lang } = this.place.reading;
    return this.x("source-line", { release: told.release, day: day(this.on, lang), url: this.place.here });
  }

  /** The address of this view with its day written out, and how it is cited. */
  link(): string {
    const query = format(but(this.place.state, { asof: this.on, lang: null, sel: "", view: "graph" }));
    return `${this.place.here}?${query}`;
  }

  citation(caption: string): { title: string; url: string; release: string; day: string; lang: "en" | "fr" } {
    const { told, lang, today } = this.place.reading;
    return { title: caption, url: this.link(), release: told.release, day: today, lang };
  }

  /** The precomputed sheet of what a view can be taken away as, with this view's own addresses and texts. */
  share(template: string, scene: Scene): string {
    const part = document.createElement("template");
    part.innerHTML = template;
    const { content } = part;
    const put = (id: string, text: string): void => {
      const field = content.querySelector(`#${id}`);
      if (field instanceof HTMLInputElement) field.setAttribute("value", text);
      else if (field) field.textContent = text;
    };
    put("share-link", this.link());
    put("share-alt", scene.caption);
    put("share-cite", citation(this.citation(scene.caption)));
    // a frame needs a file of its own, which only precomputed views have
    content.querySelector("#share-embed")?.closest("p")?.remove();
    content.querySelector("label[for=share-embed]")?.remove();
    content.querySelector("form.short")?.remove();
    return part.innerHTML;
  }
}

/** Titles of a statement's sources, as a row of the data has them. */
export function titles({ net }: Reading, id: string): string {
  const at = net.statements.get(id);
  return at === undefined ? "" : net.edge(at).sources.map((one) => net.sources[one]?.title ?? "").join("; ");
}

