// States and treaties on any day, in the browser of a copy: twin of graph/read/treaties.py over atlas.{lang}.json.
import { valid, type Validity } from "../explore/asof";

export type Status = "in-force" | "bound" | "unknown" | "left" | "signed" | "none";
const BOUND: readonly Status[] = ["in-force", "bound"];

export interface Treaty { readonly id: string; readonly short: string; readonly inside: string; readonly year: number | null; readonly adopted: string | null; readonly partial: boolean }
export interface Participant {
  readonly id: string; readonly kind: "state" | "territory" | "organisation"; readonly name: string; readonly lang: string;
  readonly numeric: string; readonly region: string; readonly continent: string;
}
/** evidence, start as stated, its day, end as stated, its day, in force since, known by, end known by */
type Period = readonly [string, string | null, string | null, string | null, string | null, string | null, string | null, string | null];
/** evidence, as stated, its day */
type Signature = readonly [string, string | null, string | null];

export interface Tables {
  readonly words: Readonly<Record<string, string>>; readonly release: string; readonly statuses: readonly Status[];
  readonly signs: Readonly<Record<Status, string>>; readonly fills: Readonly<Record<Status, string>>;
  readonly main: readonly string[]; readonly treaties: readonly Treaty[]; readonly participants: readonly Participant[];
  readonly periods: Readonly<Record<string, readonly Period[]>>; readonly signatures: Readonly<Record<string, readonly Signature[]>>;
  readonly members: Readonly<Record<string, readonly string[]>>; readonly regions: Readonly<Record<string, string>>;
  readonly projects: {
    readonly order: readonly string[]; readonly places: Readonly<Record<string, readonly string[]>>; readonly by: Readonly<Record<string, readonly string[]>>;
    readonly rows: Readonly<Record<string, readonly string[]>>; readonly countries: Readonly<Record<string, readonly string[]>>; readonly names: Readonly<Record<string, string>>;
    readonly numbers: Readonly<Record<string, string>>; readonly shades: readonly (readonly [number, string])[];
  };
  readonly offices: Readonly<Record<string, readonly (readonly [string, string, string | null, string | null])[]>>;
}

/** How one participant stands to one treaty on a day: since when, and where it is written. */
export interface Cell { readonly status: Status; readonly since: string | null; readonly evidence: string }
export interface Count { readonly bound: number; readonly organisations: number; readonly states: number; readonly unknown: number; readonly signed: number; readonly left: number }
export interface Row { readonly who: Participant; readonly cells: readonly Cell[]; readonly bound: number }
export interface Group { readonly name: string; readonly rows: readonly Row[] }
export interface Asked { readonly region: string; readonly members: string; readonly which: string; readonly sort: string; readonly on: string }

const NOTHING: Cell = { status: "none", since: null, evidence: "" };

export class Commitments {
  constructor(readonly tables: Tables) {}

  treaty(id: string): Treaty | undefined {
    return this.tables.treaties.find((one) => one.id === id);
  }

  /** The as-of rule, with a departure of unknown day: certain once a source lists it, unknown before. */
  private holds([, , start, , end, , known, ended]: Period, on: string): Validity {
    const found = valid(on, start, end ?? ended, known);
    return ended !== null && end === null && found === "yes" ? "unknown" : found;
  }

  cell(treaty: string, who: string, on: string): Cell {
    const periods = this.tables.periods[`${treaty} ${who}`] ?? [];
    for (const one of periods) {
      if (this.holds(one, on) !== "yes") continue;
      return { status: one[5] !== null && one[5] <= on ? "in-force" : "bound", since: one[1], evidence: one[0] };
    }
    const adopted = this.treaty(treaty)?.adopted ?? null;
    if (adopted !== null && on < adopted) return NOTHING;
    const perhaps = periods.find((one) => this.holds(one, on) === "unknown");
    if (perhaps) return { status: "unknown", since: null, evidence: perhaps[0] };
    for (const one of [...periods].reverse()) {
      const end = one[4] ?? one[7];
      if (end !== null && end <= on) return { status: "left", since: one[3], evidence: one[0] };
    }
    const signed = this.tables.signatures[`${treaty} ${who}`] ?? [];
    const dated = signed.find(([, , day]) => day !== null && day <= on);
    if (dated) return { status: "signed", since: dated[1], evidence: dated[0] };
    const undated = signed.find(([, , day]) => day === null);
    return undated ? { status: "unknown", since: null, evidence: undated[0] } : NOTHING;
  }

