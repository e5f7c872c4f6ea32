// The rows of the file that a page of a copy offers, for what it shows now.
import type { Cell, Participant } from "./commitments";
import { shown } from "./lists";
import type { Sheet } from "./sheet";

const PROJECT = ["project", "name", "start", "end", "countries", "implementers", "funders", "partners", "budget_eur"];
const COLUMNS = ["treaty", "participant", "name", "kind", "status", "since", "as_of", "evidence"];

/** The rows of the file that the page offers. */
export function rows(sheet: Sheet): string[][] {
  const { found } = sheet;
  const on = sheet.on();
  const row = (treaty: string, who: Participant, cell: Cell): string[] => [treaty, who.id, who.name, who.kind, cell.status, cell.since ?? "", on, cell.evidence];
  switch (sheet.kind) {
    case "matrix": {
      const [region, members] = [sheet.get("region"), sheet.get("members")];
      return [COLUMNS, ...found.columns(sheet.get("which")).flatMap((one) => found.column(one.id, on)
        .filter(([who]) => (!region || who.continent === region) && (!members || (found.tables.members[members] ?? []).includes(who.id)))
        .map(([who, cell]) => row(one.id, who, cell)))];
    }
    case "treaty": return [COLUMNS, ...found.column(sheet.of, on).map(([who, cell]) => row(sheet.of, who, cell))];
    case "signed-only": return [COLUMNS, ...found.signedOnly(on).flatMap(([one, rows]) => rows.map(([who, cell]) => row(one.id, who, cell)))];
    case "treaty-state": {
      const who = found.tables.participants.find((one) => one.id === sheet.of);
      return [COLUMNS, ...(who ? found.tables.treaties.map((one) => row(one.id, who, found.cell(one.id, who.id, on))).filter((one) => one[4] !== "none") : [])];
    }
    default: return [PROJECT, ...shown(sheet).map((one) => [...(found.tables.projects.rows[one] ?? [])])];
  }
}
