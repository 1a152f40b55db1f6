"""How data parallel training scales, computed: the ring's cost model, and a simulation of buckets that are summed during the backward pass.

A sum of S bytes over N ranks in a ring takes 2 (N - 1) steps, each of which sends S / N bytes: 2 (N - 1) (latency + S / N / bandwidth).
The backward pass makes its gradients ready at an even pace; a bucket is sent when it is full and the one before it was sent.

usage: python3 parity/bench/scaling.py [--bandwidth BYTES_PER_S] [--latency S] [--forward S] [--backward S] [--gradients BYTES]
"""
import argparse


def ring(ranks, size, latency, bandwidth):
    return 0.0 if ranks == 1 else 2 * (ranks - 1) * (latency + size / ranks / bandwidth)


def step(ranks, given, bucket):
    """The time of a step in seconds: the forward pass, the backward pass, and the sums that it does not hide."""
    sent = 0.0
    free = 0.0
    while sent < given.gradients:
        size = min(bucket, given.gradients - sent)
        sent += size
        ready = given.forward + given.backward * sent / given.gradients
        free = max(free, ready) + ring(ranks, size, given.latency, given.bandwidth)
    return max(free, given.forward + given.backward)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--bandwidth", type=float, default=1.25e9, help="bytes a second between two ranks (default 10 Gbit/s)")
    options.add_argument("--latency", type=float, default=50e-6, help="seconds of a message (default 50 us)")
    options.add_argument("--forward", type=float, default=0.1, help="seconds of the forward pass")
    options.add_argument("--backward", type=float, default=0.2, help="seconds of the backward pass")
    options.add_argument("--gradients", type=float, default=100e6, help="bytes of all gradients (default 100 MB)")
    given = options.parse_args()
    buckets = (1 << 20, 5 << 20, 25 << 20, 100 << 20)
    alone = given.forward + given.backward
    print("| ranks | " + " | ".join(f"buckets of {b >> 20} MiB" for b in buckets) + " | sum alone |")
    print("| ---: |" + " ---: |" * (len(buckets) + 1))
    for ranks in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000):
        efficiencies = " | ".join(f"{alone / step(ranks, given, b):.0%}" for b in buckets)
        print(f"| {ranks} | {efficiencies} | {ring(ranks, given.gradients, given.latency, given.bandwidth) * 1e3:.0f} ms |")


if __name__ == "__main__":
    main()
