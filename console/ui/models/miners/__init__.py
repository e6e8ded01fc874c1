"""What the screen knows of machines: a scope of them as columns, the rows of the table, and one machine's page."""
