package org.jtorch.distributed.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Size;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.distributed.Coverage;
import org.jtorch.serialize.internal.distributed.FolderIndex;
import org.jtorch.serialize.python.Tuple;

/**
 * Which process writes what. Each process computes the same plan from what all processes have. What several have is written
 * by the one that has the fewest bytes to write.
 *
 * @param items what is written, in order
 * @param writers the rank that writes each
 */
record SavePlan(List<Item> items, List<Integer> writers) {

    private static final FolderIndex.Place NOWHERE = new FolderIndex.Place("", 0, Long.MAX_VALUE);

    /**
     * A value that is not a tensor, or a part of a tensor.
     *
     * @param path the texts and indices that lead to it in the nested state
     * @param dtype null if it is not a tensor
     * @param offsets where the part begins in the whole
     * @param sizes the shape of the part
     * @param shape the shape of the whole
     */
    record Item(String key, Tuple path, @Nullable DType dtype, Size offsets, Size sizes, Size shape) {

        Tuple encoded() {
            return Tuple.of(key, path, dtype, offsets, sizes, shape);
        }

        static Item decoded(@Nullable Object encoded) {
            Tuple parts = (Tuple) Objects.requireNonNull(encoded);
            return new Item(
                    (String) Objects.requireNonNull(parts.get(0)),
                    (Tuple) Objects.requireNonNull(parts.get(1)),
                    (DType) parts.get(2),
                    (Size) Objects.requireNonNull(parts.get(3)),
                    (Size) Objects.requireNonNull(parts.get(4)),
                    (Size) Objects.requireNonNull(parts.get(5)));
        }

        private boolean isOfSameTensor(Item other) {
            return dtype == other.dtype && shape.equals(other.shape);
        }

        private long nbytes() {
            return dtype == null ? 1 : sizes.numel() * dtype.itemSize();
        }
    }

    /** An item, and the ranks that have it. */
    private record Held(Item item, List<Integer> ranks) {}

    /**
     * Returns the plan for what the processes have.
     *
     * @param byRank what each process has
     * @throws CheckpointException if the parts of a tensor are not the whole, or processes have different tensors of the same
     *     key
     */
    static SavePlan of(List<List<Item>> byRank) {
        Map<String, Map<Size, Held>> all = new LinkedHashMap<>();
        for (int rank = 0; rank < byRank.size(); rank++) {
            for (Item item : byRank.get(rank)) {
                add(all.computeIfAbsent(item.key, key -> new LinkedHashMap<>()), item, rank);
            }
        }
        List<Held> held = new ArrayList<>();
        all.forEach((key, parts) -> {
            List<Held> needed = needed(parts.values());
            check(key, needed);
            held.addAll(needed);
        });
        return new SavePlan(held.stream().map(Held::item).toList(), writers(held, byRank.size()));
    }

    private static void add(Map<Size, Held> parts, Item item, int rank) {
        for (Held other : parts.values()) {
            if (!other.item.isOfSameTensor(item)) {
                throw new CheckpointException("'" + item.key + "' is " + shown(other.item) + " in rank "
                        + other.ranks.get(0) + ", but " + shown(item) + " in rank " + rank);
            }
            break;
        }
        Held known = parts.get(item.offsets);
        if (known == null) {
            parts.put(item.offsets, new Held(item, new ArrayList<>(List.of(rank))));
        } else if (known.item.sizes.equals(item.sizes)) {
            known.ranks.add(rank);
        } else if (known.item.sizes.numel() == 0) {
            parts.put(item.offsets, new Held(item, new ArrayList<>(List.of(rank))));
        } else if (item.sizes.numel() > 0) {
            throw new CheckpointException("the parts of '" + item.key + "' at " + item.offsets + " have shape "
                    + known.item.sizes + " in rank " + known.ranks.get(0) + ", and " + item.sizes + " in rank " + rank);
        }
    }

    private static String shown(Item item) {
        return item.dtype == null ? "not a tensor" : "a tensor of " + item.dtype + " and shape " + item.shape;
    }

    /** Returns the parts with elements; for a tensor without elements, one part. */
    private static List<Held> needed(Iterable<Held> parts) {
        List<Held> full = new ArrayList<>();
        Held any = null;
        for (Held part : parts) {
            any = part;
            if (part.item.dtype == null || part.item.sizes.numel() > 0) {
                full.add(part);
            }
        }
        return full.isEmpty() && any != null ? List.of(any) : full;
    }

    private static void check(String key, List<Held> parts) {
        Item first = parts.get(0).item;
        if (first.dtype != null) {
            List<FolderIndex.Chunk> chunks = new ArrayList<>();
            for (Held part : parts) {
                chunks.add(new FolderIndex.Chunk(part.item.offsets.toArray(), part.item.sizes.toArray(), NOWHERE));
            }
            Coverage.check(key, new FolderIndex.Parts(first.dtype, first.shape.toArray(), chunks), new Limits());
        }
    }

    private static List<Integer> writers(List<Held> held, int ranks) {
        Integer[] order = new Integer[held.size()];
        Arrays.setAll(order, i -> i);
        // the largest first, so that the small ones fill the gaps; the sort is stable
        Arrays.sort(order, Comparator.comparingLong(i -> -held.get(i).item.nbytes()));
        long[] bytes = new long[ranks];
        List<Integer> writers = new ArrayList<>(java.util.Collections.nCopies(held.size(), 0));
        for (int i : order) {
            Held each = held.get(i);
            int chosen = each.ranks.get(0);
            if (each.item.dtype != null) {
                for (int rank : each.ranks) {
                    chosen = bytes[rank] < bytes[chosen] ? rank : chosen;
                }
            }
            bytes[chosen] += each.item.nbytes();
            writers.set(i, chosen);
        }
        return writers;
    }

    /** Returns the numbers of the items that {@code rank} writes. */
    List<Integer> of(int rank) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (writers.get(i) == rank) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /**
     * Returns the index of the written folder.
     *
     * @param places the place of each item, by its number
     */
    FolderIndex index(Map<Integer, FolderIndex.Place> places) {
        Map<String, FolderIndex.Item> index = new LinkedHashMap<>();
        Map<String, Tuple> paths = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            FolderIndex.Place place = Objects.requireNonNull(places.get(i));
            paths.putIfAbsent(item.key, item.path);
            if (item.dtype == null) {
                index.put(item.key, new FolderIndex.Whole(place));
            } else {
                FolderIndex.Parts tensor = (FolderIndex.Parts) index.computeIfAbsent(
                        item.key, key -> new FolderIndex.Parts(item.dtype, item.shape.toArray(), new ArrayList<>()));
                tensor.chunks().add(new FolderIndex.Chunk(item.offsets.toArray(), item.sizes.toArray(), place));
            }
        }
        return new FolderIndex(index, paths);
    }
}
