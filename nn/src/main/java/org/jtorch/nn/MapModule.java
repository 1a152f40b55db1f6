package org.jtorch.nn;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A module that is a {@link Map}: {@link ModuleDict} and {@link ParameterDict}. Its keys are part of the keys of the state
 * dict. They are in the order of insertion, and keep their position when their values are replaced.
 *
 * @param <V> the type of the values
 */
abstract class MapModule<V> extends Module<Object, Object> implements Map<String, V> {

    @Unregistered
    Map<String, V> entries = new LinkedHashMap<>();

    private final String kind;

    /** Creates an empty map of {@code module}s or {@code parameter}s. */
    MapModule(String kind) {
        this.kind = kind;
    }

    /**
     * Puts a value under a key.
     *
     * @throws IllegalArgumentException if the key is empty or contains a dot
     */
    @Override
    public final @Nullable V put(String key, V value) {
        Registry.checkName(kind, key, kind.equals("module") ? ", got: " + key : "");
        Objects.requireNonNull(value, "the values of a dict of modules or parameters must not be null");
        return entries.put(key, registering(key, value));
    }

    /** Returns the value to be put in place of {@code value}: registration hooks may replace it. */
    abstract V registering(String key, V value);

    /**
     * Removes a key and returns its value.
     *
     * @throws NoSuchElementException if there is no such key
     */
    public final V pop(String key) {
        V value = entries.remove(key);
        if (value == null) {
            throw new NoSuchElementException("there is no key '" + key + "' in " + keySet());
        }
        return value;
    }

    @Override
    final boolean deleteListed(String name) {
        return entries.remove(name) != null;
    }

    @Override
    public final int size() {
        return entries.size();
    }

    @Override
    public final boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public final boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public final boolean containsValue(@Nullable Object value) {
        return entries.containsValue(value);
    }

    @Override
    public final @Nullable V get(@Nullable Object key) {
        return entries.get(key);
    }

    @Override
    public final @Nullable V remove(@Nullable Object key) {
        return entries.remove(key);
    }

    @Override
    public final void putAll(Map<? extends String, ? extends V> added) {
        added.forEach(this::put);
    }

    @Override
    public final void clear() {
        entries.clear();
    }

    @Override
    public final Set<String> keySet() {
        return entries.keySet();
    }

    @Override
    public final Collection<V> values() {
        return entries.values();
    }

    @Override
    public final Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return entries.size();
            }

            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                Iterator<Map.Entry<String, V>> iterator = entries.entrySet().iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return iterator.hasNext();
                    }

                    @Override
                    public Map.Entry<String, V> next() {
                        Map.Entry<String, V> entry = iterator.next();
                        return new AbstractMap.SimpleEntry<>(entry) {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public V setValue(V value) {
                                put(getKey(), value);
                                return super.setValue(value);
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

    @Override
    public final boolean equals(@Nullable Object other) {
        return other == this || entries.equals(other);
    }

    @Override
    public final int hashCode() {
        return entries.hashCode();
    }
}
