"""What each kind of page shows, put together from the readers below and handed to a template."""