  /** Everybody of whom something is known to a treaty on a day. */
  column(treaty: string, on: string): [Participant, Cell][] {
    return this.tables.participants.map((who): [Participant, Cell] => [who, this.cell(treaty, who.id, on)]).filter(([, cell]) => cell.status !== "none");
  }

  count(treaty: string, on: string): Count {
    const column = this.column(treaty, on);
    const many = (status: Status): number => column.filter(([, cell]) => cell.status === status).length;
    const bound = column.filter(([, cell]) => BOUND.includes(cell.status));
    const organisations = bound.filter(([who]) => who.kind === "organisation").length;
    return { bound: bound.length, organisations, states: bound.length - organisations, unknown: many("unknown"), signed: many("signed"), left: many("left") };
  }

  /** Who had signed and not bound itself by a day, by treaty and name. */
  signedOnly(on: string): [Treaty, [Participant, Cell][]][] {
    return this.tables.treaties
      .map((one): [Treaty, [Participant, Cell][]] => [one, this.column(one.id, on).filter(([, cell]) => cell.status === "signed")])
      .filter(([, rows]) => rows.length)
      .sort(([a], [b]) => (a.id < b.id ? -1 : 1));
  }

  /** The number of parties bound since a known day, after each day on which it changed. */
  growth(treaty: string): [string, number][] {
    const changes = new Map<string, number>();
    const add = (day: string, by: number): void => void changes.set(day, (changes.get(day) ?? 0) + by);
    for (const [key, periods] of Object.entries(this.tables.periods)) {
      if (key.split(" ")[0] !== treaty) continue;
      for (const [, , start, , end, , , ended] of periods) {
        if (start === null) continue;
        add(start, 1);
        const last = end ?? ended;
        if (last !== null) add(last, -1);
      }
    }
    let total = 0;
    return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, by]) => [day, (total += by)]);
  }

  /** The treaties of the matrix. */
  columns(which: string): Treaty[] {
    return this.tables.treaties.filter((one) => which === "all" || this.tables.main.includes(one.id));
  }

  /** The rows of the matrix, filtered and in order: twin of `matrix` in api/treaties.py. */
  matrix({ region, members, which, sort, on }: Asked): Group[] {
    const columns = this.columns(which);
    const rows = this.tables.participants
      .filter((who) => (!region || who.continent === region) && (!members || (this.tables.members[members] ?? []).includes(who.id)))
      .map((who) => {
        const cells = columns.map((one) => this.cell(one.id, who.id, on));
        return { who, cells, bound: cells.filter((cell) => BOUND.includes(cell.status)).length };
      })
      .filter(({ who, cells }) => who.kind === "state" || cells.some((cell) => cell.status !== "none"));
    if (sort === "bound") return [{ name: "", rows: rows.sort((a, b) => b.bound - a.bound) }];
    const at = columns.findIndex((one) => one.id === sort);
    if (at >= 0) return [{ name: "", rows: rows.sort((a, b) => this.byCell(a.cells[at] ?? NOTHING, b.cells[at] ?? NOTHING)) }];
    if (sort === "name") return [{ name: "", rows }];
    const grouped = new Map<string, Row[]>();
    for (const row of rows) grouped.set(row.who.region, [...(grouped.get(row.who.region) ?? []), row]);
    const named = [...grouped].map(([notation, group]) => ({ name: this.tables.regions[notation] ?? this.tables.words["organisations"] ?? "", rows: group }));
    const continent = (group: Group): string => group.rows[0]?.who.continent ?? "";
    const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    return named.sort((a, b) => before(continent(a), continent(b)) || before(a.name, b.name));
  }

  private byCell(a: Cell, b: Cell): number {
    const rank = (cell: Cell): number => (cell.status === "bound" ? 0 : this.tables.statuses.indexOf(cell.status));
    const first = (cell: Cell): string => (cell.since === null ? "9999-12-31" : cell.since.length === 10 ? cell.since : cell.since.length === 7 ? `${cell.since}-01` : `${cell.since}-01-01`);
    return rank(a) - rank(b) || (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0);
  }
}
