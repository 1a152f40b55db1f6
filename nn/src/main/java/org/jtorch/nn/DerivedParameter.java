package org.jtorch.nn;

import org.jtorch.StandIn;

/**
 * What stands in a module's field in place of a computed parameter. No traversal sees it as a parameter; using it uses the
 * computed tensor.
 */
final class DerivedParameter extends Parameter implements Derived {

    private final DerivedSource source;

    DerivedParameter(Module<?, ?> module, Derivation derivation) {
        this(new DerivedSource(module, derivation));
    }

    private DerivedParameter(DerivedSource source) {
        super(source);
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
