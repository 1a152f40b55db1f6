package org.jtorch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.HandleList;
import org.jtorch.internal.guards.Attention;
import org.jtorch.internal.guards.Bags;
import org.jtorch.internal.guards.BatchNorms;
import org.jtorch.internal.guards.CtcTargets;
import org.jtorch.internal.guards.Draws;
import org.jtorch.internal.guards.Eigenvalues;
import org.jtorch.internal.guards.FusedSteps;
import org.jtorch.internal.guards.Integers;
import org.jtorch.internal.guards.Opaque;
import org.jtorch.internal.guards.Packed;
import org.jtorch.internal.guards.Pivots;
import org.jtorch.internal.guards.Polynomials;
import org.jtorch.internal.guards.Powers;
import org.jtorch.internal.guards.Quantized;
import org.jtorch.internal.guards.Ranges;
import org.jtorch.internal.guards.Recurrent;
import org.jtorch.internal.guards.Resizing;
import org.jtorch.internal.guards.WeightNorms;
import org.jtorch.internal.guards.Windows;

/** The checks of the op tables, for operators that are called by name. */
final class OperatorGuards {

    /** Checks the arguments of an operator, and throws if the engine would crash with them. */
    @FunctionalInterface
    interface Guard {
        void check(Given given);
    }

    /** Checks nothing. */
    static final Guard NONE = given -> {};

    /** By the name without namespace and overload. The in-place form of an operator has the same guard. */
    private static final Map<String, Guard> GUARDS = new HashMap<>();

