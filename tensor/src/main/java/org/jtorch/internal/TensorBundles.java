package org.jtorch.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.engine.HandleList;

/** Tensors in bundles that each have one device and dtype, in the order in which these begin. */
public final class TensorBundles implements Iterable<TensorBundle>, AutoCloseable {

    /** What the tensors of one bundle have in common. */
    private record Kind(int deviceType, int deviceIndex, int dtype) {

        static Kind of(org.bytedeco.pytorch.Tensor handle) {
            int dtype = handle.scalar_type().value;
            if (handle.is_cpu()) {
                return new Kind(0, 0, dtype);
            }
            try (org.bytedeco.pytorch.Device device = handle.device()) {
                return new Kind(1 + device.type().value, device.index(), dtype);
            }
        }
    }

    private final List<TensorBundle> bundles = new ArrayList<>();

    private TensorBundles(Iterable<? extends Tensor> tensors, Function<Tensor, org.bytedeco.pytorch.@Nullable Tensor> handle) {
        List<Kind> kinds = new ArrayList<>();
        List<HandleList> lists = new ArrayList<>();
        try {
            for (Tensor tensor : tensors) {
                org.bytedeco.pytorch.Tensor each = handle.apply(tensor);
                if (each != null) {
                    Kind kind = Kind.of(each);
                    int index = kinds.indexOf(kind);
                    if (index < 0) {
                        index = kinds.size();
                        kinds.add(kind);
                        lists.add(new HandleList(0));
                    }
                    lists.get(index).add(each);
                }
            }
        } catch (RuntimeException e) {
            lists.forEach(HandleList::close);
            throw e;
        }
        lists.forEach(list -> bundles.add(new TensorBundle(list)));
    }

    /** Returns bundles of {@code tensors}. */
    public static TensorBundles of(Iterable<? extends Tensor> tensors) {
        return new TensorBundles(tensors, Handles::of);
    }

    /** Returns bundles of the gradients of {@code parameters}. Parameters without a gradient are left out. */
    public static TensorBundles gradientsOf(Iterable<? extends Tensor> parameters) {
        return new TensorBundles(parameters, Handles::gradient);
    }

    /** Returns whether there are no tensors. */
    public boolean isEmpty() {
        return bundles.isEmpty();
    }

    @Override
    public Iterator<TensorBundle> iterator() {
        return bundles.iterator();
    }

    /** Closes the bundles. */
    @Override
    public void close() {
        bundles.forEach(TensorBundle::close);
    }
}
