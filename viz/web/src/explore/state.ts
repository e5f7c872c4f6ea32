// The state of a view: twin of viz/state.py, bound to it by tests/unit/state-vectors.json.

export const FAMILIES = ["treaty", "monitoring", "cooperation", "funding", "structure", "mandate"] as const;
export const KINDS = ["state", "international", "national", "association", "instrument", "project", "person"] as const;
export type Family = (typeof FAMILIES)[number];
export type Kind = (typeof KINDS)[number];

const SHOWS = ["around", "path", "compare", "whole"] as const;
const LAYOUTS = ["map", "rings"] as const;
const VIEWS = ["graph", "table"] as const;
const LANGS = ["en", "fr"] as const;
const PARAMETERS = [
  "show", "focus", "with", "open", "hide", "families", "kinds", "asof", "layout", "view", "lang", "sel", "pin",
];

export const HOME = "fra";
export const FIRST_DAY = "1900-01-01";
const LAST_DAY = "2999-12-31";
const MOST_IDS = 400;
export const LONG = 1500;

export interface Pin { readonly id: string; readonly x: number; readonly y: number }

export interface State {
  readonly show: (typeof SHOWS)[number];
  readonly focus: readonly string[];
  readonly with: readonly string[];
  readonly open: readonly string[];
  readonly hide: readonly string[];
  readonly families: readonly Family[];
  readonly kinds: readonly Kind[];
  readonly asof: string | null;
  readonly layout: (typeof LAYOUTS)[number];
  readonly view: (typeof VIEWS)[number];
  readonly lang: (typeof LANGS)[number] | null;
  readonly sel: string;
  readonly pin: readonly Pin[];
}

/** A query string that is no state: which parameter, which value, what is allowed. */
export class StateError extends Error {
  constructor(readonly parameter: string, readonly value: string, allowed: string) {
    super(`${parameter}=${value.slice(0, 80)}: ${allowed}`);
  }
}

const LOCAL_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const SELECTION = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)*$/;
const PIN = /^([a-z0-9-]+)@(-?[0-9]{1,5}):(-?[0-9]{1,5})$/;

/** Reads a query string; raises StateError exactly where its Python twin does. */
export function parse(query: string): State {
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!PARAMETERS.includes(name)) throw new StateError(name, value, "unknown parameter");
    if (given.has(name)) throw new StateError(name, value, "given twice; join several ids with ','");
    given.set(name, value);
  }
  const show = choice(given, "show", SHOWS, "around");
  const focus = focusOf(given, show);
  return {
    show,
    focus,
    with: ids(given, "with").filter((one) => !focus.includes(one)),
    open: opened(given),
    hide: ids(given, "hide"),
    families: subset(given, "families", FAMILIES),
    kinds: subset(given, "kinds", KINDS),
    asof: dayOf(given),
    layout: choice(given, "layout", LAYOUTS, "map"),
    view: choice(given, "view", VIEWS, "graph"),
    lang: given.get("lang") ? choice(given, "lang", LANGS, "en") : null,
    sel: selection(given),
    pin: pins(given),
  };
}

/** The canonical query string, without a question mark. */
export function format(state: State): string {
  const pairs: [string, string][] = [
    ["show", state.show === "around" ? "" : state.show],
    ["focus", state.show === "whole" || (state.focus.length === 1 && state.focus[0] === HOME) ? "" : state.focus.join(",")],
    ["with", state.with.join(",")],
    ["open", state.open.join(",")],
    ["hide", state.hide.join(",")],
    ["families", state.families.join(",")],
    ["kinds", state.kinds.join(",")],
    ["asof", state.asof ?? ""],
    ["layout", state.layout === "map" ? "" : state.layout],
    ["view", state.view === "graph" ? "" : state.view],
    ["lang", state.lang ?? ""],
    ["sel", state.sel],
    ["pin", state.pin.map((one) => `${one.id}@${one.x}:${one.y}`).join(",")],
  ];
  return pairs.filter(([, value]) => value).map(([name, value]) => `${name}=${value}`).join("&");
}

/** The same state with some fields changed, in canonical form. */
export function but(state: State, changes: Partial<State>): State {
  return parse(format({ ...state, ...changes }));
}

function choice<T extends string>(given: Map<string, string>, name: string, allowed: readonly T[], otherwise: T): T {
  const value = given.get(name) ?? "";
  if (!value) return otherwise;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new StateError(name, value, `one of ${allowed.join(", ")}`);
  return found;
}

function list(given: Map<string, string>, name: string): string[] {
  const value = given.get(name) ?? "";
  const parts = [...new Set(value.split(",").filter((part) => part))];
  if (parts.length > MOST_IDS) throw new StateError(name, value, `at most ${MOST_IDS} ids`);
  return parts;
}

function local(name: string, value: string): string {
  if (!LOCAL_ID.test(value)) throw new StateError(name, value, "ids are lower-case letters, digits and hyphens");
  return value;
}

function ids(given: Map<string, string>, name: string): string[] {
  return list(given, name).map((part) => local(name, part)).sort();
}

function focusOf(given: Map<string, string>, show: State["show"]): string[] {
  let found = list(given, "focus").map((part) => local("focus", part));
  const value = given.get("focus") ?? "";
  if (show === "whole") {
    if (found.length) throw new StateError("focus", value, "the whole network has no focus");
    return [];
  }
  if (!found.length && show === "around") found = [HOME];
  if (show === "path" && found.length !== 2) throw new StateError("focus", value, "a path needs two ids");
  if (show === "compare" && (found.length < 2 || found.length > 3)) {
    throw new StateError("focus", value, "a comparison needs two or three ids");
  }
  return found;
}

function subset<T extends string>(given: Map<string, string>, name: string, allowed: readonly T[]): T[] {
  const parts = list(given, name);
  for (const part of parts) {
    if (!(allowed as readonly string[]).includes(part)) throw new StateError(name, part, `of ${allowed.join(", ")}`);
  }
  const found = allowed.filter((one) => parts.includes(one));
  return found.length === allowed.length ? [] : found;
}

function opened(given: Map<string, string>): string[] {
  const parts = list(given, "open");
  for (const part of parts) {
    const [name, family, kind, ...rest] = part.split(":");
    local("open", name ?? "");
    const wrong =
      rest.length > 0 ||
      (family !== undefined && !(FAMILIES as readonly string[]).includes(family)) ||
      (kind !== undefined && !(KINDS as readonly string[]).includes(kind));
    if (wrong) throw new StateError("open", part, "id, id:family or id:family:kind");
  }
  return parts.sort();
}

function dayOf(given: Map<string, string>): string | null {
  const value = given.get("asof") ?? "";
  if (!value) return null;
  const when = new Date(`${value}T00:00:00Z`);
  const real = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) && !Number.isNaN(when.valueOf());
  if (!real || when.toISOString().slice(0, 10) !== value || value < FIRST_DAY || value > LAST_DAY) {
    throw new StateError("asof", value, "a day YYYY-MM-DD, 1900 or later");
  }
  return value;
}

function selection(given: Map<string, string>): string {
  const value = given.get("sel") ?? "";
  if (value && (value.length > 300 || !SELECTION.test(value))) throw new StateError("sel", value, "a node or a statement");
  return value;
}

function pins(given: Map<string, string>): Pin[] {
  const found = new Map<string, Pin>();
  for (const part of list(given, "pin")) {
    const match = PIN.exec(part);
    if (!match) throw new StateError("pin", part, "id@x:y with whole pixels");
    const id = local("pin", match[1] ?? "");
    found.set(id, { id, x: Number(match[2]), y: Number(match[3]) });
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
