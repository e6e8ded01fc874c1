"""The machines of a site as cells: containers, racks and slots, with the machine beside them (mock-up 7)."""
