"""One site: key values, linked plots, containers, link, contract and its commands (mock-up 2)."""
