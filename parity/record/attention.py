"""Records what the tests of attention and transformers compare with. Usage: in the repository's root, with PyTorch: python3 parity/record/attention.py"""

import os
import warnings

import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
OUT = "nn/src/test/resources/org/jtorch/nn"
os.makedirs(OUT, exist_ok=True)


def write(name, entries):
    """Entries under their expressions: a line '## expression', then the text."""
    with open(f"{OUT}/{name}", "w", encoding="utf-8") as out:
        for key, text in entries:
            out.write(f"## {key}\n{text}\n")


# --- errors -------------------------------------------------------------------------------------------------

z = torch.zeros
ERRORS = """
nn.MultiheadAttention(0, 1)
nn.MultiheadAttention(4, 0)
nn.MultiheadAttention(4, 3)
nn.MultiheadAttention(4, 2)(z(4), z(4), z(4))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 4), z(3, 4))
nn.MultiheadAttention(4, 2)(z(3, 4), z(3, 1, 4), z(3, 1, 4))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), key_padding_mask=z(3))
nn.MultiheadAttention(4, 2)(z(3, 4), z(3, 4), z(3, 4), key_padding_mask=z(1, 3))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), attn_mask=z(3))
nn.MultiheadAttention(4, 2)(z(3, 4), z(3, 4), z(3, 4), attn_mask=z(1, 3, 3))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), attn_mask=z(2, 3))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), attn_mask=z(1, 3, 3))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), key_padding_mask=z(2, 3))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), key_padding_mask=z(1, 2))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), attn_mask=z(3, 3).long())
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), is_causal=True)
nn.MultiheadAttention(4, 2)(z(3, 1, 6), z(3, 1, 6), z(3, 1, 6))
nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(2, 1, 4))
nn.MultiheadAttention(4, 2, kdim=3)(z(3, 1, 4), z(3, 1, 3), z(2, 1, 4))
nn.MultiheadAttention(4, 2, kdim=3)(z(3, 1, 4), z(3, 1, 5), z(3, 1, 4))
F.multi_head_attention_forward(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), 4, 2, None, None, None, None, False, 0.0, z(4, 4), None)
F.multi_head_attention_forward(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), 4, 3, z(12, 4), None, None, None, False, 0.0, z(4, 4), None)
F.multi_head_attention_forward(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), 4, 2, z(12, 4), None, z(1, 1, 4), None, False, 0.0, z(4, 4), None)
F.multi_head_attention_forward(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), 4, 2, z(12, 4), None, None, None, False, 0.0, z(4, 4), None, static_k=z(3, 3, 2))
nn.TransformerEncoderLayer(4, 2, activation='tanh')
nn.Transformer(4, 2, 1, 1, 4)(z(3, 1, 4), z(3, 2, 4))
nn.Transformer(4, 2, 1, 1, 4)(z(3, 1, 6), z(3, 1, 4))
""".strip().splitlines()


def error(expression):
    try:
        eval(expression)
    except Exception as e:
        return str(e)
    raise AssertionError(f"{expression} raised nothing")


write("attention_errors.txt", [(e, error(e)) for e in ERRORS])

# --- values, all from manual_seed(3): modules first, then their inputs -----------------------------------------

BEHIND = torch.tensor([[0, 0, 0, 0, 0], [0, 0, 0, 1, 1]]).bool()
BEFORE = torch.tensor([[0, 0, 0, 0, 0], [1, 0, 0, 0, 1]]).bool()
CAUSAL = torch.ones(5, 5).triu(1).bool()


def layer(**kwargs):
    return nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, **kwargs)


def encoder(**kwargs):
    return nn.TransformerEncoder(layer(), 2, norm=nn.LayerNorm(8), **kwargs).eval()


def src():
    return torch.randn(2, 5, 8)


def self_attention(m, **kwargs):
    x = src()
    return m(x, x, x, **kwargs)


def static(k, v):
    x = torch.randn(3, 2, 4)
    w, o = torch.randn(12, 4), torch.randn(4, 4)
    return F.multi_head_attention_forward(x, x, x, 4, 2, w, None, None, None, True, 0.0, o, None, static_k=k(), static_v=v())


VALUES = {
    "encoder": lambda: encoder()(src()),
    "encoder, padding behind": lambda: encoder()(src(), src_key_padding_mask=BEHIND),
    "encoder, padding before": lambda: encoder()(src(), src_key_padding_mask=BEFORE),
    "encoder, causal": lambda: encoder()(src(), mask=CAUSAL),
    "encoder, causal and padding": lambda: encoder()(src(), mask=CAUSAL, src_key_padding_mask=BEHIND),
    "encoder, padding behind, no nested tensors": lambda: encoder(enable_nested_tensor=False)(src(), src_key_padding_mask=BEHIND),
    "encoder layer, gelu, norm first": lambda: layer(activation="gelu", norm_first=True).eval()(src()),
    "encoder layer, bool masks": lambda: layer().eval()(src(), src_mask=CAUSAL, src_key_padding_mask=BEHIND),
    "encoder layer in training": lambda: layer()(src()),
    "attention": lambda: self_attention(nn.MultiheadAttention(8, 2, batch_first=True).eval()),
    "attention, weights of each head": lambda: self_attention(nn.MultiheadAttention(8, 2, batch_first=True).eval(), average_attn_weights=False, attn_mask=CAUSAL),
    "attention, padding": lambda: self_attention(nn.MultiheadAttention(8, 2, batch_first=True).eval(), key_padding_mask=BEHIND),
    "attention, both masks": lambda: self_attention(nn.MultiheadAttention(8, 4, batch_first=True).eval(), key_padding_mask=BEHIND, attn_mask=CAUSAL.repeat(8, 1, 1)),
    "attention, dropout": lambda: self_attention(nn.MultiheadAttention(8, 2, dropout=0.5, batch_first=True)),
    "attention, static keys and values": lambda: static(lambda: torch.randn(4, 5, 2), lambda: torch.randn(4, 5, 2)),
    "scaled dot product": lambda: F.scaled_dot_product_attention(torch.randn(2, 4, 3, 8), torch.randn(2, 4, 5, 8), torch.randn(2, 4, 5, 6)),
    "scaled dot product, bool mask": lambda: F.scaled_dot_product_attention(torch.randn(2, 5, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 8), attn_mask=~CAUSAL),
    "scaled dot product, causal, scaled": lambda: F.scaled_dot_product_attention(torch.randn(2, 5, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 8), is_causal=True, scale=0.3),
    "scaled dot product, groups": lambda: F.scaled_dot_product_attention(torch.randn(1, 4, 3, 8), torch.randn(1, 2, 3, 8), torch.randn(1, 2, 3, 8), enable_gqa=True),
    "scaled dot product, dropout": lambda: F.scaled_dot_product_attention(torch.randn(2, 5, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 8), dropout_p=0.5),
    "transformer, causal": lambda: nn.Transformer(8, 2, 1, 1, 16, batch_first=True).eval()(src(), src(), tgt_mask=nn.Transformer.generate_square_subsequent_mask(5)),
}


def shown(value):
    if value is None:
        return "None"
    return f"{list(value.shape)} " + " ".join(repr(v) for v in value.flatten().tolist())


def value(case):
    torch.manual_seed(3)
    with torch.no_grad():
        result = case()
    return "\n".join(shown(v) for v in (result if isinstance(result, tuple) else (result,)))


write("attention_values.txt", [(k, value(case)) for k, case in VALUES.items()])
