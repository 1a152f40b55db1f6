package org.jtorch.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.internal.engine.HandleList;

/** Tensors in bundles that each have one device and dtype, in the order in which these begin. */
public final class TensorBundles implements Iterable<TensorBundle>, AutoCloseable {

    /** What the tensors of one bundle have in common. */
    private record Kind(int deviceType, int deviceIndex, int dtype) {

        private static final int FLOAT32 = Handles.scalarType(DType.FLOAT32).value;
        private static final int FLOAT64 = Handles.scalarType(DType.FLOAT64).value;

        /** Returns the dtype of {@link TensorBundle#scalar}, or null if there is none. */
        @Nullable
        DType scalarDtype() {
            return deviceType != 0 ? null : dtype == FLOAT32 ? DType.FLOAT32 : dtype == FLOAT64 ? DType.FLOAT64 : null;
        }

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

    private final List<TensorBundle> bundles;

    private TensorBundles(List<TensorBundle> bundles) {
        this.bundles = bundles;
    }

    /** Returns bundles of {@code tensors}. */
    public static TensorBundles of(Iterable<? extends Tensor> tensors) {
        Map<Kind, List<Tensor>> lists = new LinkedHashMap<>();
        for (Tensor tensor : tensors) {
            lists.computeIfAbsent(Kind.of(Handles.of(tensor)), kind -> new ArrayList<>())
                    .add(tensor);
        }
        return new TensorBundles(lists.values().stream().map(TensorBundle::of).toList());
    }

    /** Returns bundles of the gradients of {@code parameters}. Parameters without a gradient are left out. */
    public static TensorBundles gradientsOf(Iterable<? extends Tensor> parameters) {
        Map<Kind, HandleList> lists = new LinkedHashMap<>();
        Kind last = null;
        HandleList list = null; // most parameters have the kind of the one before
        try {
            for (Tensor parameter : parameters) {
                org.bytedeco.pytorch.Tensor gradient = Handles.gradient(parameter);
                if (gradient != null) {
                    Kind kind = Kind.of(gradient);
                    if (list == null || !kind.equals(last)) {
                        list = lists.computeIfAbsent(kind, k -> new HandleList(0));
                        last = kind;
                    }
                    list.add(gradient);
                }
            }
        } catch (RuntimeException e) {
            lists.values().forEach(HandleList::close);
            throw e;
        }
        List<TensorBundle> bundles = new ArrayList<>(lists.size());
        lists.forEach((kind, handles) -> bundles.add(new TensorBundle(handles, kind.scalarDtype())));
        return new TensorBundles(bundles);
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
