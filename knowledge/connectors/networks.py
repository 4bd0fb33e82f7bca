"""Which addresses of machines may be connected to: public ones, and nothing that is near or that leads on to something near."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_REFUSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind carriers' address translation; 100.100.100.200 tells a cloud machine its own secrets
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address that in one cloud is the machine's own host
        "169.254.0.0/16",  # link-local; 169.254.169.254 tells a cloud machine its own secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # a way from IPv4 into 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")  # the only part of IPv6 that is given to the public; ::ffff:0:0/96 and 64:ff9b::/96 are outside
_REFUSED_6 = tuple(
    ip_network(network)
    for network in (
        "2001::/23",  # Teredo, benchmarking, and other protocols' own
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address, perhaps a private one, in disguise
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Whether this is the address of a machine that everybody can reach. What is no address at all is not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not any(found in network for network in _REFUSED)
    return _is_public_6(found)


def _is_public_6(address: IPv6Address) -> bool:
    inside = address in _GLOBAL_UNICAST and address.scope_id is None
    return inside and address.is_global and not any(address in network for network in _REFUSED_6)
