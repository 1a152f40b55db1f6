"""Several sittings of the benchmark, jtorch and PyTorch in turn, and the table of their ratios.

One sitting on a shared machine says little: its speed may change by half between the two sides. So this runs both sides
again and again, each time the whole of both, compares within a sitting, and gives the median of the ratios and their range.

usage: python3 parity/bench/sittings.py [-n SITTINGS] [--jtorch CMD] [--peer CMD] [case-prefix ...]
"""
import argparse
import shlex
import statistics
import subprocess
import sys


def rows(command, prefixes):
    """The median of each row that a benchmark prints, in microseconds."""
    done = subprocess.run(shlex.split(command) + prefixes, stdout=subprocess.PIPE, text=True, check=True)
    cells = (line.split("\t") for line in done.stdout.splitlines())
    return {row[0]: float(row[3]) for row in cells if len(row) == 4 and row[1] == "us"}


def number(us):
    return f"{us:,.0f}" if us >= 100 else f"{us:.3g}"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("-n", type=int, default=5, help="how many sittings (default 5)")
    options.add_argument("--jtorch", default="./jtorch bench", help="our side's command")
    options.add_argument("--peer", default=f"{sys.executable} parity/bench/peer_bench.py", help="the peer's")
    options.add_argument("prefixes", nargs="*", help="only the cases whose names begin so")
    chosen = options.parse_args()
    if chosen.n < 1:
        options.error(f"-n {chosen.n}: at least one sitting")
    ours, peers = {}, {}
    for sitting in range(chosen.n):
        print(f"sitting {sitting + 1} of {chosen.n}", file=sys.stderr)
        for seen, command in ((ours, chosen.jtorch), (peers, chosen.peer)):
            for name, us in rows(command, chosen.prefixes).items():
                seen.setdefault(name, []).append(us)
    print("| row | jtorch | PyTorch | median ratio | range |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name, times in ours.items():
        if name not in peers:
            continue
        ratios = [peer / us for us, peer in zip(times, peers[name])]
        print(f"| `{name}` | {number(statistics.median(times))} | {number(statistics.median(peers[name]))} "
              f"| {statistics.median(ratios):.3g}x | {min(ratios):.3g} to {max(ratios):.3g} |", flush=True)


if __name__ == "__main__":
    main()
