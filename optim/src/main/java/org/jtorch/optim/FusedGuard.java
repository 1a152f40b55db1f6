package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.internal.Extent;
import org.jtorch.internal.TensorKind;

/**
 * Decides which parameters may be passed to a fused kernel. Such a kernel iterates over the memory of parameter, gradient
 * and state in parallel. It uses only the parameter's number of elements and checks nothing. With other strides it would
 * mix up elements, and with fewer elements it would read and write memory that belongs to others.
 *
 * <p>A parameter is passed to the kernel only if it, its gradient and all its state are on the CPU, have one floating-point
 * dtype, equal sizes and equal strides, and are dense without overlap, and if no memory that the step writes for it is also
 * used for anything else in the step. All others must be changed by plain operators.
 */
final class FusedGuard {

    /**
     * The dtypes for which the engine's fused kernels compute the same values as the plain operators. With half precision
     * they round less often.
     */
    private static final Set<DType> DTYPES = EnumSet.of(DType.FLOAT32, DType.FLOAT64);

    /**
     * The tensors that a step reads and writes for one parameter.
     *
     * @param target the parameter, which is written, and its gradient, which is read
     * @param states the parts of the state with one element for each element of the parameter, which are written
     */
    record Operands(Target target, List<Operand> states) {}

    /**
     * Indices into the operands.
     *
     * @param together a list for each dtype of the operands that may be passed to one call
     * @param alone the other operands, in order
     */
    record Split(List<List<Integer>> together, List<Integer> alone) {

        /** Returns the split for an optimizer that must not use the kernel. */
        static Split allAlone(int count) {
            return new Split(List.of(), IntStream.range(0, count).boxed().toList());
        }
    }

    private FusedGuard() {}

    /** Splits the parameters of one step. */
    static Split split(List<Operands> all) {
        boolean[] fits = new boolean[all.size()];
        for (int i = 0; i < fits.length; i++) {
            fits[i] = fits(all.get(i));
        }
        excludeShared(all, fits);
        Map<DType, List<Integer>> together = new EnumMap<>(DType.class);
        List<Integer> alone = new ArrayList<>();
        for (int i = 0; i < fits.length; i++) {
            if (fits[i]) {
                together.computeIfAbsent(all.get(i).target.operand().kind().dtype(), dtype -> new ArrayList<>())
                        .add(i);
            } else {
                alone.add(i);
            }
        }
        return new Split(List.copyOf(together.values()), alone);
    }

    private static boolean fits(Operands operands) {
        Target target = operands.target;
        Operand parameter = target.operand();
        TensorKind kind = parameter.kind();
        if (!kind.isPlain()
                || !kind.device().equals(Device.CPU)
                || !DTYPES.contains(kind.dtype())
                || parameter.extent().numel() == 0
                || !parameter.extent().isDense()
                || target.gradientDtype() != kind.dtype()
                || !TensorKind.isPlainGradient(target.gradient())
                || !parameter.extent().sameSteps(target.gradientExtent())) {
            return false;
        }
        for (Operand state : operands.states) {
            if (!state.kind().isPlain()
                    || state.kind().dtype() != kind.dtype()
                    || !state.kind().device().equals(Device.CPU)
                    || !parameter.extent().sameSteps(state.extent())) {
                return false;
            }
        }
        return true;
    }

    // --- memory that is used twice -----------------------------------------------------------------------------

    /**
     * A range of memory that the step uses.
     *
     * @param owner the index of its operands
     * @param written whether it is written; otherwise it is only read
     */
    private record Span(long begin, long end, int owner, boolean written) {}

    /** Excludes operands whose memory is used twice, if at least one of both uses is a write. */
    private static void excludeShared(List<Operands> all, boolean[] fits) {
        List<Span> spans = new ArrayList<>(all.size() * 4);
        for (int i = 0; i < fits.length; i++) {
            Operand parameter = all.get(i).target.operand();
            if (!parameter.kind().device().equals(Device.CPU)) {
                continue; // only operands on the CPU are fused
            }
            add(spans, parameter, i);
            for (Operand state : all.get(i).states) {
                add(spans, state, i);
            }
            if (parameter.kind().layout() == Layout.STRIDED
                    && !all.get(i).target.isSparse()) {
                add(
                        spans,
                        all.get(i).target.gradient(),
                        all.get(i).target.gradientExtent(),
                        all.get(i).target.gradientDtype(),
                        i,
                        false);
            }
        }
        spans.sort(Comparator.comparingLong(Span::begin));
        List<Span> open = new ArrayList<>();
        for (Span span : spans) {
            open.removeIf(before -> before.end <= span.begin);
            for (Span before : open) {
                if (before.written || span.written) {
                    fits[before.owner] = false;
                    fits[span.owner] = false;
                }
            }
            open.add(span);
        }
    }

    private static void add(List<Span> spans, Operand written, int owner) {
        if (written.kind().layout() == Layout.STRIDED) {
            add(spans, written.tensor(), written.extent(), written.kind().dtype(), owner, true);
        }
    }

    private static void add(List<Span> spans, Tensor tensor, Extent extent, DType dtype, int owner, boolean written) {
        long length = extent.length() * dtype.itemSize();
        if (length > 0) {
            long begin = Extent.address(tensor);
            spans.add(new Span(begin, begin + length, owner, written));
        }
    }
}
