# What a Python user does with an exported file: a reader of twenty lines, the network in PyTorch's own words, load_state_dict.
# Usage: read_weights.py weights.safetensors pixels labels; prints how many of the 28 x 28 images are right.
import json, struct, sys
import torch
from torch import nn


def load_file(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, tensor in header.items():
        assert tensor["dtype"] == "F32"
        begin, end = tensor["data_offsets"]
        values = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=begin)
        tensors[name] = values.reshape(tensor["shape"])
    return tensors


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2d_1, self.conv2d_2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.dense_1, self.dense_2 = nn.Linear(9216, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = torch.relu(self.conv2d_2(torch.relu(self.conv2d_1(x))))
        x = nn.functional.max_pool2d(x, 2).flatten(1)
        return self.dense_2(torch.relu(self.dense_1(x)))


weights, pixels, labels = sys.argv[1:]
net = Net()
net.load_state_dict(load_file(weights))
x = torch.frombuffer(bytearray(open(pixels, "rb").read()), dtype=torch.uint8).reshape(-1, 1, 28, 28) / 255
y = torch.frombuffer(bytearray(open(labels, "rb").read()), dtype=torch.int32)
with torch.no_grad():
    right = sum((net(x[i : i + 500]).argmax(1) == y[i : i + 500]).sum().item() for i in range(0, len(y), 500))
print(right)
