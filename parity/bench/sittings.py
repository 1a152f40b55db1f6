"""Several sittings of the benchmark, jtorch and PyTorch in turn, and the table of their ratios.

One sitting on a shared machine says little: its speed may change by half between the two sides. So this runs both sides
again and again, each time the whole of both, either side first in turn, compares within a sitting, and gives the median of
the ratios and their range. What was measured before a side failed, or before an interrupt, is printed too.

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
    sittings = []
    failure = None
    for sitting in range(chosen.n):
        print(f"sitting {sitting + 1} of {chosen.n}", file=sys.stderr)
        sides = [("jtorch", chosen.jtorch), ("peer", chosen.peer)]
        try:
            sittings.append({side: rows(command, chosen.prefixes) for side, command in sides[::(-1) ** sitting]})
        except (OSError, subprocess.CalledProcessError) as e:
            failure = f"sittings: {e}"
            break
        except KeyboardInterrupt:
            failure = "sittings: interrupted"
            break
    table(sittings)
    sys.exit(failure)


def table(sittings):
    print("| row | jtorch | PyTorch | median ratio | range |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name in sittings[0]["jtorch"] if sittings else ():
        pairs = [(s["jtorch"][name], s["peer"][name]) for s in sittings if name in s["jtorch"] and name in s["peer"]]
        if pairs:
            ours, peers = zip(*pairs)
            ratios = [peer / us for us, peer in pairs]
            print(f"| `{name}` | {number(statistics.median(ours))} | {number(statistics.median(peers))} "
                  f"| {statistics.median(ratios):.3g}x | {min(ratios):.3g} to {max(ratios):.3g} |")


if __name__ == "__main__":
    main()
