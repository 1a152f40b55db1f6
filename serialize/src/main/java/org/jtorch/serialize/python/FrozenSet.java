package org.jtorch.serialize.python;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's frozenset: an immutable set, which may be a key. */
public final class FrozenSet extends AbstractSet<@Nullable Object> implements PythonValue {

    private final Set<@Nullable Object> members;
    private @Nullable Integer hash;

    /** Creates a set of {@code members}, in their order. */
    public FrozenSet(Collection<? extends @Nullable Object> members) {
        this.members = Collections.unmodifiableSet(new LinkedHashSet<@Nullable Object>(members));
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        return members.iterator();
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public boolean contains(@Nullable Object value) {
        return members.contains(value);
    }

    /** Computed once, since sets of sets use it repeatedly. */
    @Override
    public int hashCode() {
        Integer known = hash;
        if (known == null) {
            known = super.hashCode();
            hash = known;
        }
        return known;
    }
}
