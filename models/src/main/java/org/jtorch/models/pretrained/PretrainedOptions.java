package org.jtorch.models.pretrained;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;

/** The optional arguments for reading a model from a folder. */
public final class PretrainedOptions {

    @Nullable
    DType dtype;

    Device device = Device.CPU;

    @Nullable
    Boolean mmap;

    final List<Predicate<String>> mayMiss = new ArrayList<>();
    final List<Predicate<String>> mayRemain = new ArrayList<>();

    @Nullable
    Integer numLabels;

    boolean ignoreMismatchedSizes;

    PretrainedOptions() {}

    /**
     * Sets the number of classes of a classifier, which are then named {@code LABEL_0}, {@code LABEL_1} and so on; the default is
     * that of the folder. A head for another number of classes needs {@link #ignoreMismatchedSizes} too.
     */
    public PretrainedOptions numLabels(int labels) {
        if (labels < 1) {
            throw new IllegalArgumentException("numLabels is " + labels + ", but it must be at least 1");
        }
        numLabels = labels;
        return this;
    }

    /** Sets whether weights of the file that have other sizes than the model's are replaced by initial ones; false by default. */
    public PretrainedOptions ignoreMismatchedSizes(boolean ignore) {
        ignoreMismatchedSizes = ignore;
        return this;
    }

    /** Sets the dtype of the floating-point weights; the default is that in the file. */
    public PretrainedOptions dtype(DType newDtype) {
        if (!newDtype.isFloatingPoint()) {
            throw new IllegalArgumentException("the weights of a model are of a floating-point dtype, not " + newDtype);
        }
        dtype = newDtype;
        return this;
    }

    /** Sets the device; the default is the CPU. */
    public PretrainedOptions device(Device newDevice) {
        device = newDevice;
        return this;
    }

    /** Sets whether the weights are views of the mapped files; the default is to map files of more than 64 MiB. */
    public PretrainedOptions mmap(boolean newMmap) {
        mmap = newMmap;
        return this;
    }

    /**
     * Allows that weights are not in the file, such as those of a new head. They keep their initial values.
     *
     * @param keys tells which keys may be missing, such as {@code key -> key.startsWith("classifier.")}
     */
    public PretrainedOptions mayMiss(Predicate<String> keys) {
        mayMiss.add(keys);
        return this;
    }

    /**
     * Allows that the file has weights that the model does not have, such as those of another head.
     *
     * @param keys tells which keys may remain
     */
    public PretrainedOptions mayRemain(Predicate<String> keys) {
        mayRemain.add(keys);
        return this;
    }
}
