"""The words of Wetread: frozen values and catalogues. Standard library only."""
