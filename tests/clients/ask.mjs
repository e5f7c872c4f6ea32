// Asks Comunica one query over the sources named on the command line and prints the answer's rows as JSON.
// Usage: node ask.mjs QUERY SOURCE…   where a source is an address, `sparql@address` for an endpoint, `qpf@address` for
// triple pattern fragments.
import { QueryEngine } from "@comunica/query-sparql";

const [query, ...named] = process.argv.slice(2);
const sources = named.map((one) => {
  const [, type, value] = /^(?:(sparql|qpf)@)?(.*)$/.exec(one);
  return { type: type ?? "file", value };
});
const bindings = await new QueryEngine().queryBindings(query, { sources });
const rows = await bindings.toArray();
console.log(JSON.stringify(rows.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])))));
