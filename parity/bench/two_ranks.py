"""Starts a command as two processes of a group, one thread each, and prints what the first one prints.

usage: python3 parity/bench/two_ranks.py CMD ...
"""
import os
import socket
import subprocess
import sys


def main():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = []
    for rank in range(2):
        group = dict(RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port),
                     OMP_NUM_THREADS="1", USE_LIBUV="0")
        output = None if rank == 0 else subprocess.DEVNULL
        processes.append(subprocess.Popen(sys.argv[1:], env={**os.environ, **group}, stdout=output))
    sys.exit(max(process.wait() for process in processes))


if __name__ == "__main__":
    main()
