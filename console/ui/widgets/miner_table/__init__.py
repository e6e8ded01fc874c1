"""The table of machines: columns painted from a snapshot, its boxes, keys and widths."""
