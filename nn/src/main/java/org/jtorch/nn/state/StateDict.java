package org.jtorch.nn.state;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.StateDictMetadata;

/**
 * A module's parameters and persistent buffers by their dotted keys, in PyTorch's order: what {@code torch.save} writes and
 * {@code torch.load} returns.
 *
 * <p>The tensors share the module's memory. {@link #metadata} is PyTorch's {@code _metadata}: it holds the {@code version} of
 * each module path, by which a class recognizes files of an older form of its state.
 *
 * <p>As a map, a state dict contains the tensors. What a module saves in addition to them
 * ({@link org.jtorch.nn.Module#getExtraState}) may be any value. {@link #entries} returns all entries in order, and
 * {@link #putEntry} sets one.
 *
 * <p>The methods {@link #rename}, {@link #stripPrefix}, {@link #addPrefix} and {@link #filter} return a new state dict of the
 * same tensors, with the metadata renamed accordingly.
 */
public final class StateDict extends AbstractMap<String, Tensor> {

    private final LinkedHashMap<String, @Nullable Object> entries = new LinkedHashMap<>();
    private final StateDictMetadata metadata;
    /** The number of entries that are not tensors. */
    private int others;

    /** Creates an empty state dict. */
    public StateDict() {
        this.metadata = new StateDictMetadata();
    }

    /** Creates a state dict of the entries of {@code tensors} in their order, with its metadata if it is a state dict. */
    public StateDict(Map<String, ? extends Tensor> tensors) {
        this();
        if (tensors instanceof StateDict other) {
            other.entries.forEach(this::putEntry);
            metadata.copyOf(other.metadata);
        } else {
            tensors.forEach(this::put);
        }
    }

    private StateDict(StateDictMetadata metadata) {
        this.metadata = metadata;
    }

    /**
     * Returns an empty state dict that shares the {@link #metadata} of another: a change to the metadata of one is visible in
     * the other.
     *
     * @param metadata what {@code metadata()} of a state dict returned; any other map is copied
     */
    public static StateDict sharing(Map<String, Map<String, Object>> metadata) {
        if (metadata instanceof StateDictMetadata shared) {
            return new StateDict(shared);
        }
        StateDict result = new StateDict();
        metadata.forEach(result.metadata::put);
        return result;
    }

    /**
     * Returns PyTorch's {@code _metadata}: the entries of each module path ({@code ""} is the root), of which PyTorch writes
     * {@code version}. Both levels are live: a change to them is saved with the state dict:
     *
     * <pre>{@code
     * state.metadata().get("bn1").put("version", 1L);
     * state.metadata().remove("head");
     * state.metadata().clear();                                   // Python: del state_dict._metadata
     * }</pre>
     *
     * <p>A map that is put into it is copied. Neither paths nor maps may be null.
     */
    public Map<String, Map<String, Object>> metadata() {
        return metadata;
    }

    StateDictMetadata ownMetadata() {
        return metadata;
    }

    // --- every entry -------------------------------------------------------------------------------------------

    /** Returns a read-only view of all entries in order, including the extra state of modules. */
    public Map<String, @Nullable Object> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /**
     * Sets an entry of any kind, a tensor or a module's extra state.
     *
     * @param key the dotted key
     * @param value the value, which may be null
     * @return the previous value, or null
     */
    public @Nullable Object putEntry(String key, @Nullable Object value) {
        int before = entries.size();
        Object old = entries.put(key, value);
        boolean wasOther = before == entries.size() && !(old instanceof Tensor);
        others += (value instanceof Tensor ? 0 : 1) - (wasOther ? 1 : 0);
        return old;
    }

    // --- the map of tensors ------------------------------------------------------------------------------------

    @Override
    public @Nullable Tensor put(String key, Tensor tensor) {
        return putEntry(key, tensor) instanceof Tensor old ? old : null;
    }

    @Override
    public @Nullable Tensor get(@Nullable Object key) {
        return entries.get(key) instanceof Tensor tensor ? tensor : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.get(key) instanceof Tensor;
    }

    /** {@inheritDoc} Removes an entry of any kind. */
    @Override
    public @Nullable Tensor remove(@Nullable Object key) {
        int before = entries.size();
        Object old = entries.remove(key);
        if (old instanceof Tensor tensor) {
            return tensor;
        }
        others -= before - entries.size();
        return null;
    }

