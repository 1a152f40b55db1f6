"""Exports BERT models from their ONNX files, so that jtorch and ONNX Runtime can be compared on the same weights.

Reads the weights of an ONNX file that torch.onnx wrote, puts them into transformers' BertModel, and writes minilm_l6_b1_s16.pt2,
minilm_l6_b8_s64.pt2 and minilm_l6_b32_s128.pt2 to a folder. org.jtorch.benchmarks.peer.OnnxRuntimeComparison measures them beside the
ONNX file. The file that docs/performance.md names is all-MiniLM-L6-v2.

usage: python3 parity/bench/onnx_programs.py MODEL.onnx FOLDER
"""
import os
import sys

import numpy
import torch
from torch import nn
from transformers import BertConfig, BertModel

SHAPES = {"minilm_l6_b1_s16": (1, 16), "minilm_l6_b8_s64": (8, 64), "minilm_l6_b32_s128": (32, 128)}

# numbers of the fields of ONNX's messages
MODEL_GRAPH, GRAPH_NODE, GRAPH_INITIALIZER = 7, 1, 5
NODE_INPUT, NODE_NAME, NODE_OPERATOR = 1, 3, 4
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW = 1, 2, 8, 9
TYPES = {1: numpy.float32, 7: numpy.int64}


class Encoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, mask, types):
        return self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The numbers and values of a message of Protocol Buffers."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value = data[at:at + size]
            at += size
        yield key >> 3, value


def text(value):
    return bytes(value).decode()


def weights(path):
    """The weights by their names in PyTorch. The weight of a linear map is the second input of a product, transposed."""
    with open(path, "rb") as file:
        graph = dict(fields(memoryview(file.read())))[MODEL_GRAPH]
    found, products = {}, []
    for number, value in fields(graph):
        if number == GRAPH_INITIALIZER:
            parts = list(fields(value))
            shape = [part for field, part in parts if field == TENSOR_DIMS]
            one = dict(parts)
            found[text(one[TENSOR_NAME])] = numpy.frombuffer(one[TENSOR_RAW], TYPES[one[TENSOR_TYPE]]).reshape(shape)
        elif number == GRAPH_NODE:
            parts = list(fields(value))
            if text(dict(parts)[NODE_OPERATOR]) == "MatMul":
                inputs = [text(part) for field, part in parts if field == NODE_INPUT]
                products.append((text(dict(parts)[NODE_NAME]), inputs[1]))
    named = {name: torch.tensor(value) for name, value in found.items() if "::" not in name}
    for place, weight in products:
        if weight in found:
            name = place.strip("/").rsplit("/", 1)[0].replace("/", ".") + ".weight"
            named[name] = torch.tensor(found[weight]).T.contiguous()
    return named


def main():
    path, folder = sys.argv[1:3]
    named = weights(path)
    words, width = named["embeddings.word_embeddings.weight"].shape
    layers = 1 + max(int(name.split(".")[2]) for name in named if name.startswith("encoder.layer."))
    config = BertConfig(vocab_size=words, hidden_size=width, num_hidden_layers=layers, num_attention_heads=width // 32,
                        intermediate_size=named["encoder.layer.0.intermediate.dense.weight"].shape[0])
    model = BertModel(config, add_pooling_layer=False)
    missing, _ = model.load_state_dict(named, strict=False)
    if missing:
        sys.exit(f"{path} has no {missing}: it is no BERT that torch.onnx wrote")
    torch.manual_seed(0)
    os.makedirs(folder, exist_ok=True)
    for name, shape in SHAPES.items():
        inputs = (torch.randint(5, words, shape), torch.ones(shape, dtype=torch.int64), torch.zeros(shape, dtype=torch.int64))
        torch.export.save(torch.export.export(Encoder(model.eval()), inputs), f"{folder}/{name}.pt2")


if __name__ == "__main__":
    main()
