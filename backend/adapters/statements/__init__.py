"""Bank statements 对账单 as files: told apart, and read strictly into lines."""
