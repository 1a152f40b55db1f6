package org.jtorch.tools;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.OpRecorder.RecordedOp;
import org.jtorch.Tensor;

/**
 * Counts the multiplications of an op, each with its addition, from its ATen name and the shapes of its arguments.
 *
 * <p>It counts products of matrices and vectors in all their forms (linear, bilinear, convolution, attention, recurrent
 * networks, einsum), and one multiply-add for each element that is normalized: {@code a x + b}. Biases and elementwise
 * operations such as activations, pooling and sums are not counted.
 */
final class MultiplyAdds {

    private static final String NAMESPACE = "aten::";

    private MultiplyAdds() {}

    /** Returns the multiply-adds of an op that ran; 0 if it multiplies no matrices. */
    static long of(RecordedOp op) {
        List<@Nullable Object> a = op.arguments();
        return switch (name(op)) {
            case "linear" -> tensor(a, 0).numel() * tensor(a, 1).numel() / Math.max(1, last(tensor(a, 1)));
            case "bilinear" -> bilinear(tensor(a, 1), tensor(a, 2));
            case "mm", "bmm", "matmul", "mv", "dot", "vdot", "inner" ->
                result(op).numel() * last(tensor(a, 0));
            case "addmm", "baddbmm", "addmv" -> result(op).numel() * last(tensor(a, 1));
            case "addbmm" -> tensor(a, 1).numel() * last(tensor(a, 2));
            case "outer", "addr" -> result(op).numel();
            case "tensordot" -> result(op).numel() * sizes(tensor(a, 0), a.get(2));
            case "einsum" -> EinsumCost.of((String) argument(a, 0), tensors(a.get(1)));
            case "conv1d", "conv2d", "conv3d" -> result(op).numel() * perFilter(tensor(a, 1));
            case "conv_transpose1d", "conv_transpose2d", "conv_transpose3d" ->
                tensor(a, 0).numel() * perFilter(tensor(a, 1));
            case "scaled_dot_product_attention" -> attention(tensor(a, 0), tensor(a, 1), tensor(a, 2));
            case "_native_multi_head_attention" ->
                selfAttention(tensor(a, 0), tensor(a, 5))
                        + rows(tensor(a, 0), tensor(a, 5)) * tensor(a, 7).numel();
            case "_transformer_encoder_layer_fwd" -> encoderLayer(a);
            case "lstm", "gru", "rnn_tanh", "rnn_relu" -> recurrent(tensor(a, 0), weights(a));
            case "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell" ->
                recurrent(tensor(a, 0), List.of(tensor(a, 2), tensor(a, 3)));
            case "batch_norm", "instance_norm", "layer_norm", "group_norm", "rms_norm" ->
                tensor(a, 0).numel();
            default -> 0;
        };
    }

    /** Returns the name without the namespace, and without the underscore of an in-place form. */
    private static String name(RecordedOp op) {
        String name = op.operator();
        int from = name.startsWith(NAMESPACE) ? NAMESPACE.length() : 0;
        int to = name.endsWith("_") ? name.length() - 1 : name.length();
        return name.substring(from, to);
    }

    /** Counts {@code x1 A_k} for each matrix of the weight, (out, in1, in2), and its product with {@code x2}. */
    private static long bilinear(Tensor x2, Tensor weight) {
        long rows = x2.numel() / Math.max(1, last(x2));
        return rows * (weight.numel() + weight.size(0) * weight.size(2));
    }

    /** Returns the cost of one element of a filter's output or, if it is transposed, of its input. */
    private static long perFilter(Tensor weight) {
        return weight.numel() / Math.max(1, weight.size(0));
    }

    /** Counts {@code q k^T} and its product with v, for q (…, L, E), k (…, S, E), v (…, S, Ev). */
    private static long attention(Tensor q, Tensor k, Tensor v) {
        return q.numel() * k.size(-2) + q.numel() / Math.max(1, last(q)) * k.size(-2) * last(v);
    }

    /**
     * Counts the projections by {@code weight}, (3 E, E), then the scores and the weighted sums, for x (N, L, E), which may be
     * nested.
     */
    private static long selfAttention(Tensor x, Tensor weight) {
        long rows = rows(x, weight);
        long length = rows / Math.max(1, x.size(0));
        return rows * weight.numel() + 2 * rows * length * last(weight);
    }

    /** Counts attention, its projection, two linear maps and two normalizations. */
    private static long encoderLayer(List<@Nullable Object> a) {
        Tensor x = tensor(a, 0);
        Tensor weight = tensor(a, 3);
        long others =
                tensor(a, 5).numel() + tensor(a, 14).numel() + tensor(a, 16).numel();
        return selfAttention(x, weight) + rows(x, weight) * others + 2 * x.numel();
    }

    private static long rows(Tensor x, Tensor weight) {
        return x.numel() / Math.max(1, last(weight));
    }

    /** Counts every matrix for every step of every sequence, for the input (…, in), which may be packed. */
    private static long recurrent(Tensor input, List<Tensor> parameters) {
        long steps = input.numel() / Math.max(1, last(input));
        long weights = 0;
        for (Tensor parameter : parameters) {
            weights += parameter.dim() == 2 ? parameter.numel() : 0;
        }
        return steps * weights;
    }

    /** Returns the last list among the arguments, which holds the parameters of a recurrent network. */
    private static List<Tensor> weights(List<@Nullable Object> arguments) {
        for (int i = arguments.size() - 1; i >= 0; i--) {
            if (arguments.get(i) instanceof List<?> list) {
                return tensors(list);
            }
        }
        throw new IllegalArgumentException("no list of parameters among " + arguments.size() + " arguments");
    }

    private static long sizes(Tensor tensor, @Nullable Object dims) {
        long product = 1;
        if (dims instanceof long[] array) {
            for (long dim : array) {
                product *= tensor.size(dim);
            }
        } else if (dims instanceof List<?> list) {
            for (Object dim : list) {
                product *= tensor.size(((Number) dim).longValue());
            }
        }
        return product;
    }

    private static List<Tensor> tensors(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(Tensor.class::cast).toList();
    }

    private static long last(Tensor tensor) {
        return tensor.dim() == 0 ? 1 : tensor.size(-1);
    }

    private static Tensor tensor(List<@Nullable Object> arguments, int index) {
        return (Tensor) argument(arguments, index);
    }

    private static Object argument(List<@Nullable Object> arguments, int index) {
        Object argument = arguments.get(index);
        if (argument == null) {
            throw new IllegalArgumentException("argument " + index + " is null");
        }
        return argument;
    }

    /** Returns the result, or the first of several results. */
    private static Tensor result(RecordedOp op) {
        Object result = op.result();
        if (result instanceof List<?> list && !list.isEmpty()) {
            result = list.get(0);
        }
        if (result instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException(op.operator() + " gave no tensor");
    }
}
