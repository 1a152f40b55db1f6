package org.jtorch.serialize;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.StateDict;

/**
 * A checkpoint file's content. {@link #load} takes what PyTorch's {@code torch.save} and safetensors write, and knows them by
 * their bytes; {@link #save} and {@link #saveSafetensors} write what those read.
 *
 * <pre>{@code
 * model.loadStateDict(Checkpoint.load(Path.of("mlp.pt")).stateDict());
 * Checkpoint.save(Path.of("mlp.pt"), model.stateDict());
 * }</pre>
 *
 * <p><b>Nothing from a file runs.</b> A pickle is read as data by a machine that calls nothing; what it names beyond that is
 * refused by name.
 *
 * <p><b>Loading maps.</b> Tensors are views of the file, read when they are first touched; what is written into them stays in
 * this process. The file may be replaced or deleted meanwhile (as {@link #save} to the same place does), but must not be cut
 * short or written over by another program. Tensors of other devices are loaded to the processor.
 *
 * <p>Tensors belong to the current {@link org.jtorch.TensorScope}, if there is one, as any result does.
 *
 * <p><b>Values.</b> dict and OrderedDict are {@link java.util.LinkedHashMap} and {@link OrderedDict}; list, set and tuple
 * {@link java.util.List}, {@link java.util.Set} and {@link Tuple}; int {@link Long} ({@link java.math.BigInteger} beyond 64
 * bits), float {@link Double}, complex {@link Complex}; bool, str and None {@link Boolean}, {@link String} and null; bytes
 * {@code byte[]}; {@code torch.Size}, {@code torch.device} and {@code torch.dtype} {@link Size}, {@link org.jtorch.Device} and
 * {@link org.jtorch.DType}; tensors and parameters {@link Tensor} and {@link org.jtorch.nn.Parameter}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/notes/serialization.html">PyTorch's notes on serialization</a>
 */
public final class Checkpoint {

    private final CheckpointFormat format;
    private final @Nullable Object root;
    private final Map<String, String> header;

    Checkpoint(CheckpointFormat format, @Nullable Object root, Map<String, String> header) {
        this.format = format;
        this.root = root;
        this.header = header;
    }

    // --- reading -----------------------------------------------------------------------------------------------

    /**
     * Reads a file.
     *
     * @param path a {@code .pt} file of PyTorch 1.6 or later, or a {@code .safetensors} file, under any name
     * @throws CheckpointException where it is not there, is neither, is damaged, or holds something other than data
     */
    public static Checkpoint load(Path path) {
        Objects.requireNonNull(path, "path");
        try (MappedFile file = MappedFile.open(path)) {
            return switch (FormatDetection.of(file)) {
                case TORCH -> new Checkpoint(CheckpointFormat.TORCH, TorchReader.read(file), Map.of());
                case SAFETENSORS -> SafetensorsReader.read(file);
            };
        } catch (CheckpointException e) {
            throw e.in(path);
        } catch (TorchException e) {
            throw new CheckpointException(path + ": " + e.getMessage(), e);
        }
    }

    /** The format that it was read from. */
    public CheckpointFormat format() {
        return format;
    }

    /** The value that was saved; null where that was None. Of a safetensors file, its tensors by name. */
    public @Nullable Object root() {
        return root;
    }

    /**
     * The tensors by their keys, with PyTorch's {@code _metadata} where the file has it: what a module loads. A state dict
     * inside of a training checkpoint is found by {@link #at}.
     *
     * @throws CheckpointException where the value is no map from names to tensors
     */
    public StateDict stateDict() {
        return StateDicts.of(root);
    }

    /**
     * What the saved dict has under {@code key}, as a checkpoint of its own:
     * {@code Checkpoint.load(file).at("model_state_dict").stateDict()}.
     *
     * @throws CheckpointException where the value is no dict, or has no such key
     */
    public Checkpoint at(Object key) {
        if (!(root instanceof Map<?, ?> map)) {
            throw new CheckpointException("the checkpoint is no dict, so it has no '" + key + "'");
        }
        // Python's ints are Longs here
        Object read = key instanceof Integer number ? (Object) number.longValue() : key;
        if (!map.containsKey(read)) {
            throw new CheckpointException(
                    "the checkpoint has no '" + key + "'; it has " + StateDicts.some(map.keySet()));
        }
        return new Checkpoint(format, map.get(read), Map.of());
    }

    /** The text that a safetensors file carries beside its tensors ({@code __metadata__}); empty for other files. */
    public Map<String, String> header() {
        return header;
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /**
     * Writes a value as {@code torch.save} does; {@code torch.load(path, weights_only=True)} and {@link #load} read it. Tensors
     * that share memory go on doing so. The file appears whole or not at all: it is written beside its place, brought to the
     * disk, and then put into its place; one that stood there stays untouched until then.
     *
     * @param path where; its folder must exist
     * @param value a {@link StateDict}, or any value of the kinds that {@link Checkpoint} lists, containers included
     * @throws CheckpointException where it cannot be written, or {@code value} holds something that has no form in a file
     */
    public static void save(Path path, @Nullable Object value) {
        Objects.requireNonNull(path, "path");
        AtomicFile.write(path, channel -> TorchWriter.write(channel, TorchWriter.archiveName(path), value));
    }

    /** {@link #saveSafetensors(Path, Map, Map)} without text beside the tensors. */
    public static void saveSafetensors(Path path, Map<String, ? extends Tensor> tensors) {
        saveSafetensors(path, tensors, Map.of());
    }

    /**
     * Writes tensors in the safetensors format, as its Python library lays them out. Each is written dense and row-major;
     * those that share memory are written each for itself. The file appears whole or not at all, as with {@link #save}.
     *
     * @param path where; its folder must exist
     * @param tensors by name
     * @param header text to carry along, {@code {"format": "pt"}} is customary; empty for none
     * @throws CheckpointException where it cannot be written, or a tensor's dtype has no name in the format
     */
    public static void saveSafetensors(Path path, Map<String, ? extends Tensor> tensors, Map<String, String> header) {
        Objects.requireNonNull(path, "path");
        AtomicFile.write(path, channel -> SafetensorsWriter.write(channel, tensors, header));
    }
}
