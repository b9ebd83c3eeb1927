"""What each group of commands comes to: pure functions from claim, command and facts to events."""
