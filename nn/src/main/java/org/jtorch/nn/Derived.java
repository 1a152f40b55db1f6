package org.jtorch.nn;

/** What stands in place of a parameter or buffer that is computed. No traversal sees it as a parameter or buffer. */
sealed interface Derived permits DerivedParameter, DerivedBuffer {

    Module<?, ?> module();

    Derivation derivation();
}
