package org.jtorch.nn.internal;

/** An object in a field of a module that {@code Module.deepCopy} copies by asking it. The field must not be final. */
public interface Duplicable {

    /** Returns a copy that shares nothing that changes with this object. */
    Object duplicate();
}
