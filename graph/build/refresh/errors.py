"""What can go wrong on the way from a live source to a proposal.

RefreshError (a ValueError: the shell prints it as one clear message)
+-- FetchError        the answer did not come: status, robots.txt, truncated body, network
+-- CacheError        a kept answer is not what its record says
+-- LayoutError       the answer is not laid out as the connector knows it; says what was expected and found
+-- ProposalError     a proposal file, or a proposal that cannot be applied
"""

from __future__ import annotations


class RefreshError(ValueError):
    """Root of what a refresh reports to its user."""


class FetchError(RefreshError):
    """A page could not be had."""


class CacheError(RefreshError):
    """An answer in the cache, or a sample, differs from its record."""


class LayoutError(RefreshError):
    """A page is not as its connector knows it."""

    def __init__(self, where: str, expected: str, found: str) -> None:
        self.where, self.expected, self.found = where, expected, found
        super().__init__(f"{where}: expected {expected}; found {found}")


class ProposalError(RefreshError):
    """A file of proposals is malformed, or a proposal does not fit the tables as they stand."""
