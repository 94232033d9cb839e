"""Heat maps: levels, marks and numbers of small arrays."""

import math

from grader.report.heatmap import LEVELS, heat_map, is_worth_drawing


def _texts(grid):
    return [[cell.text for cell in cells] for _, cells in grid.rows]


def _marks(grid):
    return [[cell.differs for cell in cells] for _, cells in grid.rows]


def _levels(grid):
    return [[cell.level for cell in cells] for _, cells in grid.rows]


def test_equal_numbers_have_equal_colours_in_both_tables():
    expected, got, gaps = heat_map({"expected": [[0, 4], [8, 8]], "got": [[0, 8], [4, 8]], "index": (0, 1)}).grids
    assert _levels(expected) == [[0, 4], [8, 8]]
    assert _levels(got) == [[0, 8], [4, 8]]
    assert _texts(gaps) == [["0", "4"], ["−4", "0"]]
    assert _levels(gaps) == [[4, LEVELS], [0, 4]]


def test_cells_that_differ_are_marked_and_rounding_noise_is_not():
    grids = heat_map({"expected": [[1.0, 2.0]], "got": [[1.0 + 1e-7, 2.5]], "index": (0, 1)}).grids
    assert all(_marks(grid) == [[False, True]] for grid in grids)


def test_arrays_of_two_sizes_have_no_difference():
    found = heat_map({"expected": [[1, 2], [3, 4]], "got": [[1, 2]], "index": (1, 0)})
    assert [grid.title for grid in found.grids] == ["Expected", "Got"]
    assert not any(mark for grid in found.grids for row in _marks(grid) for mark in row)


def test_what_is_not_a_number_has_no_colour():
    grids = heat_map({"expected": [[math.nan, math.inf, 1]], "got": [[math.nan, "<b>", None]], "index": (0, 1)}).grids
    assert _texts(grids[0]) == [["nan", "inf", "1"]] and _levels(grids[0]) == [[None, None, 0]]
    assert _texts(grids[1]) == [["nan", "nan", "nan"]] and _marks(grids[1]) == [[False, True, True]]


def test_a_crop_is_numbered_from_its_origin():
    grid = heat_map({"expected": [[1, 2]], "got": [[1, 3]], "index": (0, 0, 5, 8), "origin": (5, 7)}).grids[0]
    assert grid.columns == (7, 8)
    assert [row for row, _ in grid.rows] == [5]


def test_one_dimension_is_one_row_and_large_arrays_are_cut():
    assert _texts(heat_map({"expected": [1, 2], "got": [1, 2], "index": (0,)}).grids[0]) == [["1", "2"]]
    large = [[float(column) for column in range(50)]] * 50
    grid = heat_map({"expected": large, "got": large, "index": (0, 0)}).grids[0]
    assert len(grid.rows) == len(grid.columns) == 12


def test_empty_and_huge_numbers_are_drawn():
    assert heat_map({"expected": [], "got": [], "index": ()}).grids[0].rows == ((0, ()),)
    grids = heat_map({"expected": [[-1e308]], "got": [[1e308]], "index": (0, 0)}).grids
    assert _levels(grids[0]) == [[0]] and _levels(grids[1]) == [[8]] and _levels(grids[2]) == [[None]]


def test_numbers_too_small_to_be_told_apart_and_too_large_for_a_float_are_drawn():
    grids = heat_map({"expected": [[0.0, 5e-324]], "got": [[0.0, 0.0]], "index": (0, 1)}).grids
    assert _levels(grids[0]) == [[0, 0]] and _levels(grids[2]) == [[4, 0]]
    assert _texts(heat_map({"expected": [[10**400]], "got": [[-(10**400)]], "index": (0,)}).grids[0]) == [["inf"]]


def test_what_is_no_table_is_drawn_as_nothing():
    assert heat_map({"expected": None, "got": "x", "index": None}).grids[0].rows == ()
    assert heat_map({"expected": [[1], 2], "got": [], "index": (math.nan,)}).index == ()


def test_a_number_alone_needs_no_picture():
    assert not is_worth_drawing({"expected": [[1]], "got": [[2]], "index": (0, 0)})
    assert not is_worth_drawing({"expected": None, "got": "x", "index": None})
    assert is_worth_drawing({"expected": [[1]], "got": [[2, 3]], "index": (0, 0)})
