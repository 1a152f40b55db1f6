"""Records what generate of transformers makes after prompts, with the tiny models of families.py, and what its filters make of scores.

usage, from the project's root:
  python3 parity/record/generation.py models/src/test/resources/families models/src/test/resources/generation.json
"""
import json
import pathlib
import sys

import torch
import transformers as t
from transformers.generation import logits_process as lp

OPTIONS = [
    {},
    {"max_new_tokens": 1},
    {"min_new_tokens": 6},
    {"repetition_penalty": 1.7},
    {"num_beams": 2},
    {"num_beams": 3, "length_penalty": 0.3},
    {"num_beams": 4, "length_penalty": 2.0, "early_stopping": True},
    {"num_beams": 3, "repetition_penalty": 1.3, "min_new_tokens": 4},
]
DECODERS = ["gpt2", "gpt2_scaled", "llama", "llama3", "qwen2_sliding", "qwen3", "mistral", "gemma"]
ENCODER_DECODERS = ["t5", "t5_gated_untied"]
FILTERS = [("temperature", 0.7, lp.TemperatureLogitsWarper(0.7)), ("topK", 5, lp.TopKLogitsWarper(5)),
           ("topK", 1000, lp.TopKLogitsWarper(1000)), ("topP", 0.8, lp.TopPLogitsWarper(0.8)), ("topP", 0.0, lp.TopPLogitsWarper(0.0)),
           ("topP", 0.99, lp.TopPLogitsWarper(0.99)), ("minP", 0.2, lp.MinPLogitsWarper(0.2)),
           ("repetitionPenalty", 1.8, lp.RepetitionPenaltyLogitsProcessor(1.8))]


def prompts(padded, seed, on_the_right):
    torch.manual_seed(seed)
    ids = torch.randint(4, 60, (3, 5))
    mask = torch.ones_like(ids)
    if padded:
        mask[1, 3:] = mask[2, 1:] = 0
        mask = mask if on_the_right else mask.flip(1)
        ids[mask == 0] = 0
    return ids, mask


def runs(root, names, cls, options, **fixed):
    for name in names:
        model = cls.from_pretrained(root / name).eval()
        for seed, padded in ((0, False), (1, True), (2, True)):
            ids, mask = prompts(padded, seed, model.config.is_encoder_decoder)
            beginning = 1 if model.config.is_encoder_decoder else 5
            # tokens that the model likes end texts
            plain = model.generate(ids, attention_mask=mask, max_new_tokens=12, do_sample=False, eos_token_id=None, pad_token_id=0, **fixed)
            eos = plain[0, beginning + 3 + seed].item()
            for each in options:
                chosen = {"max_new_tokens": 12} | each
                out = model.generate(ids, attention_mask=mask, do_sample=False, eos_token_id=[eos, 3], pad_token_id=0, **fixed | chosen)
                yield {"model": name, "ids": ids.tolist(), "mask": mask.tolist(), "eos": [eos, 3], "options": chosen,
                       "tokens": out.tolist()}


def filtered():
    torch.manual_seed(3)
    scores = torch.randn(4, 20) * 3
    ids = torch.randint(0, 20, (4, 6))
    for name, value, filter_ in FILTERS:
        out = filter_(ids, scores.clone())
        yield {"name": name, "value": value, "scores": scores.flatten().tolist(), "ids": ids.flatten().tolist(),
               "result": [None if v == float("-inf") else v for v in out.flatten().tolist()]}


def main():
    root = pathlib.Path(sys.argv[1])
    answers = runs(root, ENCODER_DECODERS, t.AutoModelForSeq2SeqLM, OPTIONS + [{"decoder_start_token_id": 9}], decoder_start_token_id=0)
    record = {"runs": [*runs(root, DECODERS, t.AutoModelForCausalLM, OPTIONS), *answers], "filters": list(filtered())}
    pathlib.Path(sys.argv[2]).write_text(json.dumps(record) + "\n")
    print(len(record["runs"]), "runs")


if __name__ == "__main__":
    main()
