package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where an argument comes from when a step runs. */
sealed interface Fetch {

    /** Returns the argument. */
    @Nullable
    Object get(@Nullable Object[] frame);

    /** Calls a function with each place that is read. */
    default void forEachSlot(Consumer<Integer> visitor) {}

    /** A constant. */
    record Constant(@Nullable Object value) implements Fetch {
        @Override
        public @Nullable Object get(@Nullable Object[] frame) {
            return value;
        }
    }

    /** A value that was computed. */
    record Slot(int index) implements Fetch {
        @Override
        public @Nullable Object get(@Nullable Object[] frame) {
            return frame[index];
        }

        @Override
        public void forEachSlot(Consumer<Integer> visitor) {
            visitor.accept(index);
        }
    }

    /** A list of arguments. */
    record Elements(List<Fetch> elements) implements Fetch {
        @Override
        public Object get(@Nullable Object[] frame) {
            List<@Nullable Object> values = new ArrayList<>(elements.size());
            for (Fetch element : elements) {
                values.add(element.get(frame));
            }
            return values;
        }

        @Override
        public void forEachSlot(Consumer<Integer> visitor) {
            elements.forEach(element -> element.forEachSlot(visitor));
        }
    }
}
