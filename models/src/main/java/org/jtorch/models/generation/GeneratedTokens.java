package org.jtorch.models.generation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.models.decoder.GenerationState;
import org.jtorch.models.decoder.GenerativeModel;

/**
 * The new tokens of texts, computed when they are asked for: each step gives one token of each text. What the texts begin with is not
 * given: neither the prompts, nor the token with which the decoder of an encoder and decoder starts. A text that ended gives the token
 * that pads. It holds the model's cache until it is closed, and one thread at a time may use it.
 */
public final class GeneratedTokens implements Iterator<long[]>, AutoCloseable {

    private final GenerationOptions options;
    private final List<LogitsFilter> filters;
    private final GenerationState state;
    private final boolean[] ended;
    private final List<List<Long>> made = new ArrayList<>();
    private final TensorOptions ids;

    /** What the texts begin with and what was generated, (N, tokens), int64. */
    private Tensor all;

    private Tensor next;
    private long count;
    private boolean closed;

    GeneratedTokens(GenerativeModel<?, ?, ?> model, Tensor inputIds, @Nullable Tensor mask, GenerationOptions options) {
        this.options = options;
        ended = new boolean[Math.toIntExact(inputIds.size(0))];
        for (int i = 0; i < ended.length; i++) {
            made.add(new ArrayList<>());
        }
        ids = TensorOptions.of(DType.INT64).device(inputIds.device());
        try (GradMode mode = Autograd.inferenceMode();
                TensorScope scope = new TensorScope()) {
            state = Generation.newState(model, inputIds, mask, options);
            all = Generation.beginning(model, inputIds, options).clone().unscoped();
        }
        next = all;
        filters = options.allFilters(all.size(1));
    }

    /** Returns whether a text has not ended. */
    @Override
    public boolean hasNext() {
        return !closed && count < options.maxNewTokens && !areAllEnded();
    }

    /**
     * Computes the next token of each text.
     *
     * @throws NoSuchElementException if all texts have ended
     */
    @Override
    public long[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException(closed ? "the generation was closed" : "all texts have ended");
        }
        long[] tokens;
        try (GradMode mode = Autograd.inferenceMode();
                TensorScope scope = new TensorScope()) {
            tokens = choose(LogitsFilters.applyAll(filters, all, state.add(next)));
            for (int i = 0; i < ended.length; i++) {
                if (ended[i]) {
                    tokens[i] = options.pad();
                } else {
                    made.get(i).add(tokens[i]);
                    ended[i] = options.ends(tokens[i]) || isStopped(made.get(i));
                }
            }
            Tensor column = Torch.tensor(tokens, ids).unsqueeze(1);
            Tensor longer = Torch.cat(List.of(all, column), 1).unscoped();
            if (next != all) {
                next.close();
            }
            all.close();
            all = longer;
            next = column.unscoped();
        }
        count++;
        long[] copy = tokens.clone();
        options.listeners.forEach(listener -> listener.accept(copy.clone()));
        return tokens;
    }

    /** Ends a text, so that it gives the token that pads from now on. */
    public void end(int text) {
        ended[text] = true;
    }

    /** Returns whether the model or a condition has ended a text; one that only became too long has not ended. */
    public boolean hasEnded(int text) {
        return ended[text];
    }

    /** Returns what the texts begin with and what was generated so far, (N, tokens), int64. */
    Tensor all() {
        return all;
    }

    private long[] choose(Tensor scores) {
        Tensor chosen = !options.doSample
                ? scores.argmax(-1L, false)
                : options.generator == null
                        ? scores.softmax(-1).multinomial(1).squeeze(1)
                        : scores.softmax(-1)
                                .multinomial(1, false, options.generator)
                                .squeeze(1);
        return chosen.toLongArray();
    }

    private boolean isStopped(List<Long> tokens) {
        if (options.stops.isEmpty()) {
            return false;
        }
        long[] array = tokens.stream().mapToLong(Long::longValue).toArray();
        return options.stops.stream().anyMatch(stop -> stop.test(array));
    }

    private boolean areAllEnded() {
        for (boolean each : ended) {
            if (!each) {
                return false;
            }
        }
        return true;
    }

    /** Frees the cache. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        state.close();
        if (next != all) {
            next.close();
        }
        all.close();
    }
}
