"""Code to sentence: what pages and API say, in the reader's language."""
