"""Shots whose camera movement, and whose subject's own movement, is known because it was made."""
