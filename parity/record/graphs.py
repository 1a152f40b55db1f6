"""Exports models of PyTorch, torchvision and transformers as programs, with their inputs, outputs and gradients.

NAME.pt2 is the program, as torch.export.save writes it. NAME.safetensors holds input.N (the call's positional inputs), output.N
(the tensor leaves of the result, in order) and grad.KEY for some parameters: the gradient of the sum, over the outputs, of the
mean of their squares as float32.

usage: python3 parity/record/graphs.py [FOLDER [NAME ...]]     default FOLDER: export/src/test/resources/graphs
"""
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch import nn
from torch.export import Dim, export, save
from torch.nn import functional as F

warnings.filterwarnings("ignore")
MODELS = {}


def model(make):
    MODELS[make.__name__] = make
    return make


class Pick(nn.Module):
    """Calls a model of transformers and returns one of its outputs."""

    def __init__(self, model, key="last_hidden_state", names=()):
        super().__init__()
        self.model, self.key, self.names = model, key, names

    def forward(self, *xs):
        if self.names:
            return self.model(**dict(zip(self.names, xs)))[self.key]
        return self.model(*xs)[self.key]


def ids(*shape, high=99):
    return torch.randint(0, high, shape)


# --- dynamic sizes ---------------------------------------------------------------------------------------------------


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.norm, self.fc2 = nn.Linear(8, 16), nn.LayerNorm(16), nn.Linear(16, 4)

    def forward(self, x):
        return self.fc2(F.gelu(self.norm(self.fc1(x))))


@model
def dynamic_batch():
    return Mlp(), (torch.randn(3, 8),), {"x": {0: Dim("batch", min=1, max=64)}}


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, dropout=0.0)
        self.head = nn.Linear(16, 3)

    def forward(self, tokens):
        n = tokens.shape[1]
        positions = torch.arange(n).unsqueeze(0).expand(tokens.shape[0], -1)
        h = self.embed(tokens) + positions.unsqueeze(-1) / n
        return self.head(self.layer(h)), h.mean(1)


@model
def dynamic_sequence():
    return Encoder(), (ids(2, 7, high=50),), {"tokens": {0: Dim("batch", max=16), 1: Dim("length", min=2, max=32)}}


class Windows(nn.Module):
    def forward(self, x):
        half = x.shape[1] // 2
        first, second = x[:, :half], x[:, half:]
        return torch.cat([second, first], 1).reshape(x.shape[0] * 2, half), x.unfold(1, 4, 2), x.new_ones(half + 1)


@model
def dynamic_arithmetic():
    return Windows(), (torch.randn(3, 8),), {"x": {1: 2 * Dim("half", min=2, max=50)}}


class Counted(nn.Module):
    def forward(self, x):
        kept = x[x > 0]
        return kept * 2, kept.sum(), x.nonzero()


@model
def sizes_from_values():
    return Counted(), (torch.randn(4, 5),), None


# --- control flow ----------------------------------------------------------------------------------------------------


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        y = torch.cond(x.sum() > 0, lambda v: self.a(v).relu(), lambda v: self.b(v).tanh(), (x,))
        return torch.cond(y.shape[0] > 2, lambda v: v + 1, lambda v: v - 1, (y,))


@model
def cond():
    return Branches(), (torch.randn(3, 4).abs(),), {"x": {0: Dim("n", min=1, max=9)}}


@model
def cond_false():
    return Branches(), (-torch.randn(3, 4).abs(),), None


class Loop(nn.Module):
    def forward(self, x):
        from torch._higher_order_ops.while_loop import while_loop
        return while_loop(lambda i, v: i < 5, lambda i, v: (i + 1, v * 1.5 + i), (torch.tensor(0), x))


@model
def while_loop():
    return Loop(), (torch.randn(3),), None


class Mapped(nn.Module):
    def forward(self, xs, y):
        from torch._higher_order_ops.map import map as map_
        return map_(lambda x, v: (x * v + 1).cumsum(0), xs, y)


@model
def mapped():
    return Mapped(), (torch.randn(4, 3), torch.randn(3)), None


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.frozen, self.head = nn.Linear(6, 6), nn.Linear(6, 2)

    def forward(self, x):
        with torch.no_grad():
            h = self.frozen(x).relu()
        return self.head(h)


@model
def no_grad_part():
    return Frozen(), (torch.randn(2, 6),), None


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = self.fc1(x).relu()
        return self.fc2(h.float())


@model
def autocast_part():
    return Mixed(), (torch.randn(4, 8),), None


# --- states and modes ------------------------------------------------------------------------------------------------


class Trained(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn, self.fc = nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6), nn.Linear(6, 2)

    def forward(self, x):
        return self.fc(F.relu(self.bn(self.conv(x))).mean((2, 3)))


