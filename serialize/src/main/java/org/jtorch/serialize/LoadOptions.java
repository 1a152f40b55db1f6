package org.jtorch.serialize;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.internal.options.Customized;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.Readings;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;

/**
 * Options for reading a checkpoint: {@code Checkpoint.load(path, o ->
 * o.mapLocation(Device.cuda(0)).dtype(DType.BFLOAT16))}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.load.html">torch.load</a>
 */
public final class LoadOptions {

    /** The size of the largest file that is copied by default. */
    static final long COPIED = 64L << 20;

    private Function<String, @Nullable Device> mapLocation = location -> null;
    private @Nullable DType dtype;
    private @Nullable Predicate<String> keys;
    private @Nullable Boolean mmap;
    private boolean verify;
    private boolean allowUnknown;
    private final Set<String> allowed = new HashSet<>();
    private final Limits limits = new Limits();

    static {
        Readings.open(LoadOptions.class, options -> Customized.of(new LoadOptions(), options)
                .reading());
    }

    LoadOptions() {}

    /** Loads all tensors to one device. The default is the CPU, regardless of where they were when they were saved. */
    public LoadOptions mapLocation(Device device) {
        return mapLocation(location -> device);
    }

    /** Loads tensors that were on a device of {@code devices}, such as {@code "cuda:1"}, to the device that it maps to. */
    public LoadOptions mapLocation(Map<String, Device> devices) {
        return mapLocation(devices::get);
    }

    /**
     * Loads tensors to the devices that {@code devices} returns.
     *
     * @param devices maps the device of a storage when it was saved, {@code "cpu"} or {@code "cuda:1"}, to the device for
     *     loading; null means the CPU
     */
    public LoadOptions mapLocation(Function<String, @Nullable Device> devices) {
        mapLocation = devices;
        return this;
    }

    /** Converts floating-point tensors on loading; others are not converted, as by {@code module.to(dtype)}. */
    public LoadOptions dtype(DType dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "tensors are converted to floating-point types on load, not to " + dtype);
        }
        this.dtype = dtype;
        return this;
    }

    /**
     * Reads only the tensors whose keys match, and no byte of the others. A dict does not contain the others; elsewhere
     * they are null.
     *
     * @param keys tests the key of a tensor. In a state dict this is its key; for a tensor further inside, all keys that
     *     lead to it, joined by dots: {@code model_state_dict.encoder.weight}. It may be called several times for one
     *     tensor
     */
    public LoadOptions keys(Predicate<String> keys) {
        this.keys = keys;
        return this;
    }

    /**
     * Sets whether tensors are views of the mapped file (true) or copies of it in memory (false). By default, files of at
     * most 64 MiB are copied, and larger ones are mapped, which needs no time and no memory until a tensor is used. A
     * mapped file must not be overwritten in place or truncated while its tensors are in use: they would change, or the
     * process would end. If somebody may write to the file of a model that is being served, use {@code mmap(false)}.
     */
    public LoadOptions mmap(boolean mmap) {
        this.mmap = mmap;
        return this;
    }

    /**
     * Sets whether the bytes of each tensor are compared with their checksum before it is used. The default is false, since
     * this reads the whole file. Files of {@link Checkpoint} and {@code torch.save} have checksums. Files of other
     * safetensors libraries, and of {@code torch.save} before PyTorch 1.6, have none, and cannot be loaded with this
     * option.
     */
    public LoadOptions verify(boolean verify) {
        this.verify = verify;
        return this;
    }

    /**
     * Allows {@link Checkpoint#root} to return values with objects of these classes, such as {@code argparse.Namespace}, as
     * {@link PythonObject}, and with the names of these functions, as {@link PythonGlobal}. Nothing of them runs.
     */
    public LoadOptions allow(String... classes) {
        allowed.addAll(Arrays.asList(classes));
        return this;
    }

    /** Allows all classes and functions, as {@link #allow} for each. */
    public LoadOptions allowUnknownClasses() {
        allowUnknown = true;
        return this;
    }

    /** Sets the limits of what a file may contain. */
    public LoadOptions limits(Consumer<Limits> customizer) {
        customizer.accept(limits);
        return this;
    }

    /** Returns the combined options. */
    Reading reading() {
        return new Chosen();
    }

    private final class Chosen implements Reading {

        @Override
        public Limits limits() {
            return limits;
        }

        @Override
        public boolean isMapped() {
            return !Boolean.FALSE.equals(mmap);
        }

        @Override
        public MappedFile.Access access(long size) {
            if (mmap != null) {
                return mmap ? MappedFile.Access.MAPPED : MappedFile.Access.COPIED;
            }
            if (size > COPIED) {
                return MappedFile.Access.MAPPED;
            }
            // if only a little of a file is read, do not keep the file
            return wantsAll() ? MappedFile.Access.WHOLE : MappedFile.Access.COPIED;
        }

        @Override
        public boolean isVerified() {
            return verify;
        }

        @Override
        public boolean allows(String name) {
            return allowUnknown || allowed.contains(name);
        }

        @Override
        public boolean wants(String key) {
            return keys == null || keys.test(key);
        }

        @Override
        public boolean wantsAll() {
            return keys == null;
        }

        @Override
        public Device device(String location) {
            Device device = mapLocation.apply(location);
            return device == null ? Device.CPU : device;
        }

        @Override
        public DType converted(DType from) {
            // an element is a pair of numbers, which PyTorch cannot convert
            return dtype != null && from.isFloatingPoint() && from != DType.FLOAT4_E2M1FN_X2 ? dtype : from;
        }
    }
}
