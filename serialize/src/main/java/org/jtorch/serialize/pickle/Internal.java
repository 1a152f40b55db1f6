package org.jtorch.serialize.pickle;

/** What stands on an unpickler's stack without being data: it may be used up, but not be left in the result. */
public interface Internal {

    /** What it is, for messages. */
    String description();
}
