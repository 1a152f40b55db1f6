package org.jtorch.serialize;

import java.util.function.Consumer;

/** Options for loading a model file: {@code ModelFile.load(path, o -> o.load(l -> l.dtype(DType.BFLOAT16)))}. */
public final class ModelFileOptions {

    private boolean freshWeights;
    private Consumer<LoadOptions> load = o -> {};

    ModelFileOptions() {}

    /**
     * Sets whether a model without a file of weights is created with new ones; the default is false, which makes this an
     * error.
     */
    public ModelFileOptions freshWeights(boolean freshWeights) {
        this.freshWeights = freshWeights;
        return this;
    }

    /** Sets the options for reading the weights, such as the device, the dtype, and whether they are mapped or copied. */
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
