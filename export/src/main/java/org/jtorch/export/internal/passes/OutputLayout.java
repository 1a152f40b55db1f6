package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.MemoryFormat;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymExpr;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;

/**
 * Gives outputs the order of memory that they have in the plain program, if another pass has changed it, so that a caller may view
 * them in the same way. An output whose elements share memory, such as an expanded one, stays as it is.
 */
public final class OutputLayout implements Pass {

    @Override
    public String description() {
        return "gave outputs their order in memory";
    }

    @Override
    public int apply(Work work) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String output : work.outputNames()) {
            List<Integer> dims = work.reordered().contains(output) ? order(work.meta(output)) : null;
            if (dims != null) {
                ordered.put(output, ordered(output, dims, work));
            }
        }
        work.renameOutputs(ordered);
        return ordered.size();
    }

    /** Returns the dimensions from that with the greatest stride to that with the smallest, or null if it is not known. */
    private static @Nullable List<Integer> order(@Nullable TensorMeta meta) {
        if (meta == null || meta.sizes().size() != meta.strides().size()) {
            return null;
        }
        List<Long> strides = new ArrayList<>();
        List<Integer> dims = new ArrayList<>();
        for (int d = 0; d < meta.sizes().size(); d++) {
            Long stride = value(meta.strides().get(d));
            Long size = value(meta.sizes().get(d));
            if (stride == null || size == null || stride == 0 && size != 1) {
                return null;
            }
            strides.add(stride);
            dims.add(d);
        }
        // a stable order, so that dimensions of one element stay where they are
        dims.sort(Comparator.comparing((Integer d) -> strides.get(d)).reversed());
        return dims;
    }

    /** Returns a number; for an expression, its value when the program was exported. */
    private static @Nullable Long value(SymInt number) {
        if (number instanceof SymInt.Known known) {
            return known.value();
        }
        SymExpr.Hint hint = ((SymInt.Expression) number).value().hint();
        return hint instanceof SymExpr.Hint.Int value ? value.value() : null;
    }

    /** Adds nodes that bring the dimensions into that order, make them contiguous, and bring them back. */
    private static String ordered(String output, List<Integer> dims, Work work) {
        List<Long> there = dims.stream().map(Integer::longValue).toList();
        boolean plain = there.equals(there.stream().sorted().toList());
        if (plain) {
            return contiguous(output, output, work);
        }
        List<Long> back = new ArrayList<>(there);
        for (int i = 0; i < there.size(); i++) {
            back.set(dims.get(i), (long) i);
        }
        String turned = append("permute.default", output, output, "dims", new Argument.Ints(there), work);
        return append(
                "permute.default", contiguous(turned, output, work), output, "dims", new Argument.Ints(back), work);
    }

    private static String contiguous(String value, String output, Work work) {
        Argument format = new Argument.MemoryFormat(SchemaTypes.number(MemoryFormat.CONTIGUOUS_FORMAT));
        return append("contiguous.default", value, output, "memory_format", format, work);
    }

    private static String append(
            String operator, String value, String output, String argument, Argument setting, Work work) {
        String name = work.freshName("ordered");
        work.append(Node.of(
                name,
                "torch.ops.aten." + operator,
                List.of(
                        Nodes.tensor("self", value),
                        new NamedArgument(
                                argument,
                                setting,
                                argument.equals("dims") ? NamedArgument.POSITIONAL : NamedArgument.KEYWORD)),
                List.of(new Argument.Tensor(name))));
        work.sameMeta(name, output);
        return name;
    }
}