    static {
        for (String kind : List.of("reflection", "replication")) {
            for (int dims = 1; dims <= 3; dims++) {
                int each = dims;
                GUARDS.put(kind + "_pad" + dims + "d", g -> Windows.checkSides(each, g.longs("padding")));
            }
        }
        for (String name : List.of("div", "divide")) {
            GUARDS.put(name, OperatorGuards::division);
        }
        for (String name : List.of("matrix_power", "linalg_matrix_power")) {
            GUARDS.put(name, g -> Powers.check(g.number("n", 0).longValue()));
        }
        for (String name : List.of("_fused_adam", "_fused_adamw", "_fused_sgd")) {
            GUARDS.put(name, OperatorGuards::fusedStep);
        }
        for (String name : List.of("arange", "range")) {
            GUARDS.put(name, OperatorGuards::range);
        }
        GUARDS.put("linalg_eigvals", g -> Eigenvalues.check(g.tensor("self")));
        GUARDS.put(
                "native_channel_shuffle",
                g -> Windows.checkGroups(g.number("groups", 1).longValue()));
        GUARDS.put("binomial", g -> Draws.checkBinomial(g.tensor("count"), g.tensor("prob")));
        GUARDS.put(
                "_weight_norm",
                g -> WeightNorms.check(
                        g.tensor("v"), g.tensor("g"), g.number("dim", 0).longValue()));
        for (String name : List.of("embedding_bag", "_embedding_bag")) {
            GUARDS.put(
                    name,
                    g -> Bags.check(
                            g.tensor("weight"),
                            g.tensor("indices"),
                            g.tensor("offsets"),
                            g.truth("include_last_offset")));
        }
        for (String name : List.of(
                "native_batch_norm",
                "_native_batch_norm_legit",
                "_native_batch_norm_legit_functional",
                "_native_batch_norm_legit_no_training")) {
            GUARDS.put(name, OperatorGuards::batchNorm);
        }
        GUARDS.put("ctc_loss", OperatorGuards::ctc);
        GUARDS.put("_pad_packed_sequence", g -> Packed.check(g.tensor("data"), g.tensor("batch_sizes")));
        GUARDS.put("lstm", g -> {
            packed(g);
            try (TensorVector state = g.tensors("hx");
                    TensorVector params = g.tensors("params")) {
                Recurrent.checkLstm(
                        g.tensor(g.has("input") ? "input" : "data"),
                        state,
                        params,
                        g.truth("has_biases"),
                        g.number("num_layers", 1).longValue(),
                        g.truth("bidirectional"));
            }
        });
        GUARDS.put("lstm_cell", g -> {
            try (TensorVector state = g.tensors("hx")) {
                Recurrent.checkLstmCell(
                        g.tensor("input"),
                        state,
                        g.tensor("w_ih"),
                        g.tensor("w_hh"),
                        g.optionalTensor("b_ih"),
                        g.optionalTensor("b_hh"));
            }
        });
        GUARDS.put("gru_cell", g -> cell(3, g));
        GUARDS.put("rnn_tanh_cell", g -> cell(1, g));
        GUARDS.put("rnn_relu_cell", g -> cell(1, g));
        for (String name : List.of("view", "view_copy")) {
            GUARDS.put(name, g -> {
                if (g.value("dtype") instanceof DType dtype) {
                    Quantized.checkView(g.tensor("self"), dtype.scalarType);
                }
            });
        }
        GUARDS.put("select", g -> {
            if (g.value("self") instanceof Tensor self) {
                Opaque.checkSelect(self.handle(), g.number("dim", 0).longValue());
            }
        });
        for (String name : List.of("gcd", "lcm")) {
            GUARDS.put(name, g -> Integers.checkDivisors(g.tensor("self"), g.tensor("other")));
        }
        for (String name : List.of(
                "scaled_dot_product_attention",
                "_scaled_dot_product_attention_math",
                "_scaled_dot_product_flash_attention_for_cpu")) {
            GUARDS.put(name, g -> Attention.checkHeads(g.tensor("key"), g.tensor("value"), g.truth("enable_gqa")));
        }
        GUARDS.put("segment_reduce", g -> {
            if (g.truth("unsafe")) {
                throw new IllegalArgumentException(
                        "unsafe is true, but jtorch always checks lengths and offsets: pass false");
            }
        });
        GUARDS.put("linalg_ldl_solve", g -> Pivots.check(g.tensor("LD"), g.tensor("pivots"), true));
        GUARDS.put("linalg_lu_solve", g -> Pivots.check(g.tensor("LU"), g.tensor("pivots"), false));
        for (String name : List.of("lu_solve", "lu_unpack")) {
            GUARDS.put(name, g -> Pivots.check(g.tensor("LU_data"), g.tensor("LU_pivots"), false));
        }
        GUARDS.put("gru", g -> recurrent(3, g));
        GUARDS.put("rnn_tanh", g -> recurrent(1, g));
        GUARDS.put("rnn_relu", g -> recurrent(1, g));
    }

    private OperatorGuards() {}

    /** Returns the guard of an operator: that of its name combined with that of its parameters' names. */
    static Guard of(String operator, List<OperatorArgument> arguments) {
        String bare = operator.substring(operator.indexOf("::") + 2);
        String pure = bare.endsWith("_") && !bare.endsWith("__") ? bare.substring(0, bare.length() - 1) : bare;
        Guard own = pure.startsWith("_foreach_")
                ? OperatorGuards::sameLengths
                : pure.contains("upsample_")
                        ? OperatorGuards::resizing
                        : pure.startsWith("special_") && pure.contains("_polynomial_")
                                ? OperatorGuards::polynomial
                                : GUARDS.getOrDefault(bare, GUARDS.getOrDefault(pure, NONE));
        Set<String> names = new LinkedHashSet<>();
        arguments.forEach(a -> names.add(a.name));
        List<String> windows =
                names.stream().filter(name -> Windows.isOne(name, names)).toList();
        if (windows.isEmpty()) {
            return own;
        }
        return given -> {
            for (String window : windows) {
                Windows.check(window, given.longs(window));
            }
            own.check(given);
        };
    }

    /** Returns whether elements of {@code dtype} are integers or booleans. */
    static boolean isInteger(@Nullable DType dtype) {
        return dtype != null && !dtype.isFloatingPoint() && !dtype.isComplex();
    }

