"""Whole papers, each put together from sections."""
