package org.jtorch.cli;

import java.util.Locale;
import java.util.function.Supplier;
import org.jtorch.Tensor;
import org.jtorch.models.Digits;
import org.jtorch.models.DigitsCnn;
import org.jtorch.models.DigitsTransformer;
import org.jtorch.models.Mlp;
import org.jtorch.nn.Module;
import org.jtorch.nn.state.StateDict;

/** The models that learn the digits: {@code (N, 64)} to {@code (N, 10)}. */
enum DigitsModel {
    MLP(() -> new Mlp(Digits.PIXELS, 128, 10, 0.1)),
    CNN(() -> new DigitsCnn(10)),
    TRANSFORMER(() -> new DigitsTransformer(10));

    private final Supplier<Module<Tensor, Tensor>> supplier;

    DigitsModel(Supplier<Module<Tensor, Tensor>> supplier) {
        this.supplier = supplier;
    }

    /** Returns a model with new weights. */
    Module<Tensor, Tensor> make() {
        return supplier.get();
    }

    /** Returns the model that has these keys. If there is none, it is the perceptron, so that loading reports the error. */
    static DigitsModel of(StateDict state) {
        for (DigitsModel model : values()) {
            if (model.make().stateDict().keySet().equals(state.keySet())) {
                return model;
            }
        }
        return MLP;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
