"""Report text in, observations, teaching points and clean text out. Rules are data in ``nlp/rules``."""
