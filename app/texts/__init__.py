"""All texts that people translate: what is missing or stale, and their files for translators."""
