package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/**
 * What stands in a module's field in place of a parameter that is computed. It is no parameter to any traversal; its use is a
 * use of the computed tensor.
 */
final class DerivedParameter extends Parameter {

    private final Source source;

    DerivedParameter(Module<?, ?> module, Derivation derivation) {
        this(new Source(module, derivation));
    }

    private DerivedParameter(Source source) {
        super(source);
        this.source = source;
        source.face = this;
    }

    Module<?, ?> module() {
        return source.module;
    }

    Derivation derivation() {
        return source.derivation;
    }

    @Override
    public String toString() {
        return StandIn.resolve(this).toString();
    }

    private static final class Source implements StandIn {
        private final Module<?, ?> module;
        private final Derivation derivation;
        private @Nullable DerivedParameter face;

        Source(Module<?, ?> module, Derivation derivation) {
            this.module = module;
            this.derivation = derivation;
        }

        @Override
        public Tensor current() {
            DerivedParameter self = face;
            if (self == null) {
                throw new IllegalStateException("this parameter is still being made");
            }
            Tensor given = Substitution.of(self);
            if (given != null) {
                return given;
            }
            DerivedValues values = DerivedValues.around(self);
            if (values != null) {
                return values.get(self);
            }
            try (TensorScope scope = new TensorScope()) {
                return scope.keep(derivation.compute(module));
            }
        }
    }
}
