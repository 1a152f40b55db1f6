package org.jtorch.nn;

import org.jtorch.StandIn;

/**
 * What stands in a module's field in place of a parameter that is computed. It is no parameter to any traversal; its use is a
 * use of the computed tensor.
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