@model
def training_mode():
    return Trained().train(), (torch.randn(4, 3, 8, 8),), None


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))
        self.register_buffer("scratch", torch.ones(3), persistent=False)
        self.shift = torch.tensor([0.5, -0.5, 1.5])

    def forward(self, x):
        self.calls.add_(1)
        return x * self.scratch + self.shift + self.calls


@model
def mutated_buffer():
    return Counter(), (torch.randn(2, 3),), None


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(20, 8), nn.Linear(8, 20, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens):
        return self.head(self.embed(tokens).tanh())


@model
def tied_weights():
    return Tied(), (ids(2, 5, high=20),), None


class Nested(nn.Module):
    def forward(self, x, y):
        return {"sum": x + y, "parts": (x - y, [x * y, None]), "count": x.shape[0]}, torch.stack([x, y])


@model
def nested_outputs():
    return Nested(), (torch.randn(2, 3), torch.randn(2, 3)), None


@model
def bfloat16():
    return Mlp().bfloat16(), (torch.randn(3, 8).bfloat16(),), None


@model
def float16():
    return Mlp().half(), (torch.randn(3, 8).half(),), None


@model
def float64():
    return Mlp().double(), (torch.randn(3, 8).double(),), None


class Spectrum(nn.Module):
    def forward(self, x):
        s = torch.fft.rfft(x)
        return s.abs(), torch.view_as_real(s * s.conj()), torch.fft.irfft(s)


@model
def complex_numbers():
    return Spectrum(), (torch.randn(3, 16),), None


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Sequential(
            nn.ConvTranspose2d(4, 8, 4, 2, 1), nn.InstanceNorm2d(8, affine=True), nn.LeakyReLU(0.2), nn.PixelShuffle(2),
            nn.Conv2d(2, 3, 3, padding=1, padding_mode="reflect"), nn.Upsample(scale_factor=2, mode="bilinear"), nn.Tanh())

    def forward(self, z):
        return self.up(z)


@model
def image_generator():
    return Generator(), (torch.randn(2, 4, 5, 5),), None


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 6, 2, batch_first=True, bidirectional=True)
        self.rnn = nn.RNN(12, 4)
        self.attention = nn.MultiheadAttention(4, 2)

    def forward(self, x):
        h, last = self.gru(x)
        y, _ = self.rnn(h.transpose(0, 1))
        a, w = self.attention(y, y, y)
        return a, w, last


@model
def recurrent():
    return Recurrent(), (torch.randn(2, 6, 5),), None


class Indexing(nn.Module):
    def forward(self, x, i):
        y = x.clone()
        y[:, 1] = 0
        y[i, 0] += 1
        picked = x[torch.arange(x.shape[0]), i]
        return y, picked, x.scatter_add(1, i.unsqueeze(1), x[:, :1]), x.topk(2)[0], x.sort(dim=1)[0], torch.where(x > 0, x, 0.0)


@model
def indexing():
    return Indexing(), (torch.randn(4, 5), torch.tensor([3, 0, 1, 2])), None


# --- torchvision -----------------------------------------------------------------------------------------------------


@model
def tv_shufflenet_x1():
    import torchvision
    return torchvision.models.ShuffleNetV2([1, 1, 1], [8, 16, 32, 64, 32], num_classes=5), (torch.randn(2, 3, 32, 32),), None


@model
def tv_resnet():
    from torchvision.models.resnet import BasicBlock
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), BasicBlock(8, 8), BasicBlock(8, 8), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(8, 5)), (torch.randn(2, 3, 16, 16),), None


class Detector(nn.Module):
    """Boxes, their suppression, and features of the regions."""

    def __init__(self):
        super().__init__()
        self.conv, self.head = nn.Conv2d(3, 4, 3, padding=1), nn.Linear(4 * 9, 5)

    def forward(self, image, boxes, scores):
        import torchvision
        kept = torchvision.ops.nms(boxes, scores, 0.5)
        features = self.conv(image)
        regions = torchvision.ops.roi_align(features, [boxes], (3, 3), spatial_scale=1.0, sampling_ratio=2, aligned=True)
        return kept, self.head(regions.flatten(1))


@model
def detection_head():
    corner = torch.rand(12, 2) * 16
    return Detector(), (torch.randn(1, 3, 24, 24), torch.cat([corner, corner + 2 + torch.rand(12, 2) * 8], 1), torch.rand(12)), None


class FineRegions(nn.Module):
    def forward(self, image, boxes):
        import torchvision
        return torchvision.ops.roi_align(image, boxes, (2, 3), spatial_scale=0.5)


@model
def regions_adaptive():
    boxes = torch.tensor([[0, 1.0, 2.0, 30.0, 27.0], [1, -3.0, 4.0, 20.0, 44.0], [0, 5.0, 5.0, 5.5, 5.5]])
    return FineRegions(), (torch.randn(2, 3, 20, 20, requires_grad=False), boxes), None


