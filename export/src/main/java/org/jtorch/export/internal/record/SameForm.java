package org.jtorch.export.internal.record;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.record.Trace.Call;
import org.jtorch.export.internal.record.Trace.Info;
import org.jtorch.export.internal.record.Trace.Ref;

/** Compares recordings of a module that was called with other sizes or values: they may differ in numbers alone. */
final class SameForm {

    private SameForm() {}

    /** Refuses recordings that differ in anything but numbers. */
    static void check(List<Trace> traces, Symbols symbols) {
        Trace trace = traces.get(0);
        for (int i = 1; i < traces.size(); i++) {
            Trace other = traces.get(i);
            String sizes = symbols.text(0) + " and " + symbols.text(i);
            int common = Math.min(trace.calls.size(), other.calls.size());
            for (int c = 0; c < common; c++) {
                String difference = difference(trace.calls.get(c), trace, other.calls.get(c), other);
                if (difference != null) {
                    throw new ExportException(
                            "the module does not run the same operators for " + sizes + ": operator " + c
                                    + (trace.calls.get(c).path().isEmpty()
                                            ? ""
                                            : " of " + trace.calls.get(c).path()) + " is "
                                    + difference);
                }
            }
            if (trace.calls.size() != other.calls.size()) {
                throw new ExportException("the module runs " + trace.calls.size() + " operators for " + symbols.text(0)
                        + ", but " + other.calls.size() + " for " + symbols.text(i)
                        + "; the first that only one of them has is "
                        + (trace.calls.size() > common ? trace : other)
                                .calls
                                .get(common)
                                .schema()
                                .fullName());
            }
            checkConstants(trace, other, sizes);
            if (!String.valueOf(trace.output).equals(String.valueOf(other.output))) {
                throw new ExportException("the output has another form for " + sizes);
            }
        }
    }

    private static @Nullable String difference(Call mine, Trace trace, Call theirs, Trace other) {
        if (!mine.schema().equals(theirs.schema())) {
            return mine.schema().fullName() + " for one, but " + theirs.schema().fullName() + " for the other";
        }
        String name = mine.schema().fullName();
        for (int i = 0; i < mine.arguments().size(); i++) {
            if (!sameForm(mine.arguments().get(i), theirs.arguments().get(i))) {
                return name + " with other '" + mine.schema().arguments().get(i).name() + "'";
            }
        }
        if (!sameForm(mine.results(), theirs.results())) {
            return name + " with another number of results";
        }
        for (Object result : mine.results()) {
            if (result instanceof Ref ref) {
                Info a = trace.info(ref);
                Info b = other.info(ref);
                if (a.sizes().length != b.sizes().length || a.dtype() != b.dtype()) {
                    return name + " with a result of another dtype or number of dimensions";
                }
            }
        }
        return null;
    }

    private static boolean sameForm(@Nullable Object a, @Nullable Object b) {
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!sameForm(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a == null || b == null || a instanceof Ref || a == Trace.LEFT_OUT) {
            return a == null ? b == null : a.equals(b);
        }
        return a.getClass() == b.getClass();
    }

    private static void checkConstants(Trace trace, Trace other, String sizes) {
        for (int i = 0; i < trace.constants.size(); i++) {
            Trace.Constant mine = trace.constants.get(i);
            Tensor theirs = i < other.constants.size() ? other.constants.get(i).value() : null;
            if (theirs == null
                    || !mine.value().size().equals(theirs.size())
                    || mine.value().dtype() != theirs.dtype()
                    || !Comparison.same(mine.value(), theirs)) {
                throw new ExportException("the module creates another tensor of shape "
                        + mine.value().size() + " for " + sizes
                        + ", which is a constant in a program: make it with operators such as Torch.zeros, Torch.full or"
                        + " Torch.arange, not from an array or a gradient");
            }
        }
    }
}