    private static void fusedStep(Given given) {
        List<org.bytedeco.pytorch.@Nullable Tensor> numbers = new ArrayList<>(given.handles("state_steps"));
        numbers.add(given.optionalTensor("grad_scale"));
        numbers.add(given.optionalTensor("found_inf"));
        List<org.bytedeco.pytorch.Tensor> params = given.handles("self");
        if (given.has("state_steps") && given.handles("state_steps").size() != params.size()) {
            throw new IllegalArgumentException("a fused step needs a number of steps for each parameter");
        }
        FusedSteps.check(
                params,
                List.of(
                        given.handles("grads"),
                        given.handles("exp_avgs"),
                        given.handles("exp_avg_sqs"),
                        given.handles("max_exp_avg_sqs"),
                        given.handles("momentum_buffer_list")),
                numbers);
        boolean adam = given.has("exp_avgs");
        boolean momentum = given.number("momentum", 0).doubleValue() != 0;
        if (given.handles("grads").size() != params.size()
                || (adam && given.handles("exp_avgs").size() != params.size())
                || (adam && given.handles("exp_avg_sqs").size() != params.size())
                || (momentum && given.handles("momentum_buffer_list").size() != params.size())
                || (given.truth("amsgrad") && given.handles("max_exp_avg_sqs").size() != params.size())) {
            throw new IllegalArgumentException("a fused step needs a gradient and a state for each parameter");
        }
    }

    private static void range(Given given) {
        DType dtype = given.value("out") instanceof Tensor out
                ? out.dtype()
                : given.value("dtype") instanceof DType asked ? asked : null;
        Ranges.check(given.number("step", 1), isInteger(dtype));
    }

    private static void polynomial(Given given) {
        if (given.value("n") instanceof Number degree) {
            Polynomials.check(degree);
        } else {
            Polynomials.check(given.tensor("n"));
        }
    }

    private static void resizing(Given given) {
        if (!given.has("output_size") || given.has("scale_factors")) {
            return; // the factors determine the sizes
        }
        List<@Nullable Number> factors = new ArrayList<>();
        for (String name : List.of("scales", "scales_d", "scales_h", "scales_w")) {
            if (given.has(name)) {
                factors.add(given.value(name) instanceof Number factor ? factor : null);
            }
        }
        Resizing.check(
                given.tensor(given.has("self") ? "self" : "input"),
                given.longs("output_size"),
                factors.toArray(new Number[0]));
    }

    private static void division(Given given) {
        String rounding = given.text("rounding_mode");
        if ("trunc".equals(rounding)) {
            if (given.value("other") instanceof Number number) {
                Integers.checkDivision(given.tensor("self"), number, rounding);
            } else {
                Integers.checkDivision(given.tensor("self"), given.tensor("other"), rounding);
            }
        }
    }

    private static void batchNorm(Given given) {
        BatchNorms.check(
                given.tensor("input"),
                given.optionalTensor("weight"),
                given.optionalTensor("bias"),
                given.optionalTensor("running_mean"),
                given.optionalTensor("running_var"),
                given.truth("training"));
    }

    /** Checks the lists of an operator on lists. */
    private static void sameLengths(Given given) {
        int length = -1;
        for (OperatorArgument argument : given.arguments) {
            if (argument.isList()) {
                int each = Given.size(given.value(argument.name));
                if (length >= 0 && each != length) {
                    throw new IllegalArgumentException(
                            "the lists have " + length + " and " + each + " elements, but must have the same length");
                }
                length = each;
            }
        }
    }

    private static void ctc(Given given) {
        long blank = given.number("blank", 0).longValue();
        if (given.value("input_lengths") instanceof Tensor) {
            CtcTargets.check(
                    given.tensor("log_probs"),
                    given.tensor("targets"),
                    given.tensor("input_lengths"),
                    given.tensor("target_lengths"),
                    blank);
        } else {
            CtcTargets.check(
                    given.tensor("log_probs"),
                    given.tensor("targets"),
                    given.longs("input_lengths"),
                    given.longs("target_lengths"),
                    blank);
        }
    }

