"""Writes tiny models of transformers as save_pretrained does, each with inputs, outputs and gradients of the real PyTorch.

Each model has a folder NAME with config.json, model.safetensors and expected.safetensors. The latter has input.NAME, output.NAME, and
grad.KEY of the sum over the outputs of the mean square, in eval mode.

usage, from the project's root:  python3 parity/record/families.py models/src/test/resources/families [NAME ...]
"""
import pathlib
import sys

import torch
import transformers as t
from safetensors.torch import save_file

ENCODER = dict(vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
               max_position_embeddings=32)


def text(vocab=60, padding_id=0, types=False, batch=2, length=7):
    """Tokens of which the last ones of the second text are padding."""
    ids = torch.randint(4, vocab, (batch, length))
    mask = torch.ones_like(ids)
    mask[1, 4:] = 0
    ids[1, 4:] = padding_id
    inputs = {"input_ids": ids, "attention_mask": mask}
    if types:
        inputs["token_type_ids"] = (torch.arange(length) > 3).long().expand(batch, length).contiguous()
    return inputs


def bert(cls, **more):
    return lambda: (cls(t.BertConfig(**ENCODER, **more)), text(types=True))


DECODER = dict(vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
               intermediate_size=24, max_position_embeddings=32)


def gpt2(**more):
    small = dict(vocab_size=60, n_embd=16, n_layer=2, n_head=4, n_positions=32, bos_token_id=1, eos_token_id=2)
    return lambda: (t.GPT2LMHeadModel(t.GPT2Config(**small | more)), text())


def decoder(cls, config, **more):
    return lambda: (cls(config(**DECODER | more)), text())


FAMILIES = {
    "bert": bert(t.BertModel),
    "bert_relu": bert(t.BertModel, hidden_act="relu", layer_norm_eps=1e-5, type_vocab_size=3),
    "bert_classifier": bert(t.BertForSequenceClassification, num_labels=3),
    "bert_tokens": bert(t.BertForTokenClassification, num_labels=5, classifier_dropout=0.2),
    "bert_answers": bert(t.BertForQuestionAnswering),
    "bert_words": bert(t.BertForMaskedLM),
    "bert_words_untied": bert(t.BertForMaskedLM, tie_word_embeddings=False),
    "llama": decoder(t.LlamaForCausalLM, t.LlamaConfig),
    "llama_bias_tied": decoder(t.LlamaForCausalLM, t.LlamaConfig, attention_bias=True, mlp_bias=True, tie_word_embeddings=True,
                               head_dim=8),
    "llama_linear": decoder(t.LlamaForCausalLM, t.LlamaConfig,
                            rope_parameters={"rope_type": "linear", "factor": 4.0, "rope_theta": 5000.0}),
    "llama3": decoder(t.LlamaForCausalLM, t.LlamaConfig, num_key_value_heads=4, rope_parameters={
        "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 16}),
    "llama_yarn": decoder(t.LlamaForCausalLM, t.LlamaConfig, rope_parameters={
        "rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 8}),
    "gpt2": gpt2(),
    "gpt2_scaled": gpt2(n_inner=20, activation_function="relu", scale_attn_by_inverse_layer_idx=True, tie_word_embeddings=False),
    "qwen2": decoder(t.Qwen2ForCausalLM, t.Qwen2Config),
    "qwen2_sliding": decoder(t.Qwen2ForCausalLM, t.Qwen2Config, use_sliding_window=True, sliding_window=3, max_window_layers=1),
    "qwen3": decoder(t.Qwen3ForCausalLM, t.Qwen3Config, head_dim=8),
    "mistral": decoder(t.MistralForCausalLM, t.MistralConfig, sliding_window=3, head_dim=4),
    "mistral_whole": decoder(t.MistralForCausalLM, t.MistralConfig, sliding_window=None, head_dim=4),
    "gemma": decoder(t.GemmaForCausalLM, t.GemmaConfig, head_dim=8, num_key_value_heads=1),
}


def randomize(model):
    """Makes no weight zero or one, so that each has an effect."""
    for parameter in model.parameters():
        with torch.no_grad():
            parameter.add_(torch.randn_like(parameter) * 0.2)


def record(name, make, folder):
    torch.manual_seed(0)
    model, inputs = make()
    randomize(model)
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    outputs = {k: v for k, v in model(**inputs).items() if isinstance(v, torch.Tensor)}
    sum(output.float().square().mean() for output in outputs.values()).backward()
    tensors = {f"input.{k}": v for k, v in inputs.items()} | {f"output.{k}": v.detach() for k, v in outputs.items()}
    tensors |= {f"grad.{k}": p.grad for k, p in model.named_parameters() if p.grad is not None}
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "expected.safetensors")
    print(name, sum(p.numel() for p in model.parameters()), sorted(outputs), flush=True)


def main():
    root = pathlib.Path(sys.argv[1])
    for name, make in FAMILIES.items():
        if not sys.argv[2:] or name in sys.argv[2:]:
            record(name, make, root / name)


if __name__ == "__main__":
    main()
