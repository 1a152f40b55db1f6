package org.jtorch.data.sources;

import java.util.AbstractList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of lists of numbers: all elements one after the other, and where each list ends. */
final class ListColumn implements Column {

    private final NumberColumn elements;
    private final NumberColumn ends = new NumberColumn(NumberColumn.Kind.LONG);
    private final BitSet missing = new BitSet();

    ListColumn(NumberColumn.Kind kind) {
        elements = new NumberColumn(kind);
    }

    @Override
    public void add(@Nullable Object value) {
        if (value == null) {
            missing.set(Math.toIntExact(ends.size()));
        } else {
            ((List<?>) value).forEach(elements::add);
        }
        ends.add(elements.size());
    }

    @Override
    public @Nullable Object get(int index) {
        if (missing.get(index)) {
            return null;
        }
        long start = index == 0 ? 0 : end(index - 1);
        int size = Math.toIntExact(end(index) - start);
        return new AbstractList<@Nullable Object>() {
            @Override
            public @Nullable Object get(int position) {
                return elements.at(start + position);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @SuppressWarnings("NullAway") // an end is never missing
    private long end(int index) {
        return (Long) ends.at(index);
    }
}
