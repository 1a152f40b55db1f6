package org.jtorch.amp;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.jspecify.annotations.Nullable;
import org.jtorch.Cuda;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.internal.Handles;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.Warnings;

/**
 * Runs operations in a lower precision where that is safe, from the construction of this object to its {@link #close}:
 * PyTorch's {@code torch.autocast}. The engine chooses by operation. Matrix products and convolutions cast their inputs to
 * {@code bfloat16} or {@code float16}; losses and others that need the precision cast them to {@code float32}; all others
 * run in the dtype of their inputs. Parameters keep their dtype.
 *
 * <pre>{@code
 * Tensor loss;
 * try (var autocast = Autocast.cpu()) {
 *     loss = criterion.call(model.call(x), y);
 * }
 * loss.backward();    // not inside of the block
 * }</pre>
 *
 * <p>Autocast belongs only to the Java thread that created it, which may be a virtual thread, and to the tensors of one kind
 * of device. Blocks nest; an inner block with {@code enabled(false)} turns autocast off. They should be closed in the
 * reverse order of their creation. If one is closed before another that was created after it, the later one stays in force
 * until it is closed, too. A block that is never closed ends with its thread, and casts that it keeps are freed when any
 * thread opens or closes another one.
 *
 * <p><b>Kept casts.</b> The cast of a leaf that requires grad is kept and used again. It is dropped when a block begins or
 * ends, and when {@code noGrad} or inference mode begins or ends. An optimizer's step inside of a block therefore takes
 * effect at once. In PyTorch, it takes effect in the next block. As in PyTorch, a weight that is changed in place between
 * two uses inside of the same {@code noGrad} is not cast again; use {@code cacheEnabled(false)} for that.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/amp.html">PyTorch: Automatic Mixed Precision</a>
 */
public final class Autocast implements AutoCloseable {

    static {
        Handles.load();
    }

    /** The optional arguments of {@link Autocast}. */
    public static final class Options {
        private @Nullable DType dtype;
        private boolean enabled = true;
        private boolean cacheEnabled = isCacheEnabled();

        private Options() {}

        /** Sets the lower precision; the default is that of {@link Autocast#dtype}. */
        public Options dtype(DType dtype) {
            this.dtype = Objects.requireNonNull(dtype, "dtype");
            return this;
        }

        /** Sets whether autocast is on; the default is true. */
        public Options enabled(boolean enabled) {
            this.enabled = enabled;
            return this;
        }

        /** Sets whether casts of weights are kept; the default is that of the enclosing block, otherwise true. */
        public Options cacheEnabled(boolean cacheEnabled) {
            this.cacheEnabled = cacheEnabled;
            return this;
        }
    }

    private final Modes.Mode mode;

    /** Turns autocast on for a kind of device, with its default dtype. */
    public Autocast(Device type) {
        this(type, o -> {});
    }

    /**
     * Turns autocast on or off for a kind of device. If there is no CUDA device, or if the dtype is not supported, autocast
     * is turned off and a warning is logged.
     *
     * @param type a device of that kind; its index has no meaning
     * @param customizer sets optional arguments
     * @throws IllegalArgumentException if the engine has no autocast for that kind of device
     */
    public Autocast(Device type, Consumer<? super Options> customizer) {
        DeviceType device = typeOf(type);
        Options options = Customized.of(new Options(), customizer);
        DType dtype = options.dtype == null ? Handles.dtype(Modes.autocastDtype(device)) : options.dtype;
        boolean enabled = options.enabled && isUsable(type, dtype);
        mode = Modes.autocast(device, enabled, Handles.scalarType(dtype), options.cacheEnabled);
    }

    /** Turns autocast on for tensors on the CPU, with its default dtype, {@code bfloat16}. */
    public static Autocast cpu() {
        return new Autocast(Device.CPU);
    }

    /** Turns autocast on for tensors on CUDA devices, with its default dtype, {@code float16}. */
    public static Autocast cuda() {
        return new Autocast(new Device("cuda", -1));
    }

    private static boolean isUsable(Device type, DType dtype) {
        if (type.type().equals("cuda") && !Cuda.isAvailable()) {
            Warnings.once(Autocast.class, "CUDA is not available. Disabling autocast.");
            return false;
        }
        if (dtype != DType.BFLOAT16 && dtype != DType.FLOAT16) {
            String name = type.type().toUpperCase(Locale.ROOT);
            Warnings.once(
                    Autocast.class,
                    "In " + name + " autocast, but the target dtype " + dtype
                            + " is not supported. Disabling autocast.\n"
                            + name + " Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.");
            return false;
        }
        return true;
    }

    /** Returns whether the engine has autocast for a kind of device. */
    public static boolean isAvailable(Device type) {
        try (org.bytedeco.pytorch.Device device = new org.bytedeco.pytorch.Device(type.type())) {
            return torch.is_autocast_available(device.type());
        } catch (RuntimeException e) {
            return false; // the engine does not know the type
        }
    }

    /**
     * Returns whether autocast is on for a kind of device on the current thread.
     *
     * @throws IllegalArgumentException if the engine has no autocast for that kind of device
     */
    public static boolean isEnabled(Device type) {
        return Modes.isAutocastEnabled(typeOf(type));
    }

    /**
     * Returns the lower precision of autocast for a kind of device on the current thread, whether it is on or not.
     *
     * @throws IllegalArgumentException if the engine has no autocast for that kind of device
     */
    public static DType dtype(Device type) {
        return Handles.dtype(Modes.autocastDtype(typeOf(type)));
    }

    /** Returns whether autocast keeps casts of weights on the current thread. */
    public static boolean isCacheEnabled() {
        return Modes.isAutocastCacheEnabled();
    }

    private static DeviceType typeOf(Device type) {
        if (!isAvailable(type)) {
            throw new IllegalArgumentException("User specified an unsupported autocast device_type '" + type.type()
                    + "': the engine has autocast for cpu, cuda and mps");
        }
        try (org.bytedeco.pytorch.Device device = new org.bytedeco.pytorch.Device(type.type())) {
            return device.type();
        }
    }

    /**
     * Restores the settings before this block. Closing twice has no effect.
     *
     * @throws IllegalStateException if the current thread is not the one that created this object
     */
    @Override
    public void close() {
        mode.close();
    }
}
