package org.jtorch.data.sources;

import java.io.Closeable;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** Reads a file row by row. */
interface Records extends Closeable {

    /** Returns the next row; null after the last. */
    @Nullable
    Fields next();

    @Override
    void close();

    /** Returns a stream of examples that closes the reader at its end, and when it is closed. */
    static <T> Stream<T> stream(Records records, RowMapper<T> mapper, RowOptions.Settings settings) {
        Spliterator<T> examples = new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.ORDERED) {
            @Override
            public boolean tryAdvance(Consumer<? super T> action) {
                Fields fields = records.next();
                if (fields == null) {
                    records.close();
                    return false;
                }
                action.accept(map(new TypedRow(fields, settings), mapper));
                return true;
            }
        };
        return StreamSupport.stream(examples, false).onClose(records::close);
    }

    private static <T> T map(TypedRow row, RowMapper<T> mapper) {
        try {
            return mapper.map(row);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new TorchException(row.place() + ": " + e, e);
        }
    }
}
