package org.jtorch.models.generation;

import java.util.Arrays;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * The usual filters, which compute what those of {@code transformers} compute.
 *
 * @see <a href="https://huggingface.co/docs/transformers/internal/generation_utils">transformers' logits processors</a>
 */
public final class LogitsFilters {

    private LogitsFilters() {}

    /** Divides the scores: a temperature above 1 makes rare tokens likelier, one below 1 makes them rarer. */
    public static LogitsFilter temperature(double temperature) {
        require(temperature > 0, "temperature", temperature, "greater than 0; for the likeliest token, do not sample");
        return (ids, scores) -> scores.div(temperature);
    }

    /** Keeps the {@code k} likeliest tokens, and those that are as likely as the last of them. */
    public static LogitsFilter topK(long k) {
        require(k > 0, "topK", k, "greater than 0");
        return (ids, scores) -> {
            Tensor least =
                    scores.topk(Math.min(k, scores.size(-1))).values().narrow(-1, Math.min(k, scores.size(-1)) - 1, 1);
            return remove(scores, scores.lt(least));
        };
    }

    /** Keeps the likeliest tokens that have a probability of {@code p} together, and at least one. */
    public static LogitsFilter topP(double p) {
        require(p >= 0 && p <= 1, "topP", p, "from 0 to 1");
        return (ids, scores) -> {
            var sorted = scores.sort(-1, false);
            Tensor rare = sorted.values().softmax(-1).cumsum(-1).le(1 - p);
            long last = scores.size(-1) - 1;
            Tensor kept = rare.clone();
            kept.narrow(-1, last, 1).fill_(0);
            return remove(scores, kept.scatter(1, sorted.indices(), kept));
        };
    }

    /** Keeps the tokens that are at least {@code p} times as likely as the likeliest one. */
    public static LogitsFilter minP(double p) {
        require(p >= 0 && p <= 1, "minP", p, "from 0 to 1");
        return (ids, scores) -> {
            Tensor probabilities = scores.softmax(-1);
            Tensor least = probabilities.amax(new long[] {-1}, true).mul(p);
            return remove(scores, probabilities.lt(least));
        };
    }

    /** Makes tokens that were there less likely: positive scores are divided, and negative ones multiplied. */
    public static LogitsFilter repetitionPenalty(double penalty) {
        require(penalty > 0, "repetitionPenalty", penalty, "greater than 0; 1 changes nothing");
        return (ids, scores) -> {
            Tensor known = scores.gather(1, ids);
            return scores.scatter(1, ids, Torch.where(known.lt(0), known.mul(penalty), known.div(penalty)));
        };
    }

    /** Makes some tokens impossible. */
    public static LogitsFilter without(long... tokens) {
        long[] copy = tokens.clone();
        return (ids, scores) -> {
            Tensor indices = Torch.tensor(copy, TensorOptions.of(DType.INT64).device(scores.device()));
            return scores.indexFill(-1, indices, Double.NEGATIVE_INFINITY);
        };
    }

    /** Applies filters one after another. */
    static Tensor applyAll(List<LogitsFilter> filters, Tensor ids, Tensor scores) {
        Tensor result = scores;
        for (LogitsFilter filter : filters) {
            result = filter.apply(ids, result);
        }
        return result;
    }

    private static Tensor remove(Tensor scores, Tensor condition) {
        return scores.maskedFill(condition, Double.NEGATIVE_INFINITY);
    }

    static void require(boolean condition, String name, Number value, String need) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is " + value + ", but it must be " + need);
        }
    }

    static long[] copy(long[] values) {
        return Arrays.copyOf(values, values.length);
    }
}