    private static void packed(Given given) {
        if (given.has("batch_sizes")) {
            Packed.check(given.tensor("data"), given.tensor("batch_sizes"));
        }
    }

    private static void recurrent(int gates, Given given) {
        packed(given);
        try (TensorVector params = given.tensors("params")) {
            Recurrent.check(
                    gates,
                    given.tensor(given.has("input") ? "input" : "data"),
                    given.tensor("hx"),
                    params,
                    given.truth("has_biases"),
                    given.number("num_layers", 1).longValue(),
                    given.truth("bidirectional"));
        }
    }

    private static void cell(int gates, Given given) {
        Recurrent.checkCell(
                gates,
                given.tensor("input"),
                given.tensor("hx"),
                null,
                given.tensor("w_ih"),
                given.tensor("w_hh"),
                given.optionalTensor("b_ih"),
                given.optionalTensor("b_hh"));
    }

    /** The arguments of an operator by the names of its schema. Each value already has the kind of its argument. */
    static final class Given {

        private final List<OperatorArgument> arguments;
        private final @Nullable Object[] values;

        Given(List<OperatorArgument> arguments, @Nullable Object[] values) {
            this.arguments = arguments;
            this.values = values;
        }

        private int index(String name) {
            for (int i = 0; i < arguments.size(); i++) {
                if (arguments.get(i).name.equals(name)) {
                    return i;
                }
            }
            return -1;
        }

        boolean has(String name) {
            return index(name) >= 0;
        }

        @Nullable
        Object value(String name) {
            int index = index(name);
            return index < 0 ? null : values[index];
        }

        /** Returns a tensor that the schema has and that is not optional. */
        org.bytedeco.pytorch.Tensor tensor(String name) {
            Object value = value(name);
            if (value instanceof Tensor tensor) {
                return tensor.handle();
            }
            if (value instanceof org.bytedeco.pytorch.Tensor handle) {
                return handle;
            }
            throw new IllegalArgumentException("argument '" + name + "' must be a Tensor");
        }

        org.bytedeco.pytorch.@Nullable Tensor optionalTensor(String name) {
            return value(name) == null ? null : tensor(name);
        }

        /** Returns a list of tensors; empty if the schema has no such argument. */
        List<org.bytedeco.pytorch.Tensor> handles(String name) {
            List<org.bytedeco.pytorch.Tensor> handles = new ArrayList<>();
            for (Object each : list(value(name))) {
                if (each instanceof Tensor tensor) {
                    handles.add(tensor.handle());
                }
            }
            return handles;
        }

        /** Returns a list of tensors in the engine's form, which the caller must close. */
        TensorVector tensors(String name) {
            TensorVector vector = new TensorVector();
            handles(name).forEach(vector::push_back);
            return vector;
        }

        /** Returns a list of integers, or a single one; empty if it is absent. */
        long[] longs(String name) {
            return list(value(name)).stream()
                    .filter(Number.class::isInstance)
                    .mapToLong(each -> ((Number) each).longValue())
                    .toArray();
        }

        Number number(String name, Number absent) {
            return value(name) instanceof Number number ? number : absent;
        }

        boolean truth(String name) {
            return Boolean.TRUE.equals(value(name));
        }

        @Nullable
        String text(String name) {
            return value(name) instanceof String text ? text : null;
        }

        private static int size(@Nullable Object value) {
            return value instanceof HandleList handles
                    ? handles.size()
                    : list(value).size();
        }

        private static List<?> list(@Nullable Object value) {
            if (value instanceof HandleList) {
                throw new IllegalArgumentException("the tensors of a native list cannot be checked: pass a List");
            }
            return value == null ? List.of() : OperatorArgument.elements(value, 1);
        }
    }
}
