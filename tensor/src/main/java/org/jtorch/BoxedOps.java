package org.jtorch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls operations that the bindings do not have, most of them because of a leading underscore. Used by the op tables. */
final class BoxedOps {

    private BoxedOps() {}

    /** Calls an operation that returns one tensor. The caller owns the handle. */
    static org.bytedeco.pytorch.Tensor tensor(String operator, String overload, @Nullable Object... arguments) {
        return tensors(operator, overload, arguments).get(0);
    }

    /** Calls an operation that returns values and their indices. The caller owns the handles. */
    static List<org.bytedeco.pytorch.Tensor> pair(String operator, String overload, @Nullable Object... arguments) {
        return tensors(operator, overload, arguments);
    }

    /** Calls an operation that returns tensors. The caller owns the handles. */
    static List<org.bytedeco.pytorch.Tensor> tensors(String operator, String overload, @Nullable Object... arguments) {
        return Operator.found("aten::" + operator, overload).handles(arguments);
    }
}
