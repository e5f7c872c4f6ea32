// Calls functions of a client that oazapfts generated and prints their answers as JSON.
// Usage: node client.mjs GENERATED.ts SERVER
import { pathToFileURL } from "node:url";

const [file, server] = process.argv.slice(2);
const api = await import(pathToFileURL(file).href);
api.defaults.baseUrl = server;
const acts = await api.listTreatyActions({ treaty: "palermo-protocol", participant: "FR", sort: "day" });
const france = await api.getApiV1EntitiesId("fra", { lang: "fr" });
const found = await api.getApiV1Search("expertise farnce", { limit: 1 });
const refused = await api.listActors({ limit: 0 });
const problem = { status: refused.status, parameter: JSON.parse(JSON.stringify(refused.data)).parameter };
console.log(JSON.stringify({ acts: acts.data.items, france: france.data, found: found.data.items, problem }));
