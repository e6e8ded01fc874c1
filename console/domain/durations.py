"""How long a minute, an hour and a day are, in each unit in which the house counts; a day is one of UTC."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
DAY_MINUTES = 1440
