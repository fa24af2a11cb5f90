"""Numbers as options take them, so that what is not one is refused in words and not as a type of Python."""

from __future__ import annotations

import click


class WholeNumber(click.IntRange):
    """A whole number, between bounds if they are given."""

    name = "whole number"


class Number(click.FloatRange):
    """A number, between bounds if they are given."""

    name = "number"
