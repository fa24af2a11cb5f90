"""What answers behind a method: functions, mocks, their mappings."""
