// Reads a file of a graph with graphology, the library under Gephi Lite and sigma.js.
// Usage: node graphs.mjs gexf|graphml FILE   ->   {"nodes": […], "edges": […]} with their attributes
import { readFileSync } from "node:fs";
import { MultiDirectedGraph } from "graphology";
import gexf from "graphology-gexf";
import graphml from "graphology-graphml";

const [form, file] = process.argv.slice(2);
const graph = { gexf, graphml }[form].parse(MultiDirectedGraph, readFileSync(file, "utf-8"));
const nodes = graph.mapNodes((id, attributes) => ({ id, ...attributes }));
const edges = graph.mapEdges((id, attributes, source, target) => ({ source, target, ...attributes }));
console.log(JSON.stringify({ nodes, edges }));
