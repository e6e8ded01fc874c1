"""L3: machines as cells, by container and rack."""
