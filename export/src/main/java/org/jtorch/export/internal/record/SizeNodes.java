package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymExpr;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.export.internal.record.Trace.Info;
import org.jtorch.export.internal.record.Trace.Ref;

/**
 * The whole numbers of a graph that are computed from the sizes of its inputs. A number that differs between the recordings is
 * a formula of the sizes, for which there are nodes.
 */
final class SizeNodes {

    private final GraphDraft draft;
    private final Symbols symbols;
    private final List<Trace> traces;
    private final int firstInput;
    private final Map<Formula, String> symbolic = new HashMap<>();

    /**
     * Creates what adds nodes to a graph.
     *
     * @param firstInput the number of the first recorded tensor that is an input of the user
     */
    SizeNodes(GraphDraft draft, Symbols symbols, List<Trace> traces, int firstInput) {
        this.draft = draft;
        this.symbols = symbols;
        this.traces = traces;
        this.firstInput = firstInput;
    }

    /**
     * Returns the formula of a whole number.
     *
     * @param at returns the same number of another recording; null for one that is the same in all
     * @param where what has the number as its {@code argument}, for the message of an exception
     */
    Formula formula(@Nullable Function<Trace, @Nullable Object> at, long value, String where, String argument) {
        if (at == null || traces.size() == 1) {
            return Formula.constant(value);
        }
        long[] values = new long[traces.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = at.apply(traces.get(i)) instanceof Number number ? number.longValue() : Long.MIN_VALUE;
        }
        return fitted(values, where + " has '" + argument + "'");
    }

    private Formula fitted(long[] values, String what) {
        Formula formula = Formula.of(values, symbols.sizes());
        if (formula != null) {
            return formula;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ", ").append(values[i]).append(" for ").append(symbols.text(i));
        }
        throw new ExportException(
                what + " = " + text + ", which is no multiple of the sizes plus a constant: leave a dimension"
                        + " fixed, or compute the number with tensors");
    }

    /** Returns the name of the value of a formula, for which nodes are added if it is new. */
    String symbolic(Formula formula) {
        String known = symbolic.get(formula);
        if (known != null) {
            return known;
        }
        String name;
        if (formula.offset() != 0) {
            Formula product = new Formula(formula.factor(), formula.symbols(), 0);
            name = compute("add", product, new Argument.SymIntArgument.Constant(formula.offset()), formula);
        } else if (formula.factor() != 1) {
            Formula product = new Formula(1, formula.symbols(), 0);
            name = compute("mul", product, new Argument.SymIntArgument.Constant(formula.factor()), formula);
        } else if (formula.symbols().size() > 1) {
            int last = formula.symbols().size() - 1;
            Formula left = new Formula(1, formula.symbols().subList(0, last), 0);
            Formula right = new Formula(1, formula.symbols().subList(last, last + 1), 0);
            name = compute("mul", left, new Argument.SymIntArgument.Name(symbolic(right)), formula);
        } else {
            name = size(formula);
        }
        symbolic.put(formula, name);
        return name;
    }

    private String compute(String operator, Formula left, Argument.SymIntArgument right, Formula whole) {
        Argument a = new Argument.SymInt(new Argument.SymIntArgument.Name(symbolic(left)));
        String name = draft.unused(operator);
        addSymbolicNode(
                "_operator." + operator,
                name,
                List.of(
                        new NamedArgument("a", a, NamedArgument.POSITIONAL),
                        new NamedArgument("b", new Argument.SymInt(right), NamedArgument.POSITIONAL)),
                whole);
        return name;
    }

    private String size(Formula symbol) {
        Symbols.Place place = symbols.place(symbol.symbols().get(0));
        String name = draft.unused("sym_size_int");
        Ref input = new Ref(firstInput + place.tensor());
        addSymbolicNode(
                "torch.ops.aten.sym_size.int",
                name,
                List.of(
                        new NamedArgument("self", new Argument.Tensor(draft.name(input)), NamedArgument.POSITIONAL),
                        new NamedArgument("dim", new Argument.Int(place.dim()), NamedArgument.POSITIONAL)),
                symbol);
        return name;
    }

    private void addSymbolicNode(String target, String name, List<NamedArgument> given, Formula formula) {
        draft.nodes.add(new Node(
                target,
                given,
                List.of(new Argument.SymInt(new Argument.SymIntArgument.Name(name))),
                Map.of("nn_module_stack", "L__self__,,torch.nn.Module"),
                null,
                name));
        draft.symIntValues.put(name, symInt(formula));
    }

    private SymInt symInt(Formula formula) {
        return formula.isConstant()
                ? new SymInt.Known(formula.offset())
                : new SymInt.Expression(new SymExpr(
                        formula.sympy(),
                        new SymExpr.Hint.Int(formula.value(symbols.sizes().get(0)))));
    }

    /**
     * Returns the form of a recorded tensor.
     *
     * @param what what the tensor is, for the message of an exception
     */
    TensorMeta meta(Ref ref, String what) {
        Info info = traces.get(0).info(ref);
        if (info.layout() != Layout.STRIDED) {
            throw new ExportException(what + " has layout " + info.layout() + ", but a program has dense tensors");
        }
        List<SymInt> sizes = new ArrayList<>();
        List<SymInt> strides = new ArrayList<>();
        for (int d = 0; d < info.sizes().length; d++) {
            int dim = d;
            sizes.add(symInt(fitted(all(t -> t.info(ref).sizes()[dim]), what + " has size(" + d + ")")));
            strides.add(symInt(fitted(all(t -> t.info(ref).strides()[dim]), what + " has stride(" + d + ")")));
        }
        return new TensorMeta(
                SchemaTypes.number(info.dtype()),
                sizes,
                info.requiresGrad(),
                SchemaTypes.name(info.device()),
                strides,
                symInt(fitted(all(t -> t.info(ref).offset()), what + " has the storage offset")),
                SchemaTypes.number(Layout.STRIDED));
    }

    private long[] all(ToLongFunction<Trace> at) {
        return traces.stream().mapToLong(at).toArray();
    }
}
