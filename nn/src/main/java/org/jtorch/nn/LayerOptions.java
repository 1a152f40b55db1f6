package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.TensorOptions;

/**
 * The options of every layer with parameters: the device and the dtype of the parameters.
 *
 * @param <S> the options class itself, so that calls can be chained
 */
public abstract class LayerOptions<S extends LayerOptions<S>> extends ChainedOptions<S> {

    private @Nullable Device device;
    private @Nullable DType dtype;

    /** Creates options with nothing set. */
    protected LayerOptions() {}

    /** Sets the device of the parameters; the default is the {@link DefaultDevice} if there is one, otherwise the CPU. */
    public S device(@Nullable Device newDevice) {
        device = newDevice;
        return self();
    }

    /** Sets the dtype of the parameters; the default is float32. */
    public S dtype(@Nullable DType newDtype) {
        dtype = newDtype;
        return self();
    }

    /** Returns the options with which the layer creates its tensors. */
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
