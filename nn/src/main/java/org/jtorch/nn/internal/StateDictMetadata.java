package org.jtorch.nn.internal;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The information that a state dict holds for each module in addition to tensors. Most state dicts are only loaded or saved.
 * The map of a module may therefore be shared and unmodifiable until a caller requests it; the caller then receives a
 * modifiable copy.
 */
public final class StateDictMetadata extends AbstractMap<String, Map<String, Object>> {

    private final LinkedHashMap<String, Map<String, Object>> paths = new LinkedHashMap<>();

    /** Creates empty metadata. */
    public StateDictMetadata() {}

    /** Returns the path of the module whose keys begin with {@code prefix}: PyTorch's {@code prefix[:-1]}. */
    public static String path(String prefix) {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** Adds a map without copying it. The caller shares it, or never changes it. */
    public void share(String path, Map<String, Object> local) {
        paths.put(path, local);
    }

    /** Visits the map of each path. The visitor must not change it. */
    public void forEachShared(BiConsumer<String, Map<String, Object>> visitor) {
        paths.forEach(visitor);
    }

    /** Returns whether a path is there. */
    public boolean has(String path) {
        return paths.containsKey(path);
    }

    /** Adds copies of the maps of {@code other}. */
    public void copyOf(StateDictMetadata other) {
        other.paths.forEach((path, local) -> paths.put(path, new LinkedHashMap<>(local)));
    }

    private static Map<String, Object> changeable(Map<String, Object> local) {
        return local instanceof LinkedHashMap ? local : new LinkedHashMap<>(local);
    }

    @Override
    public @Nullable Map<String, Object> get(@Nullable Object path) {
        Map<String, Object> local = paths.get(path);
        if (local == null || local instanceof LinkedHashMap) {
            return local;
        }
        Map<String, Object> own = changeable(local);
        paths.put((String) Objects.requireNonNull(path), own);
        return own;
    }

    @Override
    public @Nullable Map<String, Object> put(String path, Map<String, Object> local) {
        Objects.requireNonNull(path, "a module's path must not be null: the root's is \"\"");
        return paths.put(
                path, new LinkedHashMap<>(Objects.requireNonNull(local, "remove the path if it has no metadata")));
    }

    @Override
    public boolean containsKey(@Nullable Object path) {
        return paths.containsKey(path);
    }

    @Override
    public @Nullable Map<String, Object> remove(@Nullable Object path) {
        return paths.remove(path);
    }

    @Override
    public int size() {
        return paths.size();
    }

    @Override
    public void clear() {
        paths.clear();
    }

    @Override
    public Set<Map.Entry<String, Map<String, Object>>> entrySet() {
        paths.replaceAll((path, local) -> changeable(local));
        return new AbstractSet<>() {
            @Override
            public int size() {
                return paths.size();
            }

            @Override
            public Iterator<Map.Entry<String, Map<String, Object>>> iterator() {
                Iterator<Map.Entry<String, Map<String, Object>>> iterator =
                        paths.entrySet().iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return iterator.hasNext();
                    }

                    @Override
                    public Map.Entry<String, Map<String, Object>> next() {
                        Map.Entry<String, Map<String, Object>> entry = iterator.next();
                        return new AbstractMap.SimpleEntry<>(entry) {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public Map<String, Object> setValue(Map<String, Object> local) {
                                Map<String, Object> own = new LinkedHashMap<>(local);
                                entry.setValue(own);
                                return super.setValue(own);
                            }
                        };
                    }

                    @Override
                    public void remove() {
                        iterator.remove();
                    }
                };
            }
        };
    }
}
