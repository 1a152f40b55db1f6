package org.jtorch.nn.utils;

import java.util.function.Function;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.DefaultDevice;
import org.jtorch.nn.Module;

/** Creates modules without drawing initial values, for modules that receive a state dict anyway. */
public final class SkipInit {

    private SkipInit() {}

    /** Returns a module on the CPU with arbitrary values; see {@link #skipInit(Function, Device)}. */
    public static <M extends Module<?, ?>> M skipInit(Function<Device, M> constructor) {
        return skipInit(constructor, Device.CPU);
    }

    /**
     * Returns a module whose parameters and buffers have arbitrary values, as those of {@code Torch.empty}. It is created on
     * the meta device and then moved.
     *
     * <pre>{@code
     * Linear m = SkipInit.skipInit(meta -> new Linear(5, 1));
     * }</pre>
     *
     * @param constructor creates the module on the given device, which is the meta device; layers use it without being told. It
     *     must compute nothing but initial values
     * @param device the device to which the module is moved
     * @throws IllegalArgumentException if the module was created on another device
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
                        + "; create it on the device that is given");
            }
        }
        module.toEmpty(device);
        return module;
    }
}
