package org.jtorch.optim;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.TensorKind;

/** A tensor that an optimizer keeps for many steps (a parameter or a part of its state), with its cached properties. */
final class Kept {

    private final Tensor tensor;
    private @Nullable TensorKind kind;

    Kept(Tensor tensor) {
        this.tensor = tensor;
    }

    Tensor tensor() {
        return tensor;
    }

    /** Returns its present kind. Its data may have been replaced. */
    TensorKind kind() {
        TensorKind now = TensorKind.of(tensor, kind);
        kind = now;
        return now;
    }
}
