"""The trade itself: units, sites, rosters, frames, freshness, economics. No Qt, no I/O, no clock of its own."""
