package org.jtorch.nn;

/** Something a module may hold that knows how it is copied for {@link Module#deepCopy}. */
interface DeepCopyable {

    /** Returns a copy of this, whose parts are copied by {@code copier}. */
    Object deepCopy(DeepCopier copier);
}
