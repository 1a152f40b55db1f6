package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/** What a {@link Derived} stands for: the value of the current call, or one computed for a single use. */
final class DerivedSource implements StandIn {

    final Module<?, ?> module;
    final Derivation derivation;
    private @Nullable Tensor face;

    DerivedSource(Module<?, ?> module, Derivation derivation) {
        this.module = module;
        this.derivation = derivation;
    }

    /** Sets the object that stands for it, once that is created. */
    void setFace(Tensor newFace) {
        face = newFace;
    }

    @Override
    public Tensor current() {
        Tensor self = face;
        if (self == null) {
            throw new IllegalStateException("this tensor is still being made");
        }
        Tensor given = Substitution.of(self);
        if (given != null) {
            return given;
        }
        DerivedValues values = DerivedValues.around(this);
        if (values != null) {
            return values.get(this);
        }
        try (TensorScope scope = new TensorScope()) {
            return scope.keep(derivation.compute(module));
        }
    }
}
