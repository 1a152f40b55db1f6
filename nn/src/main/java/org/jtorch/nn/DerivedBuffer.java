package org.jtorch.nn;

import org.jtorch.StandIn;

/**
 * What stands in a module's field in place of a computed buffer. No traversal sees it as a buffer; using it uses the computed
 * tensor.
 */
final class DerivedBuffer extends Buffer implements Derived {

    private final DerivedSource source;

    DerivedBuffer(Module<?, ?> module, Derivation derivation, boolean persistent) {
        this(new DerivedSource(module, derivation), persistent);
    }

    private DerivedBuffer(DerivedSource source, boolean persistent) {
        super(source, persistent);
        this.source = source;
        source.setFace(this);
    }

    @Override
    public Module<?, ?> module() {
        return source.module;
    }

    @Override
    public Derivation derivation() {
        return source.derivation;
    }

    @Override
    public String toString() {
        return StandIn.resolve(this).toString();
    }
}
