"""Templates of HTML pages, and what they need to be filled."""
