"""The seven predictors of lossless JPEG (ITU-T T.81, H.1.2.1 and Table H.1), undone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def predicted(differences: npt.NDArray[np.int64], predictor: int, first: int) -> npt.NDArray[np.int64]:
    """Differences (rows, columns) turned into values, modulo 2**16 (T.81, H.1.2.1)."""
    values = differences.copy()
    values[0, 0] += first
    values[0] = np.cumsum(values[0])
    values[:, 0] = np.cumsum(values[:, 0])
    if predictor == 1:
        absolute = differences.copy()
        absolute[:, 0] = values[:, 0]
        return np.cumsum(absolute, axis=1) & 0xFFFF
    values &= 0xFFFF
    for row in range(1, len(values)):
        _predict_row(values[row], values[row - 1], differences[row], predictor)
    return values


def _predict_row(
    row: npt.NDArray[np.int64], above: npt.NDArray[np.int64], differences: npt.NDArray[np.int64], predictor: int
) -> None:
    """Fill ``row`` from its second value on; its first comes from above (Table H.1)."""
    added = differences[1:]
    if predictor == 2:
        row[1:] = above[1:] + added
    elif predictor == 3:
        row[1:] = above[:-1] + added
    elif predictor in (4, 5):
        slope = above[1:] - above[:-1]
        row[1:] = row[0] + np.cumsum(added + (slope if predictor == 4 else slope >> 1))
    else:
        _predict_each(row, above, differences, predictor)
    row &= 0xFFFF


def _predict_each(
    row: npt.NDArray[np.int64], above: npt.NDArray[np.int64], differences: npt.NDArray[np.int64], predictor: int
) -> None:
    """Predictors 6 and 7 halve the value just found, which no sum over the row expresses."""
    left, upper, added = int(row[0]), above.tolist(), differences.tolist()
    for column in range(1, len(upper)):
        up = upper[column]
        guess = up + ((left - upper[column - 1]) >> 1) if predictor == 6 else (left + up) >> 1
        left = (guess + added[column]) & 0xFFFF
        row[column] = left
