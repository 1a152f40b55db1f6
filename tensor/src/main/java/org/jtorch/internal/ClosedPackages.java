package org.jtorch.internal;

import java.lang.reflect.InaccessibleObjectException;

/** What is said if a user's module keeps a package closed in which jtorch has to find tensors by reflection. */
public final class ClosedPackages {

    private ClosedPackages() {}

    /**
     * The exception to throw.
     *
     * @param member the field, record or constructor that could not be opened
     * @param owner the class that has it
     * @param reader a class of the module that asked
     */
    public static IllegalStateException refused(
            Object member, Class<?> owner, Class<?> reader, InaccessibleObjectException cause) {
        return new IllegalStateException(
                member + " of " + owner.getName() + " is closed to reflection: add `opens " + owner.getPackageName()
                        + " to "
                        + reader.getModule().getName() + ";` to the module-info of module "
                        + owner.getModule().getName(),
                cause);
    }
}
