"""The graph of a case: its ways as data, a layout in whole numbers, a picture, a text.

from crossings.cases.graph import draw, layout

places = layout(doc)            # plain numbers: Layout.to_json() is small
svg = draw(doc, places)         # a picture for a person
"""

from crossings.cases.graph.edges import RULE, Edge, edges
from crossings.cases.graph.layout import BOX, Layout, Route, layout
from crossings.cases.graph.passages import Traffic, passages, traffic
from crossings.cases.graph.picture import draw
from crossings.cases.graph.told import told

__all__ = [
    "BOX",
    "RULE",
    "Edge",
    "Layout",
    "Route",
    "Traffic",
    "draw",
    "edges",
    "layout",
    "passages",
    "told",
    "traffic",
]
