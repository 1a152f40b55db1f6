package org.jtorch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ops that the bindings leave out, most of them for their leading underscore, for the op tables. */
final class BoxedOps {

    private BoxedOps() {}

    /** Calls an op that gives one tensor. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor tensor(String operator, String overload, @Nullable Object... arguments) {
        return tensors(operator, overload, arguments).get(0);
    }

    /** Calls an op that gives values and where they were. The handles are the caller's. */
    static List<org.bytedeco.pytorch.Tensor> pair(String operator, String overload, @Nullable Object... arguments) {
        return tensors(operator, overload, arguments);
    }

    /** Calls an op that gives tensors. The handles are the caller's. */
    static List<org.bytedeco.pytorch.Tensor> tensors(String operator, String overload, @Nullable Object... arguments) {
        return Operator.found("aten::" + operator, overload).handles(arguments);
    }
}
