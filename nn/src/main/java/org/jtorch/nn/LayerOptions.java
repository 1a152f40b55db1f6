package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.TensorOptions;

/**
 * What every layer with parameters can be told: where and of which dtype they are made.
 *
 * @param <S> the options class itself, so that calls chain
 */
public abstract class LayerOptions<S extends LayerOptions<S>> extends ChainedOptions<S> {

    private @Nullable Device device;
    private @Nullable DType dtype;

    /** Options with nothing set. */
    protected LayerOptions() {}

    /** Sets where the parameters are made; the default is the {@link DefaultDevice}, or else the CPU. */
    public S device(@Nullable Device newDevice) {
        device = newDevice;
        return self();
    }

    /** Sets the parameters' dtype; the default is float32. */
    public S dtype(@Nullable DType newDtype) {
        dtype = newDtype;
        return self();
    }

    /** Returns what the layer's factories should make. */
    public final TensorOptions tensorOptions() {
        TensorOptions options = TensorOptions.DEFAULT;
        Device made = device == null ? DefaultDevice.current() : device;
        if (made != null) {
            options = options.device(made);
        }
        if (dtype != null) {
            options = options.dtype(dtype);
        }
        return options;
    }
}
