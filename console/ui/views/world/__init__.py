"""All sites: map, what needs a look, regions, and the fleet's graphs (mock-up 1)."""
