"""How large a pattern becomes when it is compiled."""

from __future__ import annotations

import pytest

from dockertutor.checks.pattern_size import pattern_size


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("abc", 3),
        (r"\bcat\b", 5),
        ("a*b?", 2),
        ("a+", 2),
        ("a{3}", 3),
        ("a{3,3}", 3),
        ("a{3,}", 4),
        ("a{,3}", 1),
        ("(ab){10}", 20),
        ("(a|bc)+", 8),
        ("[a)]{2}x", 3),
        ("[]a]{2}", 2),
        (r"[\]{9}]", 1),
        (r"\({2}", 2),
        ("x{y}", 4),
    ],
)
def test_repeats_are_written_out(pattern: str, size: int) -> None:
    assert pattern_size(pattern) == size


@pytest.mark.parametrize("pattern", ["a{9999999}", "(" * 20 + "a" + ")+" * 20, "(?:(?:(?:a){1000}){1000}){1000}"])
def test_repeats_in_each_other_multiply(pattern: str) -> None:
    assert pattern_size(pattern) > 500_000