    @Override
    public void clear() {
        entries.clear();
        others = 0;
    }

    @Override
    public int size() {
        return entries.size() - others;
    }

    @Override
    public Set<String> keySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<String> iterator() {
                Iterator<Map.Entry<String, Tensor>> tensors = new Tensors();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return tensors.hasNext();
                    }

                    @Override
                    public String next() {
                        return tensors.next().getKey();
                    }

                    @Override
                    public void remove() {
                        tensors.remove();
                    }
                };
            }

            @Override
            public int size() {
                return StateDict.this.size();
            }

            @Override
            public boolean contains(@Nullable Object key) {
                return containsKey(key);
            }

            @Override
            public boolean remove(@Nullable Object key) {
                return containsKey(key) && StateDict.this.remove(key) != null;
            }
        };
    }

    @Override
    public Set<Map.Entry<String, Tensor>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, Tensor>> iterator() {
                return new Tensors();
            }

            @Override
            public int size() {
                return StateDict.this.size();
            }
        };
    }

    /** Iterates over the entries that are tensors. */
    private final class Tensors implements Iterator<Map.Entry<String, Tensor>> {

        private final Iterator<Map.Entry<String, @Nullable Object>> all =
                entries.entrySet().iterator();
        private Map.@Nullable Entry<String, Tensor> next;
        private @Nullable String last;

        @Override
        @SuppressWarnings("unchecked") // Its value is a tensor, and setValue accepts only tensors.
        public boolean hasNext() {
            while (next == null && all.hasNext()) {
                Map.Entry<String, ?> entry = all.next();
                if (entry.getValue() instanceof Tensor) {
                    next = (Map.Entry<String, Tensor>) entry;
                }
            }
            return next != null;
        }

        @Override
        public Map.Entry<String, Tensor> next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException("the state dict has no more tensors");
            }
            Map.Entry<String, Tensor> result = next;
            last = result.getKey();
            next = null;
            return result;
        }

        /** {@inheritDoc} It must follow a call of {@link #next}. */
        @Override
        public void remove() {
            if (last == null || next != null) {
                throw new IllegalStateException("remove() must be called right after next()");
            }
            all.remove();
            last = null;
        }
    }

    // --- other keys --------------------------------------------------------------------------------------------

    /**
     * Returns this state dict with other keys.
     *
     * @param renaming returns the new key for each key. It also receives each metadata path, followed by a dot
     * @throws IllegalArgumentException if two keys would become the same
     */
    public StateDict rename(UnaryOperator<String> renaming) {
        return StateDictKeys.rename(this, renaming);
    }

    /**
     * Returns this state dict with one key renamed or, if {@code from} ends with a dot, all keys that begin with it:
     * {@code rename("head.", "fc.")}.
     *
     * @param from a key, or a prefix of keys that ends with a dot
     * @param to the replacement
     * @throws IllegalArgumentException if no key matches, or if two keys would become the same
     */
    public StateDict rename(String from, String to) {
        return StateDictKeys.rename(this, from, to);
    }

    /**
     * Returns this state dict without {@code prefix} at the beginning of the keys that have it; other keys are unchanged. For
     * example, {@code stripPrefix("module.")} makes what {@code DataParallel} saved fit the plain model. PyTorch's
     * {@code consume_prefix_in_state_dict_if_present}.
     *
     * @throws IllegalArgumentException if two keys would become the same
     */
    public StateDict stripPrefix(String prefix) {
        return StateDictKeys.stripPrefix(this, prefix);
    }

    /** Returns this state dict with {@code prefix} before every key: {@code addPrefix("backbone.")}. */
    public StateDict addPrefix(String prefix) {
        return StateDictKeys.addPrefix(this, prefix);
    }

    /** Returns the entries whose keys {@code wanted} accepts, with all metadata. */
    public StateDict filter(Predicate<String> wanted) {
        StateDict result = new StateDict();
        entries.forEach((key, value) -> {
            if (wanted.test(key)) {
                result.putEntry(key, value);
            }
        });
        result.metadata.copyOf(metadata);
        return result;
    }

    // --- differences -------------------------------------------------------------------------------------------

    /** Returns the differences between this state dict and {@code other}: keys, shapes, dtypes, values. */
    public StateDictDiff diff(StateDict other) {
        return StateDictDiff.between(this, other);
    }
}
