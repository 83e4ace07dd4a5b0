"""Which addresses a stranger's name may lead to."""

from ipaddress import IPv4Address, IPv6Address, ip_network

Address = IPv4Address | IPv6Address

_NOT_PUBLIC_4 = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own, behind their NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; clouds tell their secrets at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",  # of protocols
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays from IPv6, given up
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
_PUBLIC_6 = ip_network("2000::/3")
"""All that is given out. IPv4 in disguise (`::ffff:0:0/96`, `::/96`), NAT64's own, link-local lie outside."""
_NOT_PUBLIC_6 = [
    ip_network(text)
    for text in (
        "2001::/23",  # of protocols: Teredo, which hides an IPv4 address, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which hides an IPv4 address
        "3fff::/20",  # documentation
    )
]
_NAT64 = ip_network("64:ff9b::/96")
"""Where a network without IPv4 sees the IPv4 world (RFC 6052): such an address is what its last 32 bits are."""
_OF_THE_HOUSE = [
    ip_network(text)
    for text in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to somebody on the internet, and to nothing nearer.

    By IANA's registries of special addresses, not by `is_global`, which differs from one Python to the next.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_of_the_house(address: Address) -> bool:
    """Tell whether it is a private or loopback address, where an operator's own receivers live.

    Link-local addresses are not among them: what answers there is a cloud's metadata, and no receiver.
    """
    return any(address in network for network in _OF_THE_HOUSE)
