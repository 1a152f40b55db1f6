"""Records what functions of torch.nn.functional give and say. Usage: in the repository's root, with PyTorch: python3 parity/record/functions.py"""

import math
import os

import torch
import torch.nn.functional as F

OUT = "nn/src/test/resources/org/jtorch/nn"
os.makedirs(OUT, exist_ok=True)


def x(*shape):
    """Numbers from -1.25 to 1.25 that are the same in every language."""
    return ((torch.arange(math.prod(shape), dtype=torch.float64) * 37 % 11 - 5) / 4).reshape(shape)


def i(*values):
    return torch.tensor(values)


def text(value):
    """The shape and the values; of a pair both."""
    if isinstance(value, tuple):
        return "\n".join(text(v) for v in value if v is not None)
    return " ".join([str(list(value.shape))] + [str(v) for v in value.detach().to(torch.float64).flatten().tolist()])


def write(name, entries):
    """Entries under their expressions: a line '## expression', then the text."""
    with open(f"{OUT}/{name}", "w", encoding="utf-8") as out:
        for key, entry in entries:
            out.write(f"## {key}\n{entry}\n")


# --- values, each under manual_seed(7): each expression is the test's key ----------------------------------------------

VALUES = """
F.conv_tbc(x(5, 2, 3), x(2, 3, 4), x(4))
F.conv_tbc(x(5, 2, 3), x(2, 3, 4), x(4), 1)
F.conv1d(x(2, 3, 5), x(4, 3, 2))
F.conv2d(x(1, 2, 3, 4), x(3, 2, 2, 2))
F.conv3d(x(1, 1, 3, 2, 4), x(2, 1, 2, 2, 2))
F.conv_transpose1d(x(2, 3, 3), x(3, 4, 2))
F.conv_transpose2d(x(1, 2, 2, 2), x(2, 3, 2, 2))
F.conv_transpose3d(x(1, 1, 2, 2, 2), x(1, 2, 2, 2, 2))
F.max_pool1d_with_indices(x(1, 2, 6), 2)
F.max_pool2d_with_indices(x(1, 2, 4, 4), 2)
F.max_pool3d_with_indices(x(1, 1, 4, 2, 4), 2)
F.max_unpool1d(*F.max_pool1d_with_indices(x(1, 2, 6), 2), 2)
F.max_unpool2d(*F.max_pool2d_with_indices(x(1, 2, 4, 4), 2), 2)
F.max_unpool3d(*F.max_pool3d_with_indices(x(1, 1, 4, 2, 4), 2), 2)
F.lp_pool1d(x(1, 2, 6).abs(), 3, 2)
F.lp_pool2d(x(1, 2, 4, 4).abs(), 1.5, 2)
F.lp_pool3d(x(1, 1, 4, 2, 4).abs(), 2, 2)
F.fractional_max_pool2d(x(1, 2, 6, 6), 2, output_size=(3, 4))
F.fractional_max_pool2d(x(1, 2, 6, 6), 2, output_ratio=(0.5, 0.5))
F.fractional_max_pool2d_with_indices(x(1, 2, 6, 6), 2, output_size=(3, 4))
F.fractional_max_pool2d_with_indices(x(1, 2, 6, 6), 2, output_ratio=(0.5, 0.5))
F.fractional_max_pool3d(x(1, 1, 4, 4, 5), 2, output_size=(2, 2, 3))
F.fractional_max_pool3d(x(1, 1, 4, 4, 5), 2, output_ratio=(0.5, 0.5, 0.5))
F.fractional_max_pool3d_with_indices(x(1, 1, 4, 4, 5), 2, output_size=(2, 2, 3))
F.fractional_max_pool3d_with_indices(x(1, 1, 4, 4, 5), 2, output_ratio=(0.5, 0.5, 0.5))
F.dropout(x(3, 4))
F.dropout1d(x(4, 2))
F.dropout1d(x(2, 4, 2), 0.3)
F.dropout2d(x(2, 4, 2, 1))
F.dropout2d(x(2, 4, 2, 1), 0.3)
F.dropout3d(x(4, 2, 1, 1))
F.dropout3d(x(4, 2, 1, 1), 0.3)
F.alpha_dropout(x(5))
F.alpha_dropout(x(5), 0.4, True)
F.feature_alpha_dropout(x(5))
F.feature_alpha_dropout(x(2, 3, 2), 0.4, True)
F.bilinear(x(3, 2), x(3, 4), x(2, 2, 4))
F.elu(x(11), 0.5)
F.celu(x(11), 0.5)
F.leaky_relu(x(11), 0.2)
F.hardtanh(x(11), -0.5, 0.75)
F.elu_(x(11))
F.celu_(x(11))
F.leaky_relu_(x(11))
F.hardtanh_(x(11))
F.rrelu_(x(11))
F.softmax(x(4))
F.softmax(x(2, 3))
F.softmax(x(2, 3, 2))
F.log_softmax(x(1, 2, 2, 2))
F.softmin(x(2, 3))
F.gumbel_softmax(x(3, 4))
F.gumbel_softmax(x(3, 4).t(), 0.5)
F.gumbel_softmax(x(3, 4), hard=True, dim=0)
F.embedding_bag(i([0, 1], [2, 0]), x(3, 2))
F.fold(x(1, 8, 4), (3, 3), 2)
F.one_hot(i(0, 2, 1))
F.pdist(x(4, 3))
F.interpolate(x(1, 2, 3), 5)
F.interpolate(x(1, 2, 3), scale_factor=2.5)
F.pad(x(2, 3), (1, 2), 'constant', 2.0)
F.soft_margin_loss(x(4), i(1, -1, 1, -1).double())
F.hinge_embedding_loss(x(4), i(1, -1, 1, -1).double())
F.multilabel_margin_loss(x(2, 4), i([3, 0, -1, 1], [1, -1, 0, 0]))
F.multilabel_soft_margin_loss(x(2, 3), i([1, 0, 1], [0, 0, 1]).double())
F.multi_margin_loss(x(2, 3), i(0, 2))
F.cosine_embedding_loss(x(2, 3), x(6).flip(0).reshape(2, 3), i(1, -1).double())
F.margin_ranking_loss(x(3), x(3).flip(0), i(1, -1, 1).double())
F.triplet_margin_loss(x(2, 3), x(6).flip(0).reshape(2, 3), x(3, 3)[1:])
F.triplet_margin_with_distance_loss(x(2, 3), x(6).flip(0).reshape(2, 3), x(3, 3)[1:])
F.ctc_loss(x(5, 2, 3).log_softmax(2), i([1, 2], [2, 1]), i(5, 4), i(2, 1))
F.gaussian_nll_loss(x(2, 3), x(2, 3) + 1, 0.5)
F.gaussian_nll_loss(x(2, 3), x(2, 3) + 1, 1e-9, True, 0.25, 'none')
F.multi_head_attention_forward(x(3, 1, 4), x(2, 1, 4), x(2, 1, 4), 4, 2, x(12, 4), x(12), None, None, False, 0.0, x(4, 4), x(4))
""".strip().splitlines()


