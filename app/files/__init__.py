"""Answers to rows and back; readers and writers of files. Pure Python."""
