"""How much slower a benchmark is beside a process that keeps one core busy.

Runs the benchmark alone and beside such a process in turn, and prints both times of each row and their ratio. The machine must do
nothing else.

usage: python3 parity/bench/beside.py [-n SITTINGS] [--command CMD] [case-prefix ...]
"""
import argparse
import statistics
import subprocess
import sys

from sittings import number, rows


def beside(command, prefixes):
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        return rows(command, prefixes)
    finally:
        busy.kill()
        busy.wait()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("-n", type=int, default=3, help="how many sittings (default 3)")
    options.add_argument("--command", default="./jtorch bench", help="what prints the rows")
    options.add_argument("prefixes", nargs="*", default=["serve/"], help="only the cases whose names begin so (default serve/)")
    chosen = options.parse_args()
    pairs = [(rows(chosen.command, chosen.prefixes), beside(chosen.command, chosen.prefixes)) for _ in range(chosen.n)]
    print("| row | alone | beside | median ratio |")
    print("| --- | ---: | ---: | ---: |")
    for name in pairs[0][0]:
        alone, other = zip(*((a[name], b[name]) for a, b in pairs))
        ratio = statistics.median(b / a for a, b in zip(alone, other))
        print(f"| `{name}` | {number(statistics.median(alone))} | {number(statistics.median(other))} | {ratio:.3g}x |")


if __name__ == "__main__":
    main()
