"""The release in the engine that PALERMO_STORE names, for every command that reads one."""

from __future__ import annotations

from api.settings import Settings
from graph.read.remote import RemoteStore
from graph.remote.endpoint import Access, Endpoint


def elsewhere(settings: Settings) -> RemoteStore:
    """Open it; user, password and token are those of the settings. Raises :class:`graph.read.store.StoreError`."""
    access = Access(settings.store_user, settings.store_password, settings.store_token)
    return RemoteStore.open(Endpoint(settings.store, access, limit=settings.time_limit), settings.release)
