package org.jtorch.nn;

/** An object in a module that knows how to copy itself for {@link Module#deepCopy}. */
interface DeepCopyable {

    /** Returns a copy of this object, whose parts are copied by {@code copier}. */
    Object deepCopy(DeepCopier copier);
}
