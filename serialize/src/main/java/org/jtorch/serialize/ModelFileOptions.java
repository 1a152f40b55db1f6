package org.jtorch.serialize;

import java.util.function.Consumer;

/** How a model file is loaded: {@code ModelFile.load(path, o -> o.load(l -> l.dtype(DType.BFLOAT16)))}. */
public final class ModelFileOptions {

    private boolean freshWeights;
    private Consumer<LoadOptions> load = o -> {};

    ModelFileOptions() {}

    /** Whether a model without a file of weights beside it is made with fresh ones; default: that is an error. */
    public ModelFileOptions freshWeights(boolean freshWeights) {
        this.freshWeights = freshWeights;
        return this;
    }

    /** Sets how the weights are read: on which device, as which dtype, mapped or copied. */
    public ModelFileOptions load(Consumer<LoadOptions> options) {
        this.load = options;
        return this;
    }

    boolean isFreshWeights() {
        return freshWeights;
    }

    Consumer<LoadOptions> load() {
        return load;
    }
}
