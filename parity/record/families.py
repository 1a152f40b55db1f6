"""Writes tiny models of transformers as save_pretrained does, each with inputs, outputs and gradients of the real PyTorch.

Each model has a folder NAME with config.json, model.safetensors and expected.safetensors. The latter has input.NAME, output.NAME, and
grad.KEY of the sum over the outputs of the mean square, in eval mode.

usage, from the project's root:  python3 parity/record/families.py models/src/test/resources/families [NAME ...]
"""
import pathlib
import sys

import torch
import transformers as t
from safetensors.torch import load_file, save_file

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


def encoder(cls, config, padding_id=1, types=True, **more):
    return lambda: (cls(config(**ENCODER | more)), text(types=types, padding_id=padding_id))


def distilbert(cls, **more):
    return lambda: (cls(t.DistilBertConfig(**dict(vocab_size=60, dim=16, n_layers=2, n_heads=4, hidden_dim=24,
                                                  max_position_embeddings=32) | more)), text())


def t5(cls, untie=False, target=True, **more):
    def make():
        model = cls(t.T5Config(**dict(vocab_size=60, d_model=16, d_kv=4, d_ff=24, num_layers=2, num_heads=4) | more))
        if untie:  # as the checkpoints of T5 1.1 are; transformers ties a new model always
            model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.lm_head.weight))
        inputs = text()
        if target:
            inputs["decoder_input_ids"] = torch.randint(4, 60, (2, 5))
            inputs["decoder_attention_mask"] = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
        return model, inputs
    return make


VISION = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, image_size=12, patch_size=4)


def vision(cls, config, height=12, width=12, **more):
    return lambda: (cls(config(**VISION | more)), {"pixel_values": torch.randn(2, more.get("num_channels", 3), height, width)})


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
    "roberta": encoder(t.RobertaModel, t.RobertaConfig),
    "roberta_padding": encoder(t.RobertaModel, t.RobertaConfig, padding_id=3, pad_token_id=3, hidden_act="gelu_new",
                               layer_norm_eps=1e-5, type_vocab_size=3),
    "roberta_classifier": encoder(t.RobertaForSequenceClassification, t.RobertaConfig, num_labels=3, classifier_dropout=0.3),
    "roberta_tokens": encoder(t.RobertaForTokenClassification, t.RobertaConfig, num_labels=4),
    "roberta_answers": encoder(t.RobertaForQuestionAnswering, t.RobertaConfig),
    "roberta_words": encoder(t.RobertaForMaskedLM, t.RobertaConfig),
    "roberta_words_untied": encoder(t.RobertaForMaskedLM, t.RobertaConfig, tie_word_embeddings=False),
    "xlm_roberta_words": encoder(t.XLMRobertaForMaskedLM, t.XLMRobertaConfig, types=False, type_vocab_size=1),
    "camembert_classifier": encoder(t.CamembertForSequenceClassification, t.CamembertConfig, types=False, num_labels=1),
    "distilbert": distilbert(t.DistilBertModel),
    "distilbert_relu": distilbert(t.DistilBertModel, activation="relu", dropout=0.3, sinusoidal_pos_embds=True, n_heads=2),
    "distilbert_classifier": distilbert(t.DistilBertForSequenceClassification, num_labels=3),
    "distilbert_tokens": distilbert(t.DistilBertForTokenClassification, num_labels=4),
    "distilbert_answers": distilbert(t.DistilBertForQuestionAnswering),
    "distilbert_words": distilbert(t.DistilBertForMaskedLM),
    "distilbert_words_untied": distilbert(t.DistilBertForMaskedLM, tie_word_embeddings=False, activation="gelu_new"),
    "mpnet": encoder(t.MPNetModel, t.MPNetConfig, types=False),
    "mpnet_relu_long": lambda: (t.MPNetModel(t.MPNetConfig(**ENCODER | dict(hidden_act="relu", max_position_embeddings=300,
                                                                            layer_norm_eps=1e-5))),
                                text(padding_id=1, length=200)),
    "mpnet_classifier": encoder(t.MPNetForSequenceClassification, t.MPNetConfig, types=False, num_labels=3),
    "mpnet_tokens": encoder(t.MPNetForTokenClassification, t.MPNetConfig, types=False, num_labels=4),
    "mpnet_answers": encoder(t.MPNetForQuestionAnswering, t.MPNetConfig, types=False),
    "mpnet_words": encoder(t.MPNetForMaskedLM, t.MPNetConfig, types=False),
    "mpnet_words_untied": encoder(t.MPNetForMaskedLM, t.MPNetConfig, types=False, tie_word_embeddings=False),
    "vit": vision(t.ViTModel, t.ViTConfig, intermediate_size=24),
    "vit_oblong": vision(t.ViTModel, t.ViTConfig, intermediate_size=24, image_size=[8, 12], patch_size=[4, 3], height=8,
                         num_channels=1, hidden_act="relu", qkv_bias=False, pooler_output_size=6, pooler_act="sigmoid",
                         layer_norm_eps=1e-5, hidden_dropout_prob=0.1),
    "vit_classifier": vision(t.ViTForImageClassification, t.ViTConfig, intermediate_size=24, num_labels=5),
    "dinov2": vision(t.Dinov2Model, t.Dinov2Config, layerscale_value=0.5, drop_path_rate=0.1),
    "dinov2_swiglu_other_size": vision(t.Dinov2Model, t.Dinov2Config, use_swiglu_ffn=True, use_mask_token=False, qkv_bias=False,
                                       mlp_ratio=3, height=16, width=20),
    "dinov2_classifier": vision(t.Dinov2ForImageClassification, t.Dinov2Config, num_labels=5, hidden_act="gelu_new"),
    "t5": t5(t.T5ForConditionalGeneration, decoder_start_token_id=0),
    "t5_gated_untied": t5(t.T5ForConditionalGeneration, untie=True, feed_forward_proj="gated-gelu", tie_word_embeddings=False,
                          num_decoder_layers=1, d_kv=6),
    "t5_gated_silu": t5(t.T5ForConditionalGeneration, feed_forward_proj="gated-silu", relative_attention_num_buckets=8,
                        relative_attention_max_distance=6),
    "t5_encoder": t5(t.T5EncoderModel, target=False, relative_attention_num_buckets=6, relative_attention_max_distance=5),
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


def key(name, parameter, saved):
    """The name of a parameter in the file, in which some have older names and tied ones have one of several."""
    return name if name in saved else next(k for k, v in saved.items() if torch.equal(v, parameter))


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
    saved = load_file(folder / "model.safetensors")
    tensors |= {f"grad.{key(k, p, saved)}": p.grad for k, p in model.named_parameters() if p.grad is not None}
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "expected.safetensors")
    print(name, sum(p.numel() for p in model.parameters()), sorted(outputs), flush=True)


def main():
    root = pathlib.Path(sys.argv[1])
    for name, make in FAMILIES.items():
        if not sys.argv[2:] or name in sys.argv[2:]:
            record(name, make, root / name)


if __name__ == "__main__":
    main()
