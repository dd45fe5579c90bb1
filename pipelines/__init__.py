"""When and where the assets run: definitions, jobs, sensors, schedules, resources."""
