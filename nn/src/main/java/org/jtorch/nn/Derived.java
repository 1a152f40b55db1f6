package org.jtorch.nn;

/** What stands in place of a parameter or buffer that is computed. It is none to any traversal. */
sealed interface Derived permits DerivedParameter, DerivedBuffer {

    Module<?, ?> module();

    Derivation derivation();
}
