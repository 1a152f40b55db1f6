package org.jtorch.serialize.internal.pickle;

/** What stands on an unpickler's stack without being data: it may be used up; left in the result, it becomes a record. */
public interface Internal {

    /** What it is, for messages. */
    String description();

    /** The data that stands for it in the result. */
    Object record();
}
