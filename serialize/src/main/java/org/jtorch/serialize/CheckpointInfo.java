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

/** The contents of a checkpoint file without its tensors. The file is not kept open. */
public final class CheckpointInfo {

    private final CheckpointFormat format;
    private final @Nullable Object root;
    private final Map<String, String> header;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, List<String>> unknown;

    /** The source, for messages. */
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

    /** Returns the format. */
    public CheckpointFormat format() {
        return format;
    }

    /**
     * Returns the saved value, with a {@link TensorInfo} for each tensor, or null if it was None. Objects of unknown
     * classes are records, even if they are not allowed.
     */
    public @Nullable Object root() {
        return root;
    }

    /**
     * Returns all tensors by their keys in a state dict. The key of a tensor further inside consists of all keys that lead
     * to it, joined by dots: {@code optimizer_state_dict.state.0.exp_avg}. If keys have the same text, the later ones are
     * followed by {@code (2)}.
     */
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Returns the text in a safetensors file or an index, in addition to the tensors; empty for other files. */
    public Map<String, String> header() {
        return header;
    }

    /**
     * Returns PyTorch's {@code _metadata} of a state dict: the {@code version} for each module path; empty if there is
     * none.
     */
    public Map<String, Map<String, Object>> metadata() {
        return StateDicts.metadata(root);
    }

    /**
     * Returns the classes and functions that are neither known nor allowed, in the order of the file. Each has a list of
     * the keys that lead to the first few places at which it occurs.
     *
     * @see LoadOptions#allow
     */
    public Map<String, List<String>> unknownClasses() {
        return unknown;
    }

    /** Returns the number of bytes of the tensors' elements. Views are counted separately. */
    public long nbytes() {
        return tensors.values().stream().mapToLong(TensorInfo::nbytes).sum();
    }

    /** Returns one line with the file, its format, the keys of the saved value, and the number of tensors. */
    @Override
    public String toString() {
        return CheckpointText.of(source, "", format, root, tensors.size(), nbytes());
    }
}
