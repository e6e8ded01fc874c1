"""The table of machines of a site or the fleet: filter, columns, selection, groups and what is done with them."""
