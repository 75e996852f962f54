"""Wishes are collected and groups are formed from them at once."""
