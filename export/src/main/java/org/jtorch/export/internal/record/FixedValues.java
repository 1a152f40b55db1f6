package org.jtorch.export.internal.record;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.record.Trace.Ref;

/** Which values are the same in every call: those of constants, and of what is computed from constants only. */
final class FixedValues {

    /** Operators whose results have a shape, or are Java values, that depends on the values of their arguments. */
    private static final Set<String> VALUE_DEPENDENT = Set.of(
            "aten::nonzero",
            "aten::argwhere",
            "aten::masked_select",
            "aten::_unique2",
            "aten::unique_dim",
            "aten::unique_consecutive",
            "aten::bincount",
            "aten::equal",
            "aten::is_nonzero",
            "aten::allclose",
            "aten::_pack_padded_sequence");

    private static final Pattern RANDOM = Pattern.compile(
            "::(rand|normal|bernoulli|multinomial|poisson|uniform|exponential|geometric|cauchy|log_normal|empty|new_empty"
                    + "|dropout|feature_dropout|alpha_dropout|feature_alpha_dropout|rrelu|fractional)");

    private final Trace trace;
    private final Set<Ref> fixed = new HashSet<>();

    /** The memory of tensors that an operator changed to values that depend on the call. */
    private final Set<Long> changed = new HashSet<>();

    FixedValues(Trace trace) {
        this.trace = trace;
    }

    void add(Ref ref) {
        fixed.add(ref);
    }

    /** Says that an operator changes a tensor to values that depend on the call. */
    void change(Tensor tensor) {
        if (tensor.layout() == Layout.STRIDED) {
            changed.add(tensor.storageId());
        }
    }

    /** Returns whether the values of a tensor, whose number is known, are still the same in every call. */
    boolean isFixed(Ref ref, Tensor tensor) {
        return fixed.contains(ref) && !(tensor.layout() == Layout.STRIDED && changed.contains(tensor.storageId()));
    }

    /** Returns whether an operator makes the same values in every call of these arguments. */
    boolean makesFixed(String operator, List<? extends @Nullable Object> arguments) {
        return !RANDOM.matcher(operator).find() && isFixed(arguments);
    }

    /** Returns whether an operation only looks at shapes, and makes no tensor. */
    static boolean isOfShapes(OpRecorder.RecordedOp op) {
        Object result = op.result() instanceof List<?> list && list.size() == 1 ? list.get(0) : op.result();
        return !VALUE_DEPENDENT.contains(op.operator()) && (result instanceof Boolean || result instanceof Number);
    }

    private boolean isFixed(@Nullable Object value) {
        if (value instanceof Ref ref) {
            return fixed.contains(ref);
        }
        return !(value instanceof List<?> list) || list.stream().allMatch(this::isFixed);
    }

    /**
     * Refuses an operation whose result has a shape that depends on the values of the call.
     *
     * @throws ExportException if it has
     */
    void check(Overloads.Choice choice, List<? extends @Nullable Object> arguments) {
        String name = choice.schema().name();
        String overload = choice.schema().overload();
        boolean repeats = name.equals("aten::repeat_interleave") && !overload.equals("self_int");
        boolean second = name.equals("aten::_pack_padded_sequence")
                || name.equals("aten::masked_select")
                || overload.equals("self_Tensor");
        boolean depends = VALUE_DEPENDENT.contains(name) || repeats
                ? !isFixed(second ? arguments.get(1) : arguments)
                : name.equals("aten::index") && hasMask(arguments);
        if (depends) {
            throw new ExportException(
                    "the result of " + name + " depends on the values of its input, at " + UserCode.place()
                            + "; a program has the same operators for all values: use torch.where, masks and fixed shapes instead");
        }
    }

    private boolean hasMask(List<? extends @Nullable Object> arguments) {
        for (Object each : (List<?>) Objects.requireNonNull(arguments.get(1))) {
            if (each instanceof Ref ref
                    && !fixed.contains(ref)
                    && (trace.info(ref).dtype() == DType.BOOL || trace.info(ref).dtype() == DType.UINT8)) {
                return true;
            }
        }
        return false;
    }
}
