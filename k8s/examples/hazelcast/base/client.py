"""Writes entries into a Hazelcast cluster and checks them.

Each value can be worked out from its key and a seed, so a later run can tell whether every entry is what it was.
"""

import argparse
import hashlib
import sys

import hazelcast

BATCH = 500


def value(seed, key, size):
    """A value of the given size that only this seed and key give."""
    block = hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()
    return (block * (size // len(block) + 1))[:size]


def batches(count):
    for start in range(0, count, BATCH):
        yield range(start, min(start + BATCH, count))


def load(entries, options):
    for keys in batches(options.entries):
        entries.put_all({key: value(options.seed, key, options.size) for key in keys})
    print(f"{options.entries} entries of {options.size} bytes written")
    return 0


def verify(entries, options):
    wrong = 0
    for keys in batches(options.entries):
        found = entries.get_all(list(keys))
        wrong += sum(found.get(key) != value(options.seed, key, options.size) for key in keys)
    print(f"{options.entries - wrong} of {options.entries} entries are equal, the map has {entries.size()}")
    return 1 if wrong or entries.size() != options.entries else 0


def clear(entries, options):
    entries.clear()
    print("the map is empty")
    return 0


def size(entries, options):
    print(entries.size())
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["load", "verify", "clear", "size"])
    parser.add_argument("--entries", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--size", type=int, default=1_000, help="bytes of a value (default: %(default)s)")
    parser.add_argument("--seed", default="1", help="makes other values of the same keys")
    parser.add_argument("--map", default="demo", help="the map's name (default: %(default)s)")
    parser.add_argument("--member", action="append", help="a member's address (default: hz:5701)")
    parser.add_argument("--cluster", default="dev", help="the cluster's name (default: %(default)s)")
    options = parser.parse_args()

    client = hazelcast.HazelcastClient(
        cluster_name=options.cluster,
        cluster_members=options.member or ["hz:5701"],
        cluster_connect_timeout=60.0,
    )
    try:
        commands = {"load": load, "verify": verify, "clear": clear, "size": size}
        return commands[options.command](client.get_map(options.map).blocking(), options)
    finally:
        client.shutdown()


if __name__ == "__main__":
    sys.exit(main())
