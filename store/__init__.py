"""How the words of Wetread are kept. SQLAlchemy lives here only: words go in, words come out."""