# --- transformers ----------------------------------------------------------------------------------------------------


def hf(name, config, key="last_hidden_state", names=(), inputs=None, **options):
    import transformers
    settings = getattr(transformers, config)(**options)
    made = getattr(transformers, name)(settings)
    return Pick(made, key, names), inputs or (ids(2, 8),), None


SMALL = dict(vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48)


@model
def roberta():
    return hf("RobertaModel", "RobertaConfig", names=("input_ids", "attention_mask"),
              inputs=(ids(2, 8), torch.tensor([[1] * 8, [1] * 5 + [0] * 3])), **SMALL)


@model
def electra():
    return hf("ElectraModel", "ElectraConfig", embedding_size=16, **SMALL)


@model
def mpnet():
    return hf("MPNetModel", "MPNetConfig", **SMALL)


@model
def albert():
    return hf("AlbertModel", "AlbertConfig", embedding_size=16, **SMALL)


@model
def deberta():
    return hf("DebertaV2Model", "DebertaV2Config", relative_attention=True, pos_att_type=["p2c", "c2p"], **SMALL)


@model
def mistral():
    return hf("MistralModel", "MistralConfig", num_key_value_heads=2, sliding_window=4, use_cache=False, **SMALL)


@model
def phi():
    return hf("PhiModel", "PhiConfig", use_cache=False, **SMALL)


@model
def qwen3():
    return hf("Qwen3Model", "Qwen3Config", num_key_value_heads=2, head_dim=8, use_cache=False, **SMALL)


@model
def opt():
    return hf("OPTModel", "OPTConfig", vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, ffn_dim=48,
              word_embed_proj_dim=32, use_cache=False)


@model
def bart_encoder():
    import transformers
    made = transformers.BartModel(transformers.BartConfig(
        vocab_size=99, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=48, decoder_ffn_dim=48, use_cache=False))
    return Pick(made.get_encoder()), (ids(2, 8),), None


@model
def clip_text():
    return hf("CLIPTextModel", "CLIPTextConfig", eos_token_id=98, bos_token_id=97, pad_token_id=1, **SMALL)


@model
def dinov2():
    return hf("Dinov2Model", "Dinov2Config", inputs=(torch.randn(1, 3, 32, 32),), image_size=32, patch_size=8, hidden_size=32,
              num_hidden_layers=2, num_attention_heads=4, mlp_ratio=2)


@model
def deit():
    made, *rest = hf("DeiTModel", "DeiTConfig", inputs=(torch.randn(1, 3, 32, 32),), image_size=32, patch_size=8, hidden_size=32,
                     num_hidden_layers=2, num_attention_heads=4, intermediate_size=48)
    # with tokens of zero and a normalized output, rounding alone would decide the gradients
    for parameter in made.parameters():
        parameter.data.add_(torch.randn_like(parameter) * 0.2)
    return made, *rest


@model
def gpt_neox():
    return hf("GPTNeoXModel", "GPTNeoXConfig", use_cache=False, **SMALL)


@model
def t5():
    import transformers
    made = transformers.T5Model(transformers.T5Config(vocab_size=99, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4,
                                                      use_cache=False))
    return Pick(made, names=("input_ids", "decoder_input_ids")), (ids(2, 8), ids(2, 5)), None


def leaves(value):
    return [leaf for leaf in torch.utils._pytree.tree_leaves(value) if isinstance(leaf, torch.Tensor)]


def record(folder, name):
    torch.manual_seed(0)
    made, inputs, dynamic = MODELS[name]()
    if name not in ("training_mode",):
        made = made.eval()
    program = export(made, inputs, dynamic_shapes=dynamic)
    save(program, f"{folder}/{name}.pt2")
    module = program.module()
    kept = {f"input.{i}": x.clone().contiguous() for i, x in enumerate(inputs)}
    results = leaves(module(*inputs))
    for i, x in enumerate(results):
        x = torch.view_as_real(x) if x.is_complex() else x
        kept[f"output.{i}"] = x.detach().clone().contiguous()
    loss = [x.float().square().mean() for x in results if x.is_floating_point() and x.requires_grad]
    if loss:
        sum(loss).backward()
        for key, parameter in list(module.named_parameters())[:12]:
            if parameter.grad is not None:
                kept[f"grad.{key}"] = parameter.grad.clone().contiguous()
    save_file(kept, f"{folder}/{name}.safetensors")
    print(name, len(program.graph.nodes), "nodes", flush=True)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "export/src/test/resources/graphs"
    failed = 0
    for name in sys.argv[2:] or MODELS:
        try:
            record(folder, name)
        except Exception as e:
            failed += 1
            print(name, "NOT EXPORTED", type(e).__name__, str(e).strip().split("\n")[0], flush=True)
    print(f"{failed} not exported")


if __name__ == "__main__":
    main()
