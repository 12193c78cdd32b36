"""The worker: claims jobs, does them, and says how far it is."""
