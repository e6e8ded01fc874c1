"""What every site of a fleet file must say, for tests of what else a file may say."""

FACTS = """\
region = "North America"
country = "United States"
latitude = 32.98
longitude = -82.81
time_zone = "America/New_York"
ownership = "owned"
deployed = "1.33 EH/s"
capacity = "50 MW"
power_price = "45 USD/MWh"
"""
