"""Where a request comes from: whose X-Forwarded-For counts."""

from ipaddress import ip_network

import pytest

from remotehandsd.web.peer import address_of

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "2001:db8:1::/48")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.2.3.4, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.2.3.4, 198.51.100.7 , 10.9.9.9"], "198.51.100.7"),
        ("10.0.0.1", ["1.2.3.4", "198.51.100.7", "10.9.9.9"], "198.51.100.7"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["2001:db8:1::5, 2001:db8:2::5"], "2001:db8:2::5"),
        ("2001:db8:1::5", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.1", ["[2001:db8:2::5]:4711"], "2001:db8:2::5"),
        ("10.0.0.1", ["[2001:db8:2::5]"], "2001:db8:2::5"),
        ("10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [","], "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4, nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["1.2.3.4.5", "999.1.1.1"], "10.0.0.1"),
        ("10.0.0.1", ["\xff"], "10.0.0.1"),
    ],
)
def test_the_rightmost_hop_that_is_not_ours(peer: str, forwarded: list[str], address: str) -> None:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    assert str(address_of({"client": (peer, 1), "headers": headers}, TRUSTED)) == address


def test_a_connection_without_an_address() -> None:
    assert address_of({"client": None, "headers": [(b"x-forwarded-for", b"1.2.3.4")]}, TRUSTED) is None
