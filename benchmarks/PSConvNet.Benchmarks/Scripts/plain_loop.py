"""The plain loop of a PyTorch user: the tutorial's network, Adam, batches by index_select. Prints images a second and what it ran on."""

import sys
import time

import numpy as np
import torch
from torch import nn

pixels, labels, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
warm_up, seconds = float(sys.argv[4]), float(sys.argv[5])
BATCH = 128

torch.set_num_threads(threads)
x = torch.from_numpy(np.fromfile(pixels, dtype=np.uint8).astype(np.float32) / 255).reshape(-1, 1, 28, 28)
y = torch.from_numpy(np.fromfile(labels, dtype=np.int32).astype(np.int64))
network = nn.Sequential(
    nn.Conv2d(1, 32, 3),
    nn.ReLU(),
    nn.Conv2d(32, 64, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Dropout(0.25),
    nn.Flatten(),
    nn.Linear(9216, 128),
    nn.ReLU(),
    nn.Dropout(0.5),
    nn.Linear(128, 10),
)
optimizer = torch.optim.Adam(network.parameters())
network.train()


def step():
    rows = torch.randint(x.shape[0], (BATCH,))
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(network(x.index_select(0, rows)), y.index_select(0, rows))
    loss.backward()
    optimizer.step()


def steps_per_second(duration):
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < duration:
        step()
        steps += 1
    return steps / (time.perf_counter() - start)


steps_per_second(warm_up)
rate = BATCH * steps_per_second(seconds)

# Which BLAS a Debian machine has is the administrator's choice, and it decides what the dense layers cost.
try:
    with open("/proc/self/maps") as maps:
        libraries = [line for line in maps if "/libblas.so" in line]
    blas = next((name for name in ("OpenBLAS", "BLIS", "ATLAS") if name.lower() in str(libraries)), "the reference BLAS")
except OSError:
    blas = "an unknown BLAS"
print(rate)
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {blas}")
