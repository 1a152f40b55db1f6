package org.jtorch.spark;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;

/**
 * The weights of a model, which Spark broadcasts. All tasks of a process get the same object from Spark. Therefore it holds the model that the
 * first of them has made, which lives as long as the broadcast does.
 */
final class SharedModel implements Serializable {

    private static final long serialVersionUID = 1L;

    private final byte @Nullable [] weights;

    /** Set by the first task of this process. */
    private transient @Nullable Module<?, ?> module;

    SharedModel(byte @Nullable [] weights) {
        this.weights = weights;
    }

    /** Returns the model, which the factory makes in the first call. All calls must give the same factory. */
    @SuppressWarnings("unchecked") // the factory's
    synchronized <I, O> Module<I, O> get(SparkModel.Factory<I, O> factory) throws Exception {
        if (module == null) {
            Module<I, O> made = factory.create();
            if (weights != null) {
                made.loadStateDict(StateBytes.read(weights));
            }
            module = made.eval();
        }
        return (Module<I, O>) module;
    }
}
