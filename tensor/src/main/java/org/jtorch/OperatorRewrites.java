package org.jtorch;

import org.jspecify.annotations.Nullable;
import org.jtorch.internal.guards.GroupNorms;

/** Replacements for arguments of operators that are called by name. */
final class OperatorRewrites {

    /** Returns the replacement of one argument. */
    @FunctionalInterface
    interface Rewrite {
        org.bytedeco.pytorch.Tensor of(
                OperatorArgument argument, org.bytedeco.pytorch.Tensor value, OperatorGuards.Given given);
    }

    private OperatorRewrites() {}

    /** Returns the rewrite of an operator, or null, which is the usual case. */
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
