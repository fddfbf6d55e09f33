"""The clock's door: rounds of upkeep beside the service, in a thread of its own until it becomes a process."""
