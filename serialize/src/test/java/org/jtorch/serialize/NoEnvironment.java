package org.jtorch.serialize;

import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.internal.pickle.Environment;

/** For pickles that name nothing. */
final class NoEnvironment implements Environment {

    @Override
    public @Nullable Object global(String module, String name) {
        throw new AssertionError("nothing is named");
    }

    @Override
    public Object persistent(@Nullable Object id) {
        throw new AssertionError("no storage is named");
    }

    @Override
    public boolean build(Object object, @Nullable Object state) {
        return false;
    }

    @Override
    public void called(String name) {
        throw new AssertionError("nothing is called");
    }
}
