"""A verdict laid out for readers: words, sections, tables and charts of the comparison page."""
