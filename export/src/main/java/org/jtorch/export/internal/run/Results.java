package org.jtorch.export.internal.run;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the results of a step go. */
sealed interface Results {

    /** Puts a result into {@code frame}. */
    void put(@Nullable Object value, @Nullable Object[] frame);

    /** Calls a function with each place. */
    void forEachSlot(Consumer<Integer> visitor);

    /** Nowhere. */
    record Unused() implements Results {
        @Override
        public void put(@Nullable Object value, @Nullable Object[] frame) {
            // nothing reads it
        }

        @Override
        public void forEachSlot(Consumer<Integer> visitor) {
            // none
        }
    }

    /** One place. */
    record One(int slot) implements Results {
        @Override
        public void put(@Nullable Object value, @Nullable Object[] frame) {
            frame[slot] = value;
        }

        @Override
        public void forEachSlot(Consumer<Integer> visitor) {
            visitor.accept(slot);
        }
    }

    /** A place for each element of a list. */
    record Each(List<Results> places) implements Results {
        @Override
        public void put(@Nullable Object value, @Nullable Object[] frame) {
            if (!(value instanceof List<?> list) || list.size() < places.size()) {
                throw new IllegalStateException("the operator returned "
                        + (value instanceof List<?> list ? list.size() + " tensors" : "no list")
                        + ", but the graph has names for " + places.size());
            }
            for (int i = 0; i < places.size(); i++) {
                places.get(i).put(list.get(i), frame);
            }
        }

        @Override
        public void forEachSlot(Consumer<Integer> visitor) {
            places.forEach(place -> place.forEachSlot(visitor));
        }
    }
}
