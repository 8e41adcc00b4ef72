"""The doors for batches and the ``wetread`` command."""
