"""Runs on the disk."""
