package org.jtorch.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Gives each rank the same number of rows, as PyTorch's {@code DistributedSampler} without shuffling does: position {@code i} goes to rank
 * {@code i % ranks}. Ranks with different numbers of rows would wait for each other at the end.
 */
final class Dealing {

    private Dealing() {}

    /**
     * Returns the rows with a partition for each rank, in their order.
     *
     * @param dropLast whether rows at the end are left out so that all ranks have the same number; otherwise rows of the beginning are
     *     repeated
     */
    static <T> JavaRDD<T> deal(JavaRDD<T> rows, int ranks, boolean dropLast) {
        List<Long> counts = rows.mapPartitions(Dealing::count).collect();
        long[] first = new long[counts.size()];
        long count = 0;
        for (int i = 0; i < first.length; i++) {
            first[i] = count;
            count += counts.get(i);
        }
        if (count == 0 || (dropLast && count < ranks)) {
            throw new IllegalArgumentException(
                    "there are " + count + " rows for " + ranks + " ranks: each needs at least one");
        }
        long whole = count - count % ranks;
        long total = dropLast || whole == count ? whole : whole + ranks;
        long all = count;
        JavaRDD<Tuple2<Long, T>> numbered = rows.mapPartitionsWithIndex(
                (partition, part) -> new Numbered<>(part, first[partition], all, total), false);
        return JavaPairRDD.fromJavaRDD(numbered)
                .repartitionAndSortWithinPartitions(new ByRank(ranks))
                .values();
    }

    private static <T> Iterator<Long> count(Iterator<T> rows) {
        long count = 0;
        for (; rows.hasNext(); count++) {
            rows.next();
        }
        return List.of(count).iterator();
    }

    /** The rows with their positions, those that are repeated with several, and without those that are left out. */
    private static final class Numbered<T> implements Iterator<Tuple2<Long, T>> {
        private final Iterator<T> rows;
        private final long count;
        private final long total;
        private final List<Tuple2<Long, T>> next = new ArrayList<>();
        private long position;

        Numbered(Iterator<T> rows, long first, long count, long total) {
            this.rows = rows;
            this.position = first;
            this.count = count;
            this.total = total;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && rows.hasNext()) {
                T row = rows.next();
                for (long place = position; place < total; place += count) {
                    next.add(new Tuple2<>(place, row));
                }
                position++;
            }
            return !next.isEmpty();
        }

        @Override
        public Tuple2<Long, T> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return next.remove(next.size() - 1);
        }
    }

    private static final class ByRank extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int ranks;

        ByRank(int ranks) {
            this.ranks = ranks;
        }

        @Override
        public int numPartitions() {
            return ranks;
        }

        @Override
        public int getPartition(Object position) {
            return (int) ((Long) position % ranks);
        }
    }
}
