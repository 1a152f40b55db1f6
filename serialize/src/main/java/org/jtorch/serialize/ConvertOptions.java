package org.jtorch.serialize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;

/**
 * How a file is converted:
 * {@code Checkpoint.convert(in, out, o -> o.dtype(DType.BFLOAT16).stripPrefix("module.").maxShardSize(2_000_000_000L))}.
 * Names change in the order: {@link #at}, {@link #stripPrefix}, {@link #rename}.
 */
public final class ConvertOptions {

    /** Told how far it is. */
    public interface Progress {

        /**
         * Called before each tensor (or storage, into a {@code .pt} file), while a large one is written, and at the end.
         *
         * @param key what is written next, of a storage the first tensor; empty at the end
         * @param done bytes of tensors that were written
         * @param total bytes of tensors in all
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
     * Whether the bytes of each tensor are compared with their checksum, if the file has one; default true. A damaged file is not
     * converted then. It takes a second look at each tensor's bytes.
     */
    public ConvertOptions verify(boolean verify) {
        this.verify = verify;
        return this;
    }

    boolean isVerified() {
        return verify;
    }

    /**
     * Converts floating-point tensors; others stay what they are.
     *
     * @throws IllegalArgumentException if {@code dtype} is no floating-point type
     */
    public ConvertOptions dtype(DType dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new IllegalArgumentException("tensors are converted to floating-point types, not to " + dtype);
        }
        this.dtype = dtype;
        return this;
    }

    /** Takes what the file's dict has under {@code key} alone: {@code at("model_state_dict")} of a training checkpoint. */
    public ConvertOptions at(String key) {
        this.at = key;
        return this;
    }

    /** Takes {@code prefix} off the keys that begin with it; at least one must. */
    public ConvertOptions stripPrefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    /**
     * Renames keys. {@code from} is a key, or the beginning of keys up to a dot: {@code rename("encoder", "model.encoder")}
     * turns {@code encoder.fc.weight} into {@code model.encoder.fc.weight}, and leaves {@code encoder_norm.weight}. A
     * {@code *} stands for one part of a key, without dots, and for the same in {@code to}:
     * {@code rename("layers.*.attn", "blocks.*.attention")}. Several are applied one after the other.
     *
     * @throws IllegalArgumentException if {@code to} has more {@code *} than {@code from}
     */
    public ConvertOptions rename(String from, String to) {
        renames.add(new KeyPattern(from, to));
        return this;
    }

    /**
     * Shards a safetensors checkpoint that is larger, as {@link Checkpoint#saveSharded} does.
     *
     * @throws IllegalArgumentException if {@code bytes} is less than 1
     */
    public ConvertOptions maxShardSize(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a shard of at most " + bytes + " bytes holds nothing: give 1 or more");
        }
        this.maxShardSize = bytes;
        return this;
    }

    /** Leaves out what is no tensor: numbers, texts, an optimizer's state. Without this, such is an error. */
    public ConvertOptions onlyTensors() {
        this.onlyTensors = true;
        return this;
    }

    /**
     * Writes tensors that are one in the file (tied weights) once, under the first of their names, and notes the others in
     * the header, as {@code safetensors.torch.save_model} does. By default each is written for itself: so every key is in the
     * file, and it loads into any model by any reader. A conversion to {@code .pt} makes one tensor of them again.
     */
    public ConvertOptions sharedOnce() {
        this.sharedOnce = true;
        return this;
    }

    /** Sets who is told how far it is. */
    public ConvertOptions progress(Progress progress) {
        this.progress = progress;
        return this;
    }

    /** Sets how the file is read: allowed classes, keys, limits. Device and dtype given there have no effect. */
    public ConvertOptions load(Consumer<LoadOptions> options) {
        this.loading = options;
        return this;
    }

    DType converted(DType from) {
        // pairs of numbers, which PyTorch converts into no other type
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
