package org.jtorch.models.pretrained;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;

/**
 * A model with a configuration, which is read from a folder and written to one as by {@code from_pretrained} and
 * {@code save_pretrained} of {@code transformers}.
 *
 * @param <C> the type of the configuration
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public abstract class PretrainedModel<C extends ModelConfig, I extends @Nullable Object, O extends @Nullable Object>
        extends Module<I, O> {

    /** The default size of the largest file with weights, 5 GB as in {@code transformers}. */
    public static final long MAX_SHARD_BYTES = 5_000_000_000L;

    private final C config;

    /** Creates a model with a configuration. */
    protected PretrainedModel(C config) {
        this.config = config;
    }

    /** Returns the configuration. */
    public final C config() {
        return config;
    }

    /**
     * Returns the name of the field with the whole model below its heads, such as {@code bert}. A file with weights of the model
     * without heads has no such prefix, and is read too. The default is empty: the model has no heads.
     */
    protected String baseModelPrefix() {
        return "";
    }

    /**
     * Returns whether a weight that the model does not have may be in a file, since it is known to have no effect. The default is false.
     *
     * @param key the key in the file
     */
    protected boolean mayRemain(String key) {
        return false;
    }

    /** Returns the name in the list {@code architectures} of the configuration; by default, that of the class. */
    protected String architecture() {
        return getClass().getSimpleName();
    }

    /** Writes the model to a folder, in files of at most {@link #MAX_SHARD_BYTES}; see {@link #savePretrained(Path, long)}. */
    public final void savePretrained(Path folder) {
        savePretrained(folder, MAX_SHARD_BYTES);
    }

    /**
     * Writes {@code config.json} and {@code model.safetensors}, which {@code transformers} reads. Tied weights are written once.
     *
     * @param folder the folder, which is created if it does not exist
     * @param maxShardBytes the greatest number of bytes of tensors in a file; larger models are written as several files
     * @throws org.jtorch.serialize.format.CheckpointException if a file cannot be written
     */
    public final void savePretrained(Path folder, long maxShardBytes) {
        PretrainedFiles.save(this, folder, maxShardBytes);
    }
}
