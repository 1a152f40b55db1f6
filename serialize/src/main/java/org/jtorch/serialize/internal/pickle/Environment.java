package org.jtorch.serialize.internal.pickle;

import org.jspecify.annotations.Nullable;

/** What a pickle may refer to beyond itself. */
public interface Environment {

    /**
     * What {@code module.name} stands for: a {@link Global} or data.
     *
     * @return null if it is not known
     */
    @Nullable
    Object global(String module, String name);

    /**
     * The object with this persistent id.
     *
     * @throws org.jtorch.serialize.format.CheckpointException if there is none
     */
    Object persistent(@Nullable Object id);

    /**
     * Sets the state of an object of its own kinds.
     *
     * @return whether {@code object} is one
     */
    boolean build(Object object, @Nullable Object state);

    /** Told of each class or function that the pickle calls, and of which a record is made instead. */
    void called(String name);
}
