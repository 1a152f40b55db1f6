"""Peer side of the rows serve/: threads of one Python process call one model at the same time.

Prints the same rows as peer_bench.py: name, unit, best and median time of a call, which is that of all calls divided by their number.

usage: python3 serving.py [case-prefix ...]
"""
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn

FILTERS = sys.argv[1:]


def serve(model, x, calls):
    for _ in range(calls):
        with torch.inference_mode():
            model(x)


def measure(name, callers, calls, model, x):
    if FILTERS and not any(name.startswith(f) for f in FILTERS):
        return
    with ThreadPoolExecutor(callers) as threads:
        samples = []
        for repeat in range(10):
            start = time.perf_counter()
            for each in [threads.submit(serve, model, x, calls) for _ in range(callers)]:
                each.result()
            if repeat >= 3:  # the first ones warm up
                samples.append((time.perf_counter() - start) / (calls * callers) * 1e6)
    print(f"{name}\tus\t{min(samples):.2f}\t{statistics.median(samples):.2f}", flush=True)


def main():
    torch.manual_seed(0)
    mlp = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10)).eval()
    x = torch.randn(1, 784)
    for callers in (1, 2, 4, 8):
        measure(f"serve/mlp_784_callers{callers}", callers, 500, mlp, x)
    lstm = nn.LSTM(128, 256, 2, batch_first=True).eval()
    series = torch.randn(8, 50, 128)
    for callers in (1, 2):
        measure(f"serve/lstm_b8_s50_callers{callers}", callers, 20, lstm, series)


if __name__ == "__main__":
    main()
