"""Charts and maps drawn by the server as SVG: readable without JavaScript, every mark a link to its evidence.

A chart is a :class:`viz.charts.drawing.Drawing`; pages put it inside a figure beside a table with the same numbers. The
writer is small and our own because of what the marks have to do: link to their evidence, stand side by side where
sources disagree, be labelled at their end, and be written without inline styles.
"""
