"""Two to six places on one scale: the lines, their table, and what each is measured against."""
