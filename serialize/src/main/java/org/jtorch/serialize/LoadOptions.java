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
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;

/**
 * How a checkpoint is read: {@code Checkpoint.load(path, o -> o.mapLocation(Device.cuda(0)).dtype(DType.BFLOAT16))}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.load.html">torch.load</a>
 */
public final class LoadOptions {

    /** The largest file that is copied by default. */
    static final long COPIED = 64L << 20;

    private Function<String, @Nullable Device> mapLocation = location -> null;
    private @Nullable DType dtype;
    private @Nullable Predicate<String> keys;
    private @Nullable Boolean mmap;
    private boolean verify;
    private boolean allowUnknown;
    private final Set<String> allowed = new HashSet<>();
    private final Limits limits = new Limits();

    LoadOptions() {}

    /** Puts all tensors on one device; without this, they are on the CPU, wherever they were when they were saved. */
    public LoadOptions mapLocation(Device device) {
        return mapLocation(location -> device);
    }

    /** Puts tensors that were on a device of {@code devices}, as {@code "cuda:1"}, on the device that it leads to. */
    public LoadOptions mapLocation(Map<String, Device> devices) {
        return mapLocation(devices::get);
    }

    /**
     * Puts tensors where {@code devices} says.
     *
     * @param devices from where a storage was when it was saved, {@code "cpu"} or {@code "cuda:1"}, to where it goes; null
     *     for the CPU
     */
    public LoadOptions mapLocation(Function<String, @Nullable Device> devices) {
        mapLocation = devices;
        return this;
    }

    /** Converts floating-point tensors; others stay what they are, as in {@code module.to(dtype)}. */
    public LoadOptions dtype(DType dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "tensors are converted to floating-point types on load, not to " + dtype);
        }
        this.dtype = dtype;
        return this;
    }

    /**
     * Reads only the tensors whose keys fit, and touches no byte of the others. A dict is left without them; elsewhere null
     * stands in their place.
     *
     * @param keys of a tensor in a state dict, its key; of one further inside, all keys on the way to it joined by dots,
     *     {@code model_state_dict.encoder.weight}. May be asked more than once about one tensor
     */
    public LoadOptions keys(Predicate<String> keys) {
        this.keys = keys;
        return this;
    }

    /**
     * Whether tensors are views of the mapped file, or copies of it in memory. By default files of at most 64 MiB are copied, and
     * larger ones are mapped, which takes no time and no memory until a tensor is used. A file that is mapped must not be written
     * over in place or cut short while its tensors are in use: they change, or the process ends. A model that is served from a
     * file that somebody may write to needs {@code mmap(false)}.
     */
    public LoadOptions mmap(boolean mmap) {
        this.mmap = mmap;
        return this;
    }

    /**
     * Whether the bytes of each tensor are compared with their checksum before it is used; default false, since all of the file is
     * read for it. Files that {@link Checkpoint} writes have checksums, as those of {@code torch.save} do; those of other
     * safetensors libraries and of {@code torch.save} before PyTorch 1.6 have none, and cannot be loaded with this.
     */
    public LoadOptions verify(boolean verify) {
        this.verify = verify;
        return this;
    }

    /**
     * Lets {@link Checkpoint#root} give values with objects of these classes, {@code argparse.Namespace}, as {@link PythonObject}, and
     * with the names of these functions as {@link PythonGlobal}. Nothing of theirs runs.
     */
    public LoadOptions allow(String... classes) {
        allowed.addAll(Arrays.asList(classes));
        return this;
    }

    /** {@link #allow} for all classes and functions. */
    public LoadOptions allowUnknownClasses() {
        allowUnknown = true;
        return this;
    }

    /** Sets limits of what a file may ask for. */
    public LoadOptions limits(Consumer<Limits> customizer) {
        customizer.accept(limits);
        return this;
    }

    /** What these come to. */
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
            // of a file of which little is wanted little is kept
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
            // pairs of numbers, which PyTorch converts into no other type
            return dtype != null && from.isFloatingPoint() && from != DType.FLOAT4_E2M1FN_X2 ? dtype : from;
        }
    }
}
