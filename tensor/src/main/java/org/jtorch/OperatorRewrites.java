package org.jtorch;

import org.jspecify.annotations.Nullable;
import org.jtorch.internal.guards.GroupNorms;

/** Tensors that an operator called by name gets in place of those it was given. */
final class OperatorRewrites {

    /** What to take for one argument. */
    @FunctionalInterface
    interface Rewrite {
        org.bytedeco.pytorch.Tensor of(
                OperatorArgument argument, org.bytedeco.pytorch.Tensor value, OperatorGuards.Given given);
    }

    private OperatorRewrites() {}

    /** The rewrite of an operator, or null, which nearly all have. */
    static @Nullable Rewrite of(String operator) {
        if (SparseParts.makesSparse(operator)) {
            return (argument, value, given) -> SparseParts.own(argument.name, value);
        }
        if (operator.equals("aten::group_norm") || operator.equals("aten::native_group_norm")) {
            return (argument, value, given) -> argument.name.equals("input")
                    ? GroupNorms.input(value, given.optionalTensor("weight"), given.optionalTensor("bias"))
                    : value;
        }
        return null;
    }
}
