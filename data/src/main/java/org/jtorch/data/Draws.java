package org.jtorch.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;

/** Draws random numbers as PyTorch's samplers do, and saves the state of generators. */
final class Draws {

    private static final String GENERATOR = "generator";

    private Draws() {}

    /** Returns a seed: {@code torch.empty((), dtype=torch.int64).random_(generator=generator)}. */
    static long seed(@Nullable Generator generator) {
        try (TensorScope scope = new TensorScope()) {
            return Torch.empty(new long[0], DType.INT64).random_(generator).itemLong();
        }
    }

    /** Returns the integers from 0 to {@code size - 1} in the order of {@code torch.randperm}. */
    static int[] permutation(int size, @Nullable Generator generator) {
        try (TensorScope scope = new TensorScope()) {
            return Torch.randperm(size, generator).toIntArray();
        }
    }

    /** Returns {@code count} integers below {@code high}, as {@code torch.randint}. */
    static int[] integers(int high, int count, @Nullable Generator generator) {
        try (TensorScope scope = new TensorScope()) {
            return Torch.randint(0, high, new long[] {count}, generator).toIntArray();
        }
    }

    /** Returns the state of {@code generator}, or of the default generator if it is null, for a state dict. */
    static Map<String, Object> state(@Nullable Generator generator) {
        return Map.of(GENERATOR, orDefault(generator).getState().unscoped());
    }

    /** Restores what {@link #state} returned. */
    static void restore(@Nullable Generator generator, Map<?, ?> state) {
        if (!(state.get(GENERATOR) instanceof Tensor saved)) {
            throw new IllegalArgumentException("the state has no tensor \"generator\"; it has " + state.keySet());
        }
        orDefault(generator).setState(saved);
    }

    private static Generator orDefault(@Nullable Generator generator) {
        return generator == null ? Generator.defaultGenerator() : generator;
    }
}