def seeded(expression):
    torch.manual_seed(7)
    return text(eval(expression))


write("functions.txt", [(e, seeded(e)) for e in VALUES])

# --- errors ---------------------------------------------------------------------------------------------------------

ERRORS = """
F.fractional_max_pool2d(x(1, 1, 4, 4), 2)
F.fractional_max_pool3d(x(1, 1, 4, 4, 4), 2)
F.max_unpool2d(x(1, 1, 2, 2), torch.zeros(1, 1, 2, 2).long(), 2, output_size=(4, 4, 4))
F.max_unpool2d(x(1, 1, 2, 2), torch.zeros(1, 1, 2, 2).long(), 2, output_size=[4, 6])
F.max_unpool2d(x(1, 1, 2, 2), torch.zeros(1, 1, 2, 2).long(), 2, padding=3)
F.lp_pool1d(x(1, 1, 4), 0, 2)
F.lp_pool2d(x(1, 1, 4, 4), 0.0, 2)
F.lp_pool3d(x(1, 1, 4, 4, 4), 0.0, 2)
F.dropout(x(3), 1.5)
F.alpha_dropout(x(3), -0.1)
F.feature_alpha_dropout(x(3), 2.0)
F.dropout1d(x(3))
F.dropout2d(x(1, 2, 2, 2), 1.5)
F.dropout3d(x(1, 2, 2, 2, 2), -1.0)
F.glu(torch.tensor(1.0))
F.glu(x(3))
F.hardtanh(x(3), 1.0, -1.0)
F.embedding(i(0), x(2, 3), padding_idx=2)
F.embedding_bag(i([0, 1]), x(2, 3), per_sample_weights=x(2, 2))
F.embedding_bag(i(0, 1), x(2, 3, 1), i(0))
F.embedding_bag(i([0, 1]), x(2, 3), i(0))
F.embedding_bag(i(0, 1), x(2, 3))
F.embedding_bag(i(0, 1), x(2, 3), i([0]))
F.embedding_bag(i([[0, 1]]), x(2, 3))
F.embedding_bag(i([0, 1]), x(2, 3), mode='min')
F.embedding_bag(i([0, 1]), x(2, 3), mode='max', scale_grad_by_freq=True)
F.embedding_bag(i([0, 1]), x(2, 3), mode='max', sparse=True)
F.embedding_bag(i([0, 1]), x(2, 3), per_sample_weights=x(1, 2))
F.batch_norm(x(1, 3), None, None, training=True)
F.batch_norm(x(2, 3), x(3), x(3), eps=-1.0)
F.batch_norm(x(2, 3), None, None, training=True, eps=0.0)
F.instance_norm(x(2, 3, 1))
F.group_norm(x(3), 1)
F.group_norm(x(1, 2), 2)
F.group_norm(x(1, 3), 2)
F.local_response_norm(x(2, 3), 2)
F.layer_norm(x(2, 3), [2])
F.gaussian_nll_loss(x(2), x(2), i(1.0, -1.0))
F.gaussian_nll_loss(x(2), x(2), -0.5)
F.gaussian_nll_loss(x(2, 3), x(2, 3), torch.ones(3, 3))
F.binary_cross_entropy(x(2), x(3))
F.binary_cross_entropy_with_logits(x(2), x(3))
F.mse_loss(x(2), x(2), weight=x(3))
F.l1_loss(x(2), x(2), weight=x(3))
F.huber_loss(x(2), x(2), weight=x(3))
F.huber_loss(x(2), x(2), delta=0.0)
F.smooth_l1_loss(x(2), x(2), beta=-1.0)
F.margin_ranking_loss(x(2), x(2), x(2, 1))
F.multi_margin_loss(x(2, 3), i(0, 1), p=3)
F.multi_margin_loss(x(2, 3), i(0, 1), weight=x(1, 3))
F.triplet_margin_loss(x(2, 3), x(2, 3), x(2, 3), margin=0.0)
F.triplet_margin_with_distance_loss(x(2, 3), x(2, 3), x(2, 3), margin=-1.0)
F.triplet_margin_with_distance_loss(x(2, 3), x(3), x(2, 3))
F.nll_loss(x(2, 3), i(0))
F.nll_loss(x(2, 3), i(0, 3))
F.cross_entropy(x(2, 3), i(0, 1), weight=x(2))
F.cross_entropy(x(2, 3), i(0, 1), label_smoothing=1.5)
F.interpolate(x(1, 1, 4))
F.interpolate(x(1, 1, 4), 2, 2.0)
F.interpolate(x(1, 1, 4), (2, 2))
F.interpolate(x(1, 1, 4, 4), scale_factor=(2.0, 2.0, 2.0))
F.interpolate(x(1, 1, 4), 2, mode='nearest', align_corners=True)
F.interpolate(x(1, 1, 4), 2, recompute_scale_factor=True)
F.interpolate(x(1, 1, 4), 2, mode='bilinear')
F.interpolate(x(1, 1, 4, 4), 2, mode='linear')
F.interpolate(x(1, 1, 4, 4, 4), 2, mode='bilinear')
F.grid_sample(x(1, 1, 4, 4), x(1, 2, 2, 2), mode='linear')
F.grid_sample(x(1, 1, 4, 4), x(1, 2, 2, 2), padding_mode='zero')
F.affine_grid(torch.ones(1, 2, 3).long(), [1, 1, 2, 2])
F.affine_grid(x(1, 2, 3), [1, 1, 2])
F.affine_grid(x(1, 3, 4), [1, 1, 2, 2])
F.affine_grid(x(1, 2, 3), [1, 1, 2, 2, 2])
F.affine_grid(x(1, 2, 3), [1, 1, 0, 2])
F.one_hot(i(-1))
F.one_hot(i(3), 2)
F.pixel_shuffle(x(1, 3, 2, 2), 2)
F.pixel_unshuffle(x(1, 1, 3, 2), 2)
F.channel_shuffle(x(1, 3, 2, 2), 2)
F.conv_tbc(x(5, 2), x(2, 3, 4), x(4))
F.conv_tbc(x(5, 2, 3), x(2, 2, 4), x(4))
F.conv_tbc(x(5, 2, 3), x(2, 3, 4), x(3))
F.prelu(x(2, 3), x(2))
F.pad(x(2, 3), (1,))
F.pad(x(3), (1, 1), 'reflect')
F.pad(x(1, 1, 3), (3, 1), 'reflect')
F.pad(x(1, 1, 3), (4, 1), 'circular')
F.pad(x(1, 1, 3), (1, 1), 'reflect', 2.0)
""".strip().splitlines()


def error(expression):
    try:
        eval(expression)
    except Exception as e:
        return str(e).splitlines()[0]
    raise AssertionError(f"{expression} raised nothing")


write("function_errors.txt", [(e, error(e)) for e in ERRORS])
