/**
 * Tables that sort: a <table data-sortable> whose <th aria-sort="none"> hold a button. Cells are compared by
 * data-value where they have one (dates as ISO, numbers plain), else by their text in the page's language. Cells
 * without a value go last in both directions: what is not known is neither early nor late.
 */
export type Direction = "ascending" | "descending";

export interface Cell {
  readonly value: string;
  readonly numeric: boolean;
}

/** Order of two cells; an unknown one (empty) is last whatever the direction. */
export function compare(a: Cell, b: Cell, direction: Direction, collator: Intl.Collator): number {
  if (a.value === "" || b.value === "") return Number(a.value === "") - Number(b.value === "");
  const order = a.numeric && b.numeric ? Number(a.value) - Number(b.value) : collator.compare(a.value, b.value);
  return direction === "ascending" ? order : -order;
}

function cell(row: HTMLTableRowElement, column: number): Cell {
  const found = row.cells[column];
  const value = found?.dataset["value"] ?? found?.textContent?.trim() ?? "";
  return { value, numeric: found?.classList.contains("number") ?? false };
}

function sort(table: HTMLTableElement, column: number, direction: Direction): void {
  const collator = new Intl.Collator(table.ownerDocument.documentElement.lang || "en", { numeric: true });
  for (const body of table.tBodies) {
    const rows = [...body.rows].map((row) => ({ row, key: cell(row, column) }));
    rows.sort((a, b) => compare(a.key, b.key, direction, collator));
    body.append(...rows.map(({ row }) => row));
  }
}

export function startTables(page: ParentNode): void {
  for (const table of page.querySelectorAll<HTMLTableElement>("table[data-sortable]")) {
    const heads = [...table.querySelectorAll<HTMLTableCellElement>("thead th[aria-sort]")];
    for (const head of heads) {
      head.querySelector("button")?.addEventListener("click", () => {
        const direction: Direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
        for (const other of heads) other.setAttribute("aria-sort", other === head ? direction : "none");
        sort(table, head.cellIndex, direction);
      });
    }
  }
}
