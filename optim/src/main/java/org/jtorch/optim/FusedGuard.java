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
 * Decides which parameters may be given to a fused kernel. Such a kernel goes through the memory of parameter, gradient and
 * state side by side, by the number of the parameter's elements alone, and asks nothing: with other strides it mixes up
 * elements, and with fewer elements it reads and writes memory that belongs to others.
 *
 * <p>A parameter is given to the kernel only if it, its gradient and all its state are on the CPU, of one floating-point
 * dtype, of equal sizes and equal strides, and dense without overlap, and if nothing that the step writes for it shares memory
 * with anything else that the step reads or writes. All others are to be changed by plain operators.
 */
final class FusedGuard {

    /** The dtypes in which the engine's fused kernels for the CPU give the plain operators' values: in half precision they round less often. */
    private static final Set<DType> DTYPES = EnumSet.of(DType.FLOAT32, DType.FLOAT64);

    /**
     * What a step reads and writes for one parameter.
     *
     * @param target the parameter, which is written, and its gradient, which is read
     * @param states written; those that go element by element with the parameter
     */
    record Operands(Target target, List<Operand> states) {}

    /**
     * Indices into the operands.
     *
     * @param together lists of those that may be given to one call, one list a dtype
     * @param alone those that may not, in order
     */
    record Split(List<List<Integer>> together, List<Integer> alone) {

        /** For an optimizer that is told not to use the kernel. */
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
     * A run of memory that the step uses.
     *
     * @param owner the index of its operands
     * @param written whether it is written to, or else only read
     */
    private record Span(long begin, long end, int owner, boolean written) {}

    /** Takes out those whose memory is used twice, if at least one of both uses writes. */
    private static void excludeShared(List<Operands> all, boolean[] fits) {
        List<Span> spans = new ArrayList<>(all.size() * 4);
        for (int i = 0; i < fits.length; i++) {
            Operand parameter = all.get(i).target.operand();
            if (!parameter.kind().device().equals(Device.CPU)) {
                continue; // nothing on another device is fused
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
