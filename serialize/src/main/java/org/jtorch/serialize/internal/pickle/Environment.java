package org.jtorch.serialize.internal.pickle;

import org.jspecify.annotations.Nullable;

/** Resolves the names and objects outside of a pickle to which it refers. */
public interface Environment {

    /**
     * Returns a {@link Global} or data for {@code module.name}.
     *
     * @return null if the name is not known
     */
    @Nullable
    Object global(String module, String name);

    /**
     * Returns the object with a persistent id.
     *
     * @throws org.jtorch.serialize.format.CheckpointException if there is none
     */
    Object persistent(@Nullable Object id);

    /**
     * Sets the state of an object of this environment.
     *
     * @return whether {@code object} is one
     */
    boolean build(Object object, @Nullable Object state);

    /** Called for each class or function that the pickle calls and for which a record is created. */
    void called(String name);
}
