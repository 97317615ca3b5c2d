"""Probe and decode files under limits, in a process that can be killed."""
