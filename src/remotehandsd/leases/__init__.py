"""Leases: who of several processes does the house's regular work just now."""

from remotehandsd.leases.lease import LEASE_SECONDS, Lease

__all__ = ["LEASE_SECONDS", "Lease"]
