// Pieces of HTML as text: every value put into a template is escaped, except what is HTML already.
export class Html {
  constructor(readonly text: string) {}
}

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#x27;");
}

type Value = string | number | Html | readonly Html[];

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const shown = (value: Value): string =>
    value instanceof Html ? value.text : typeof value === "object" ? value.map((one) => one.text).join("") : escape(String(value));
  return new Html(parts.map((part, at) => part + (at < values.length ? shown(values[at] as Value) : "")).join(""));
}

/** The piece where a condition holds, else nothing. */
export function when(condition: unknown, piece: () => Html): Html {
  return condition ? piece() : new Html("");
}
