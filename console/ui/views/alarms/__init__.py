"""The alarm list, its guidance, the measures of the alarm system itself, and the sheets for shifts (mock-up 4)."""
