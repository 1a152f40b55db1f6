package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.internal.Extent;
import org.jtorch.internal.Gradient;
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
     * A parameter with its state.
     *
     * @param slot the parameter, which is written, and its gradient, which is read
     * @param states the parts of the state with one element for each element of the parameter, which are written
     */
    private record Operands(Slot slot, List<Operand> states) {

        static Operands of(Slot slot) {
            return new Operands(slot, slot.stateOperands());
        }
    }

    private final List<Operands> all;
    private final boolean[] shared;

    private FusedGuard(List<Operands> all, boolean[] shared) {
        this.all = all;
        this.shared = shared;
    }

    /** Examines the parameters of one step. */
    static FusedGuard of(List<Slot> slots) {
        List<Operands> all = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            all.add(Operands.of(slot));
        }
        return new FusedGuard(all, findShared(all));
    }

    /** Returns whether a fused kernel may change the parameter at {@code index}. */
    boolean fits(int index) {
        return !shared[index] && fits(all.get(index));
    }

    /**
     * Returns whether memory that the step uses for the parameter at {@code index} is also used for something else in the step,
     * and one of both is written. Then the order counts in which the parameters are changed.
     */
    boolean sharesMemory(int index) {
        return shared[index];
    }

    /** Splits parameters into lists that each have one dtype. */
    static Collection<List<Slot>> byDtype(List<Slot> slots) {
        Map<DType, List<Slot>> together = new EnumMap<>(DType.class);
        for (Slot slot : slots) {
            together.computeIfAbsent(slot.operand().kind().dtype(), dtype -> new ArrayList<>())
                    .add(slot);
        }
        return together.values();
    }

    private static boolean fits(Operands operands) {
        Slot slot = operands.slot;
        Operand parameter = slot.operand();
        TensorKind kind = parameter.kind();
        if (!kind.isPlain()
                || !kind.device().equals(Device.CPU)
                || !DTYPES.contains(kind.dtype())
                || parameter.extent().numel() == 0
                || !parameter.extent().isDense()
                || !fits(slot.gradient(), parameter)) {
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

    private static boolean fits(Gradient gradient, Operand parameter) {
        gradient.tensor(); // what is examined now is what the kernel gets, even if another thread replaces the gradient
        return gradient.isPlain()
                && gradient.dtype() == parameter.kind().dtype()
                && parameter.extent().sameSteps(gradient.extent(true));
    }

    // --- memory that is used twice -----------------------------------------------------------------------------

    /**
     * A range of memory that the step uses.
     *
     * @param owner the index of its operands
     * @param written whether it is written; otherwise it is only read
     */
    private record Span(long begin, long end, int owner, boolean written) {}

    /** Returns which operands use memory that is used twice, if at least one of both uses is a write. */
    private static boolean[] findShared(List<Operands> all) {
        boolean[] shared = new boolean[all.size()];
        List<Span> spans = new ArrayList<>(all.size() * 4);
        for (int i = 0; i < shared.length; i++) {
            Operand parameter = all.get(i).slot().operand();
            if (!parameter.kind().device().equals(Device.CPU)) {
                continue; // addresses of devices are not compared
            }
            add(spans, parameter, i);
            for (Operand state : all.get(i).states) {
                add(spans, state, i);
            }
            if (parameter.kind().layout() == Layout.STRIDED
                    && !all.get(i).slot().isSparse()) {
                Slot slot = all.get(i).slot();
                add(spans, slot.gradient().address(), slot.gradientExtent(), slot.gradientDtype(), i, false);
            }
        }
        spans.sort(Comparator.comparingLong(Span::begin));
        List<Span> open = new ArrayList<>();
        for (Span span : spans) {
            open.removeIf(before -> before.end <= span.begin);
            for (Span before : open) {
                if (before.written || span.written) {
                    shared[before.owner] = true;
                    shared[span.owner] = true;
                }
            }
            open.add(span);
        }
        return shared;
    }

    private static void add(List<Span> spans, Operand written, int owner) {
        if (written.kind().layout() == Layout.STRIDED) {
            add(
                    spans,
                    Extent.address(written.tensor()),
                    written.extent(),
                    written.kind().dtype(),
                    owner,
                    true);
        }
    }

    private static void add(List<Span> spans, long begin, Extent extent, DType dtype, int owner, boolean written) {
        long length = extent.length() * dtype.itemSize();
        if (length > 0) {
            spans.add(new Span(begin, begin + length, owner, written));
        }
    }
}
