"""Writes tiny folders as sentence-transformers does, each with inputs and embeddings of the real PyTorch in expected.safetensors.

The pooling is computed here, by the formulas of sentence-transformers' Pooling, which is not needed.

usage, from the project's root:  python3 parity/record/sentences.py models/src/test/resources/sentences
"""
import json
import pathlib
import sys

import torch
import transformers as t
from safetensors.torch import save_file

from families import ENCODER, randomize, text

KEYS = {"cls": "pooling_mode_cls_token", "max": "pooling_mode_max_tokens", "mean": "pooling_mode_mean_tokens",
        "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens", "weightedmean": "pooling_mode_weightedmean_tokens",
        "lasttoken": "pooling_mode_lasttoken"}


def pool(mode, states, mask):
    weights = mask.unsqueeze(-1).float()
    positions = torch.arange(1, states.shape[1] + 1)[None, :, None].float()
    if mode == "cls":
        return states[:, 0]
    if mode == "max":
        return torch.where(weights == 0, torch.tensor(-1e9), states).max(1)[0]
    if mode == "mean":
        return (states * weights).sum(1) / weights.sum(1)
    if mode == "mean_sqrt_len_tokens":
        return (states * weights).sum(1) / weights.sum(1).sqrt()
    if mode == "weightedmean":
        return (states * weights * positions).sum(1) / (weights * positions).sum(1)
    return torch.stack([row[int(m.nonzero().max())] for row, m in zip(states, mask)])


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def record(folder, model, inputs, pooling, modes, dense=False, normalize=False, limit=None):
    randomize(model)
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    base = getattr(model, model.base_model_prefix, model)
    embeddings = base(**inputs).last_hidden_state
    names = ["Transformer", "Pooling"] + dense * ["Dense"] + normalize * ["Normalize"]
    paths = ["" if i == 0 else f"{i}_{name}" for i, name in enumerate(names)]
    write(folder / "modules.json", [{"idx": i, "name": str(i), "path": paths[i], "type": f"sentence_transformers.models.{name}"}
                                    for i, name in enumerate(names)])
    if limit:
        write(folder / "sentence_bert_config.json", {"max_seq_length": limit, "do_lower_case": False})
    write(folder / "1_Pooling/config.json", pooling)
    embeddings = torch.cat([pool(mode, embeddings, inputs["attention_mask"]) for mode in KEYS if mode in modes], 1)
    if dense:
        linear = torch.nn.Linear(embeddings.shape[1], 5)
        write(folder / "2_Dense/config.json", {"in_features": embeddings.shape[1], "out_features": 5, "bias": True,
                                               "activation_function": "torch.nn.modules.activation.Tanh"})
        save_file({"linear.weight": linear.weight, "linear.bias": linear.bias}, folder / "2_Dense/model.safetensors")
        embeddings = linear(embeddings).tanh()
    if normalize:
        embeddings = torch.nn.functional.normalize(embeddings, p=2, dim=1)
    save_file({f"input.{k}": v for k, v in inputs.items()} | {"output": embeddings.detach()}, folder / "expected.safetensors")
    print(folder.name, tuple(embeddings.shape), flush=True)


def flags(*modes):
    return {"word_embedding_dimension": 16} | {key: mode in modes for mode, key in KEYS.items()} | {"include_prompt": True}


def main():
    root = pathlib.Path(sys.argv[1])
    torch.manual_seed(0)
    record(root / "mean", t.BertModel(t.BertConfig(**ENCODER)), text(), flags("mean"), ["mean"], normalize=True, limit=16)
    distilbert = t.DistilBertModel(t.DistilBertConfig(vocab_size=60, dim=16, n_layers=1, n_heads=4, hidden_dim=24,
                                                      max_position_embeddings=32))
    record(root / "all", distilbert, text(), flags(*KEYS), KEYS, dense=True)
    record(root / "cls_under_words", t.RobertaForMaskedLM(t.RobertaConfig(**ENCODER)), text(padding_id=1),
           {"embedding_dimension": 16, "pooling_mode": "cls"}, ["cls"], dense=True, normalize=True)


if __name__ == "__main__":
    main()
