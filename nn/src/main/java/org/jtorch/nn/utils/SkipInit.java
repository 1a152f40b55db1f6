package org.jtorch.nn.utils;

import java.util.function.Function;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.DefaultDevice;
import org.jtorch.nn.Module;

/** Modules made without drawing first values, which a state dict replaces anyway. */
public final class SkipInit {

    private SkipInit() {}

    /** {@link #skipInit(Function, Device)}, on the CPU. */
    public static <M extends Module<?, ?>> M skipInit(Function<Device, M> constructor) {
        return skipInit(constructor, Device.CPU);
    }

    /**
     * Returns a module whose parameters and buffers have arbitrary values, as from {@code Torch.empty}: it is made on the meta
     * device and moved.
     *
     * <pre>{@code
     * Linear m = SkipInit.skipInit(meta -> new Linear(5, 1));
     * }</pre>
     *
     * @param constructor makes it, and computes nothing with its parameters but first values; layers are made on the meta
     *     device, and what it makes itself is to be made on the one it is given
     * @param device where it is moved
     * @throws IllegalArgumentException if the module was made elsewhere
     * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.skip_init.html">torch.nn.utils.skip_init</a>
     */
    public static <M extends Module<?, ?>> M skipInit(Function<Device, M> constructor, Device device) {
        M module;
        try (DefaultDevice meta = DefaultDevice.of(Device.META)) {
            module = constructor.apply(Device.META);
        }
        for (Tensor parameter : module.parameters()) {
            if (!parameter.device().equals(Device.META)) {
                throw new IllegalArgumentException("Module must support a 'device' arg to skip initialization: "
                        + module.className() + " made a parameter on " + parameter.device()
                        + "; make it on the device that is given");
            }
        }
        module.toEmpty(device);
        return module;
    }
}
