package org.jtorch.serialize.internal.pickle;

/** A value on an unpickler's stack that is not data. It may be used up; if it is part of the result, it becomes a record. */
public interface Internal {

    /** Returns a description for messages. */
    String description();

    /** Returns the data that represents it in the result. */
    Object record();
}
