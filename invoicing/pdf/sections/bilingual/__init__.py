"""The parts of a page in two languages: English or French at the left edge, Arabic at the right."""
