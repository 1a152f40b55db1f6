package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Tensor;

/**
 * A module's parameters and persistent buffers by their dotted keys, in PyTorch's order; what {@code torch.save} writes and
 * {@code torch.load} gives.
 *
 * <p>The tensors share the module's memory. {@link #metadata} is PyTorch's {@code _metadata}: for each module path its
 * {@code version}, by which a class recognises files of an older form of itself.
 */
public final class StateDict extends LinkedHashMap<String, Tensor> {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, Map<String, Object>> metadata = new LinkedHashMap<>();

    /** An empty state dict. */
    public StateDict() {}

    /** The tensors of {@code tensors} in its order, without metadata. */
    public StateDict(Map<String, ? extends Tensor> tensors) {
        super(tensors);
    }

    /** For each module path ({@code ""} is the root) its entries, of which PyTorch writes {@code version}. */
    public Map<String, Map<String, Object>> metadata() {
        return metadata;
    }
}
