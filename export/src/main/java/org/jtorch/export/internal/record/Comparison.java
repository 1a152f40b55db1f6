package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/** Compares what a program returns with what its module returned. */
final class Comparison {

    private static final double RELATIVE = 1e-4;
    private static final double ABSOLUTE = 1e-5;

    private Comparison() {}

    /** Returns whether two tensors have the same shape, dtype and values, but for rounding. */
    static boolean same(Tensor a, Tensor b) {
        if (!a.size().equals(b.size()) || a.dtype() != b.dtype()) {
            return false;
        }
        try (GradMode mode = Autograd.noGrad()) {
            if (!a.isFloatingPoint() && !a.isComplex()) {
                return a.equal(b);
            }
            double loose = a.dtype().itemSize() < 4 ? 100 : 1;
            return a.equal(b) || a.allclose(b, RELATIVE * loose, ABSOLUTE * loose, true);
        }
    }

    /** Returns where two trees of lists and maps differ, or null. */
    static @Nullable String difference(@Nullable Object a, @Nullable Object b, String place) {
        if (a instanceof Tensor x && b instanceof Tensor y) {
            if (same(x, y)) {
                return null;
            }
            return place + " is " + described(x) + ", but should be " + described(y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
            for (int i = 0; i < x.size(); i++) {
                String found = difference(x.get(i), y.get(i), place + "[" + i + "]");
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            List<Object> keys = new ArrayList<>(x.keySet());
            for (Object key : keys) {
                String found = difference(x.get(key), y.get(key), place + "['" + key + "']");
                if (found != null) {
                    return found;
                }
            }
            return x.size() == y.size() ? null : place + " has other keys";
        }
        if (a instanceof Number x && b instanceof Number y && x.doubleValue() == y.doubleValue()) {
            return null;
        }
        return Objects.equals(a, b) ? null : place + " is " + a + ", but should be " + b;
    }

    private static String described(Tensor tensor) {
        return tensor.dtype() + " of shape " + tensor.size()
                + (tensor.numel() == 1 && !tensor.isComplex() ? " (" + tensor.item() + ")" : "");
    }
}
