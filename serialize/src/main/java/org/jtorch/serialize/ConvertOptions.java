package org.jtorch.serialize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;

/**
 * Options of a conversion:
 * {@code Checkpoint.convert(in, out, o -> o.dtype(DType.BFLOAT16).stripPrefix("module.").maxShardSize(2_000_000_000L))}.
 * Names are changed in this order: {@link #at}, {@link #stripPrefix}, {@link #rename}.
 */
public final class ConvertOptions {

    /** Receives reports of the progress. */
    public interface Progress {

        /**
         * Called before each tensor (for a {@code .pt} file, each storage), while a large one is written, and at the end.
         *
         * @param key the key of the next tensor, or of the first tensor of the next storage; empty at the end
         * @param done the number of bytes of tensors that were written
         * @param total the number of bytes of all tensors
         */
        void at(String key, long done, long total);
    }

    private @Nullable DType dtype;
    private @Nullable String at;
    private @Nullable String prefix;
    private final List<KeyPattern> renames = new ArrayList<>();
    private long maxShardSize = Long.MAX_VALUE;
    private boolean onlyTensors;
    private boolean sharedOnce;
    private boolean verify = true;
    private Progress progress = (key, done, total) -> {};
    private Consumer<LoadOptions> loading = o -> {};

    ConvertOptions() {}

    /**
     * Sets whether the bytes of each tensor are compared with their checksum, if the file has one; the default is true. A
     * damaged file is not converted then. This reads the bytes of each tensor twice.
     */
    public ConvertOptions verify(boolean verify) {
        this.verify = verify;
        return this;
    }

    boolean isVerified() {
        return verify;
    }

    /**
     * Sets the dtype to which floating-point tensors are converted. Other tensors are not converted; by default, none are.
     *
     * @throws IllegalArgumentException if {@code dtype} is not a floating-point type
     */
    public ConvertOptions dtype(DType dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new IllegalArgumentException("tensors are converted to floating-point types, not to " + dtype);
        }
        this.dtype = dtype;
        return this;
    }

    /**
     * Converts only the value under {@code key} of the file's dict, such as {@code at("model_state_dict")} of a training
     * checkpoint.
     */
    public ConvertOptions at(String key) {
        this.at = key;
        return this;
    }

    /** Removes {@code prefix} from the keys that begin with it. At least one key must. */
    public ConvertOptions stripPrefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    /**
     * Renames keys. {@code from} is a key, or a prefix of keys up to a dot: {@code rename("encoder", "model.encoder")}
     * changes {@code encoder.fc.weight} to {@code model.encoder.fc.weight}, but does not change {@code
     * encoder_norm.weight}. A {@code *} stands for one part of a key, without dots, and for the same part in {@code to}:
     * {@code rename("layers.*.attn", "blocks.*.attention")}. Several renames are applied one after the other.
     *
     * @throws IllegalArgumentException if {@code to} has more {@code *} than {@code from}
     */
    public ConvertOptions rename(String from, String to) {
        renames.add(new KeyPattern(from, to));
        return this;
    }

    /**
     * Splits a larger safetensors checkpoint into shards, as {@link Checkpoint#saveSharded}.
     *
     * @throws IllegalArgumentException if {@code bytes} is less than 1
     */
    public ConvertOptions maxShardSize(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the size of a shard is " + bytes + " bytes, but must be at least 1");
        }
        this.maxShardSize = bytes;
        return this;
    }

    /**
     * Leaves out values that are not tensors: numbers, strings, the state of an optimizer. Without this option, they are
     * errors.
     */
    public ConvertOptions onlyTensors() {
        this.onlyTensors = true;
        return this;
    }

    /**
     * Writes tensors that are one tensor in the source (tied weights) only once, under the first of their names, and lists
     * the others in the header, as {@code safetensors.torch.save_model} does. By default each is written separately, so
     * that every key is in the file and any reader can load it into any model. A conversion to {@code .pt} joins them
     * again.
     */
    public ConvertOptions sharedOnce() {
        this.sharedOnce = true;
        return this;
    }

    /** Sets the receiver of progress reports. */
    public ConvertOptions progress(Progress progress) {
        this.progress = progress;
        return this;
    }

    /** Sets the options for reading the file: allowed classes, keys, limits. The device and dtype in them have no effect. */
    public ConvertOptions load(Consumer<LoadOptions> options) {
        this.loading = options;
        return this;
    }

    DType converted(DType from) {
        // an element is a pair of numbers, which PyTorch cannot convert
        return dtype != null && from.isFloatingPoint() && from != DType.FLOAT4_E2M1FN_X2 ? dtype : from;
    }

    @Nullable
    String at() {
        return at;
    }

    @Nullable
    String prefix() {
        return prefix;
    }

    List<KeyPattern> renames() {
        return renames;
    }

    long maxShardSize() {
        return maxShardSize;
    }

    boolean isOnlyTensors() {
        return onlyTensors;
    }

    boolean isSharedOnce() {
        return sharedOnce;
    }

    Progress progress() {
        return progress;
    }

    Consumer<LoadOptions> loading() {
        return loading;
    }
}
