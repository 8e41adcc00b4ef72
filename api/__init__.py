"""The door for people and programs: FastAPI, one resource a module."""
