"""The whole site as files: pages in both languages, documents in every format, dumps, the explorer on static scenes.

Pages come from the application itself, asked in process; their addresses become file names and their links relative,
so that a copy stands at any path of any web server, or in a folder. What files cannot answer (free SPARQL, views that
nobody precomputed) leads to a server where one is named, else to the page that says so.
"""
