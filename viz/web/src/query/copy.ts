// "Copy as": the query as a program that asks it, ready to be pasted and run. Nothing of the query is interpreted by the
// shell or the language: each text goes through that language's own way of quoting.

export type Target = "curl" | "python" | "r" | "javascript";
export const TARGETS: readonly Target[] = ["curl", "python", "r", "javascript"];
export const NAMES: Readonly<Record<Target, string>> = { curl: "curl", python: "Python", r: "R", javascript: "JavaScript" };

/** A word of a POSIX shell: everything between single quotes stands for itself. */
export const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A text of JavaScript or, read as JSON, of Python: both take JSON's escapes. */
export const json = (text: string): string => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, escaped);

const escaped = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text of Python over several lines where it reads as it stands; escapes where its quotes would end it. */
export function python(text: string): string {
  const plain = !/\\|"""|[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text);
  return plain ? `"""\n${text.trim()}\n"""` : json(text);
}

/** A text of R. */
export const r = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** A template of JavaScript, which keeps the lines of a query. */
export const javascript = (text: string): string =>
  `\`\n${text.trim().replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\n\``;

/** The program that asks `query` of the endpoint. */
export function copyAs(target: Target, endpoint: string, query: string): string {
  switch (target) {
    case "curl":
      return `curl --silent --show-error --fail-with-body ${shell(endpoint)} \\\n  --header 'Accept: text/csv' \\\n  --data-urlencode ${shell(`query=${query.trim()}`)}\n`;
    case "python":
      return [
        "import csv", "import io", "import urllib.parse", "import urllib.request", "",
        `QUERY = ${python(query)}`, "",
        "request = urllib.request.Request(",
        `    ${json(endpoint)},`,
        '    data=urllib.parse.urlencode({"query": QUERY}).encode(),',
        '    headers={"Accept": "text/csv"},',
        ")",
        "with urllib.request.urlopen(request) as answer:",
        '    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))',
        "for row in rows:", "    print(row)", "",
      ].join("\n");
    case "r":
      return [
        `query <- ${r(query.trim())}`, "",
        `address <- paste0(${r(`${endpoint}?format=csv&query=`)}, URLencode(query, reserved = TRUE, repeated = TRUE))`,
        'rows <- read.csv(address, encoding = "UTF-8")',
        "print(rows)", "",
      ].join("\n");
    case "javascript":
      return [
        `const query = ${javascript(query)};`, "",
        `const answer = await fetch(${json(endpoint)}, {`,
        '  method: "POST",',
        '  headers: { Accept: "application/sparql-results+json" },',
        "  body: new URLSearchParams({ query }),",
        "});",
        "if (!answer.ok) throw new Error((await answer.json()).detail);",
        "const { results } = await answer.json();",
        "console.log(results.bindings);", "",
      ].join("\n");
  }
}
