"""The world map: projection, outlines, clusters, lenses, glyphs, and the widget that paints them. Knows no store."""
