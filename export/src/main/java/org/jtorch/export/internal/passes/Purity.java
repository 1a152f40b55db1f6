package org.jtorch.export.internal.passes;

import java.util.Set;
import org.jtorch.Operator;
import org.jtorch.export.graph.Node;

/** Decides whether a node only computes its results, and the same ones each time. */
final class Purity {

    private static final Set<String> RANDOM = Set.of(
            "bernoulli",
            "dropout",
            "alpha_dropout",
            "feature_dropout",
            "feature_alpha_dropout",
            "binomial",
            "cauchy",
            "exponential",
            "geometric",
            "log_normal",
            "multinomial",
            "normal",
            "normal_functional",
            "random",
            "uniform",
            "_fused_dropout",
            "_sample_dirichlet",
            "_standard_gamma",
            "rrelu_with_noise",
            "rrelu_with_noise_functional",
            "poisson",
            "rand",
            "rand_like",
            "randint",
            "randint_like",
            "randn",
            "randn_like",
            "randperm",
            "rrelu",
            "native_dropout",
            "empty",
            "empty_like",
            "empty_strided",
            "new_empty",
            "new_empty_strided",
            "empty_permuted");

    private static final Set<String> ASSERTIONS = Set.of(
            "_assert_async",
            "_assert_scalar",
            "_assert_tensor_metadata",
            "sym_constrain_range",
            "sym_constrain_range_for_size");

    private Purity() {}

    /** Returns whether a node has no other effect than its results. */
    static boolean isPure(Node node) {
        String name = Call.bareName(node);
        if (name == null) {
            return !node.target().startsWith("torch.ops.");
        }
        if (ASSERTIONS.contains(name)) {
            return false;
        }
        Call call = Call.of(node);
        return call != null && call.schema().stream().noneMatch(Operator.Argument::written);
    }

    /** Returns whether a pure node computes the same result each time. */
    static boolean isDeterministic(Node node) {
        String name = Call.bareName(node);
        return name != null && isPure(node) && !RANDOM.contains(name);
    }
}
