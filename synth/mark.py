"""The word PHANTOM drawn into a corner of every image, for eyes; the attributes of the file say it to machines."""

from __future__ import annotations

import numpy as np

from synth.shapes import Array

LETTERS = {
    "P": ("1110", "1001", "1110", "1000", "1000"),
    "H": ("1001", "1001", "1111", "1001", "1001"),
    "A": ("0110", "1001", "1111", "1001", "1001"),
    "N": ("1001", "1101", "1011", "1001", "1001"),
    "T": ("1110", "0100", "0100", "0100", "0100"),
    "O": ("0110", "1001", "1001", "1001", "0110"),
    "M": ("10001", "11011", "10101", "10001", "10001"),
}
MARGIN_PIXELS = 6
DOT_PIXELS = 2
"""Wide enough to be read in a narrow window, where interpolation eats half a pixel on each side."""


def mark_bitmap() -> Array:
    """True where ink is, (rows, columns) bool."""
    gap = np.zeros((5, 1), bool)
    letters = [np.array([[dot == "1" for dot in row] for row in LETTERS[letter]]) for letter in "PHANTOM"]
    word = np.hstack([np.hstack([letter, gap]) for letter in letters])[:, :-1]
    return np.kron(word, np.ones((DOT_PIXELS, DOT_PIXELS), bool))


def marked(image: Array, ink: int) -> Array:
    """A copy of ``image`` (rows, columns) with the mark in its lower left corner, of value ``ink``."""
    bitmap = mark_bitmap()
    result = image.copy()
    low, left = image.shape[0] - MARGIN_PIXELS, MARGIN_PIXELS
    result[low - bitmap.shape[0] : low, left : left + bitmap.shape[1]][bitmap] = ink
    return result
