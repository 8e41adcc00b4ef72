"""From a reader's history to abilities with their uncertainty, and to the next practice set with its reasons."""
