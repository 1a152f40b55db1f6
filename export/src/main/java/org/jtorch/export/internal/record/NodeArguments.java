package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.MemoryFormat;
import org.jtorch.Operator;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.export.internal.record.Trace.Ref;

/** The written forms of the arguments of recorded operators. */
final class NodeArguments {

    private final GraphDraft draft;
    private final SizeNodes sizes;
    private final Symbols symbols;
    private final List<Trace> traces;

    NodeArguments(GraphDraft draft, SizeNodes sizes, Symbols symbols, List<Trace> traces) {
        this.draft = draft;
        this.sizes = sizes;
        this.symbols = symbols;
        this.traces = traces;
    }

    /**
     * Returns the written form of an input or output that is no tensor.
     *
     * @throws ExportException if it has none
     */
    static Argument constant(@Nullable Object value) {
        if (value == null) {
            return new Argument.None();
        }
        if (value instanceof Boolean truth) {
            return new Argument.Bool(truth);
        }
        if (value instanceof String text) {
            return new Argument.Text(text);
        }
        if (value instanceof Double || value instanceof Float) {
            return new Argument.Float(((Number) value).doubleValue());
        }
        if (value instanceof Number number) {
            return new Argument.Int(number.longValue());
        }
        throw new ExportException(
                "a " + value.getClass().getName() + " cannot be an input or output of a program: use tensors,"
                        + " numbers, booleans, texts, and records, lists and maps of them");
    }

    /**
     * Returns the written form of an argument.
     *
     * @param at returns the same argument of another recording; null for one that is the same in all
     */
    Argument of(
            Operator.Argument wanted,
            @Nullable Object value,
            @Nullable Function<Trace, @Nullable Object> at,
            String where) {
        String type = wanted.type();
        if (value == null) {
            return new Argument.None();
        }
        boolean isList = type.indexOf('[') >= 0;
        if (isList && !(value instanceof List<?>)) {
            int open = type.indexOf('[');
            int close = type.indexOf(']');
            int count = Integer.parseInt(type.substring(open + 1, close));
            Function<Trace, @Nullable Object> repeated =
                    at == null ? null : trace -> Collections.nCopies(count, at.apply(trace));
            return list(type.substring(0, open), Collections.nCopies(count, value), repeated, where, wanted);
        }
        if (isList) {
            return list(type.substring(0, type.indexOf('[')), (List<?>) value, at, where, wanted);
        }
        return single(type.replace("?", ""), value, at, where, wanted);
    }

    private Argument single(
            String type,
            Object value,
            @Nullable Function<Trace, @Nullable Object> at,
            String where,
            Operator.Argument wanted) {
        if (value instanceof Ref ref) {
            return new Argument.Tensor(draft.name(ref));
        }
        if (value instanceof Long number && !type.equals("float")) {
            Formula formula = sizes.formula(at, number, where, wanted.name());
            return formula.isConstant()
                    ? new Argument.Int(number)
                    : new Argument.SymInt(new Argument.SymIntArgument.Name(sizes.symbolic(formula)));
        }
        checkSame(value, at, where, wanted);
        if (value instanceof Number number) {
            return new Argument.Float(number.doubleValue());
        }
        if (value instanceof Boolean truth) {
            return new Argument.Bool(truth);
        }
        if (value instanceof String text) {
            return new Argument.Text(text);
        }
        if (value instanceof DType dtype) {
            return new Argument.ScalarType(SchemaTypes.number(dtype));
        }
        if (value instanceof Layout layout) {
            return new Argument.Layout(SchemaTypes.number(layout));
        }
        if (value instanceof MemoryFormat format) {
            return new Argument.MemoryFormat(SchemaTypes.number(format));
        }
        if (value instanceof Device device) {
            return new Argument.Device(SchemaTypes.name(device));
        }
        throw new ExportException(where + " has the argument '" + wanted.name() + "' of the type "
                + value.getClass().getSimpleName() + ", which cannot be written");
    }

    private void checkSame(
            Object value, @Nullable Function<Trace, @Nullable Object> at, String where, Operator.Argument wanted) {
        for (Trace other : traces) {
            Object there = at == null ? value : at.apply(other);
            if (!value.equals(there)) {
                throw new ExportException(where + " has " + value + " as '" + wanted.name() + "' for "
                        + symbols.text(0) + ", but " + there + " for " + symbols.text(traces.indexOf(other))
                        + "; a program can only compute whole numbers from sizes: compute this one with tensors");
            }
        }
    }

    private Argument list(
            String type,
            List<?> values,
            @Nullable Function<Trace, @Nullable Object> at,
            String where,
            Operator.Argument wanted) {
        if (type.equals("Tensor")) {
            return new Argument.Tensors(values.stream()
                    .map(each -> new Argument.Tensor(draft.name((Ref) each)))
                    .toList());
        }
        if (type.equals("Tensor?")) {
            List<Argument.OptionalTensorArgument> tensors = new ArrayList<>();
            for (Object each : values) {
                tensors.add(
                        each instanceof Ref ref
                                ? new Argument.OptionalTensorArgument.Present(draft.name(ref))
                                : new Argument.OptionalTensorArgument.Absent(true));
            }
            return new Argument.OptionalTensors(tensors);
        }
        if (type.equals("int")) {
            List<Argument.SymIntArgument> numbers = new ArrayList<>();
            List<Long> plain = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                int place = i;
                long number = ((Number) values.get(i)).longValue();
                Formula formula = sizes.formula(
                        at == null ? null : t -> element(at.apply(t), place), number, where, wanted.name());
                plain.add(number);
                numbers.add(
                        formula.isConstant()
                                ? new Argument.SymIntArgument.Constant(number)
                                : new Argument.SymIntArgument.Name(sizes.symbolic(formula)));
            }
            return numbers.stream().allMatch(Argument.SymIntArgument.Constant.class::isInstance)
                    ? new Argument.Ints(plain)
                    : new Argument.SymInts(numbers);
        }
        checkSame(values, at, where, wanted);
        if (type.equals("float")) {
            return new Argument.Floats(
                    values.stream().map(each -> ((Number) each).doubleValue()).toList());
        }
        if (type.equals("bool")) {
            return new Argument.Bools(
                    values.stream().map(each -> (Boolean) each).toList());
        }
        throw new ExportException(where + " has the argument '" + wanted.name() + "' of the type " + wanted.type()
                + ", which cannot be written");
    }

    private static @Nullable Object element(@Nullable Object list, int place) {
        return list instanceof List<?> values ? values.get(place) : list;
    }
}
