package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;

/** The operators on graphs, {@code torch.ops.higher_order}: branches, loops, and parts with another gradient mode. */
final class HigherOrder {

    static final String PREFIX = "torch.ops.higher_order.";

    private HigherOrder() {}

    /** Returns the function of an operator, or null if there is none. Among its arguments is a {@link Plan} for each graph. */
    static FunctionStep.@Nullable Body of(String target) {
        return switch (target.substring(PREFIX.length())) {
            case "cond" -> HigherOrder::cond;
            case "while_loop" -> HigherOrder::whileLoop;
            case "map_impl", "map" -> HigherOrder::map;
            case "wrap_with_set_grad_enabled" -> HigherOrder::withGradMode;
            case "wrap_with_autocast" -> HigherOrder::withAutocast;
            default -> null;
        };
    }

    private static List<@Nullable Object> cond(List<@Nullable Object> arguments) {
        Plan branch = plan(arguments, truth(arguments.get(0)) ? 1 : 2);
        List<@Nullable Object> operands = list(arguments, 3);
        return UnusedOperands.attach(branch.run(operands), operands, branch);
    }

    private static List<@Nullable Object> whileLoop(List<@Nullable Object> arguments) {
        Plan condition = plan(arguments, 0);
        Plan body = plan(arguments, 1);
        List<@Nullable Object> carried = list(arguments, 2);
        List<@Nullable Object> further = arguments.size() > 3 ? list(arguments, 3) : List.of();
        while (truth(condition.run(joined(carried, further)).get(0))) {
            carried = body.run(joined(carried, further));
        }
        return carried;
    }

    /** Calls a graph with the elements of tensors along their first dimension, and joins what it returns. */
    private static List<@Nullable Object> map(List<@Nullable Object> arguments) {
        Plan body = plan(arguments, 0);
        List<@Nullable Object> mapped = list(arguments, 1);
        List<@Nullable Object> further = arguments.size() > 2 ? list(arguments, 2) : List.of();
        long count = tensor(mapped.get(0)).size(0);
        if (count == 0) {
            throw new ExportException(
                    "map has 0 elements in the first dimension of its input, so the shape of its result"
                            + " is not known: give at least one");
        }
        List<List<Tensor>> results = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object each : mapped) {
                elements.add(tensor(each).select(0, i));
            }
            List<@Nullable Object> made = body.run(joined(elements, further));
            for (int j = 0; j < made.size(); j++) {
                if (i == 0) {
                    results.add(new ArrayList<>());
                }
                results.get(j).add(tensor(made.get(j)));
            }
        }
        List<@Nullable Object> stacked = new ArrayList<>();
        results.forEach(each -> stacked.add(Torch.stack(each)));
        return stacked;
    }

    private static List<@Nullable Object> withGradMode(List<@Nullable Object> arguments) {
        Plan body = plan(arguments, 1);
        List<@Nullable Object> rest = arguments.subList(2, arguments.size());
        if (!truth(arguments.get(0))) {
            try (GradMode mode = Autograd.noGrad()) {
                return body.run(rest);
            }
        }
        // a part that enables gradients does not leave the caller's inference mode
        if (Autograd.isInferenceModeEnabled()) {
            return body.run(rest);
        }
        try (GradMode mode = Autograd.enableGrad()) {
            return body.run(rest);
        }
    }

    private static List<@Nullable Object> withAutocast(List<@Nullable Object> arguments) {
        Device device = Device.of((String) required(arguments.get(0)));
        DType dtype = (DType) arguments.get(1);
        boolean enabled = truth(arguments.get(2));
        boolean cached = arguments.get(3) == null || truth(arguments.get(3));
        Plan body = plan(arguments, 4);
        try (Autocast autocast = new Autocast(device, o -> {
            o.enabled(enabled).cacheEnabled(cached);
            if (dtype != null) {
                o.dtype(dtype);
            }
        })) {
            return body.run(arguments.subList(5, arguments.size()));
        }
    }

    // --- arguments ---------------------------------------------------------------------------------------------

    private static Plan plan(List<@Nullable Object> arguments, int index) {
        if (index < arguments.size() && arguments.get(index) instanceof Plan plan) {
            return plan;
        }
        throw new ExportException("argument " + index + " must be a graph");
    }

    private static List<@Nullable Object> list(List<@Nullable Object> arguments, int index) {
        if (index < arguments.size() && arguments.get(index) instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw new ExportException("argument " + index + " must be a list");
    }

    private static List<@Nullable Object> joined(List<@Nullable Object> first, List<@Nullable Object> second) {
        List<@Nullable Object> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof Tensor tensor) {
            return tensor.item() != 0;
        }
        throw new ExportException("a condition must be a boolean, but is "
                + (value == null ? "missing" : value.getClass().getSimpleName()));
    }

    private static Tensor tensor(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw new ExportException("an operand must be a tensor, but is "
                + (value == null ? "missing" : value.getClass().getSimpleName()));
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new ExportException("an argument is missing");
        }
        return value;
    }
}
