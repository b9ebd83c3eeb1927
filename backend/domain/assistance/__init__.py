"""Assisted reports 代办报案: who reports for a farmer without a phone, and how the farmer agreed to it."""
