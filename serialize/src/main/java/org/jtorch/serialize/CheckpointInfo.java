package org.jtorch.serialize;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.TensorInfo;
import org.jtorch.serialize.internal.contents.ContentsWalk;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.internal.contents.UnknownClasses;
import org.jtorch.serialize.internal.stored.Contents;

/** What a checkpoint file says, no tensor of it read; the file is closed again. */
public final class CheckpointInfo {

    private final CheckpointFormat format;
    private final @Nullable Object root;
    private final Map<String, String> header;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, List<String>> unknown;

    /** What it was read from. */
    private final Object source;

    CheckpointInfo(Contents contents, LoadOptions options, Object source) {
        this.source = source;
        format = contents.format();
        header = Collections.unmodifiableMap(contents.header());
        ByKeys<TensorInfo> listed = new ByKeys<>();
        root = ContentsWalk.replace(contents.root(), (path, tensor) -> {
            listed.put(path.toString(), tensor);
            return tensor;
        });
        tensors = listed.values();
        unknown = Collections.unmodifiableMap(UnknownClasses.in(root, options.reading()::allows));
    }

    /** Its format. */
    public CheckpointFormat format() {
        return format;
    }

    /**
     * The value that was saved, with a {@link TensorInfo} where a tensor is; null if it was None. Objects of unknown classes are
     * records, allowed or not.
     */
    public @Nullable Object root() {
        return root;
    }

    /**
     * All tensors, by their keys in a state dict; of those further inside, by all keys on the way to them, joined by dots:
     * {@code optimizer_state_dict.state.0.exp_avg}. Of keys that are the same text the later ones are followed by {@code (2)}.
     */
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The text that a safetensors file or an index carries beside its tensors; empty for other files. */
    public Map<String, String> header() {
        return header;
    }

    /** PyTorch's {@code _metadata} of a state dict: for each module path its {@code version}; empty if there is none. */
    public Map<String, Map<String, Object>> metadata() {
        return StateDicts.metadata(root);
    }

    /**
     * The classes and functions that are neither known nor allowed, in the order of the file, each with the keys on the way to the first
     * few places where it stands.
     *
     * @see LoadOptions#allow
     */
    public Map<String, List<String>> unknownClasses() {
        return unknown;
    }

    /** How many bytes the tensors' elements take, views counted each for itself. */
    public long nbytes() {
        return tensors.values().stream().mapToLong(TensorInfo::nbytes).sum();
    }

    /** One line: the file, its format, the keys of the saved value, and how many tensors it has. */
    @Override
    public String toString() {
        return CheckpointText.of(source, "", format, root, tensors.size(), nbytes());
    }
}
