"""The racks of one container, the strip of all containers, and the worst machines."""
