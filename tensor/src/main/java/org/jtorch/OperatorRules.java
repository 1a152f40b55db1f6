package org.jtorch;

import java.util.List;
import java.util.Set;
import org.jtorch.internal.guards.Opaque;

/** Decides which operators can be called by name. */
final class OperatorRules {

    /**
     * Internals of the engine that check their arguments or have a guard, and that exported graphs and checkpoints contain.
     */
    private static final Set<String> SAFE_INTERNALS = Set.of(
            "_adaptive_avg_pool2d",
            "_adaptive_avg_pool3d",
            "_assert_async",
            "_assert_scalar",
            "_assert_tensor_metadata",
            "_cdist_forward",
            "_conj",
            "_embedding_bag",
            "_euclidean_dist",
            "_fused_adam",
            "_fused_adam_",
            "_fused_adamw",
            "_fused_adamw_",
            "_fused_sgd",
            "_fused_sgd_",
            "_indices",
            "_is_all_true",
            "_is_any_true",
            "_linalg_det",
            "_linalg_eigh",
            "_linalg_slogdet",
            "_linalg_solve_ex",
            "_linalg_svd",
            "_local_scalar_dense",
            "_log_softmax",
            "_native_batch_norm_legit",
            "_native_batch_norm_legit_functional",
            "_native_batch_norm_legit_no_training",
            "_neg_view",
            "_pack_padded_sequence",
            "_pad_packed_sequence",
            "_pdist_forward",
            "_safe_softmax",
            "_scaled_dot_product_attention_math",
            "_scaled_dot_product_flash_attention_for_cpu",
            "_shape_as_tensor",
            "_softmax",
            "_to_copy",
            "_to_dense",
            "_to_sparse",
            "_trilinear",
            "_unique2",
            "_unsafe_index",
            "_unsafe_index_put",
            "_unsafe_view",
            "_upsample_bicubic2d_aa",
            "_upsample_bilinear2d_aa",
            "_upsample_nearest_exact1d",
            "_upsample_nearest_exact2d",
            "_upsample_nearest_exact3d",
            "_values",
            "_weight_norm");

    /** The prefixes of operators that belong to one backend. */
    private static final List<String> BACKENDS = List.of(
            "quantized_",
            "fbgemm_",
            "mkldnn_",
            "cudnn_",
            "miopen_",
            "mps_",
            "xnnpack_",
            "nnpack_",
            "slow_conv",
            "thnn_conv",
            "conv_depthwise");

    /**
     * Other operators that can corrupt the engine if they are misused and that are not needed here: names of dimensions, the
     * choice of quantization, and mapping files that may shrink.
     */
    private static final Set<String> BREAKABLE = Set.of(
            "align_to",
            "align_as",
            "align_tensors",
            "refine_names",
            "rename",
            "rename_",
            "choose_qparams_optimized",
            "_foreach_copy",
            "_foreach_copy_",
            "from_file");

    private OperatorRules() {}

    /**
     * Refuses an operator that does not check its arguments.
     *
     * @throws TorchException if the operator is refused
     */
    static void check(String name, String overload) {
        if (!name.startsWith("aten::")) {
            throw refused(name, "only operators of aten can be called by name");
        }
        String bare = name.substring("aten::".length());
        if (bare.startsWith("_")
                && !bare.startsWith("__")
                && !bare.startsWith("_foreach_")
                && !SAFE_INTERNALS.contains(bare)) {
            throw refused(
                    name, "a leading underscore marks the engine's internals, which do not check their arguments");
        }
        if (bare.contains("backward")) {
            throw refused(name, "the kernels of backward trust what their forward saved; use Autograd");
        }
        for (String backend : BACKENDS) {
            if (bare.startsWith(backend)) {
                throw refused(
                        name, "a kernel of one backend does not check its arguments; use the operator that chooses it");
            }
        }
        if (BREAKABLE.contains(bare)) {
            throw refused(name, "it does not check its arguments");
        }
        if (bare.equals("to_mkldnn")) {
            throw refused(name, Opaque.ONE_DNN);
        }
    }

    /**
     * Refuses an operator that writes its results into tensors that the caller passes. In some places the engine does not
     * check their sizes and strides.
     *
     * @param schema {@code "aten::triu.out(Tensor self, int diagonal=0, *, Tensor(a!) out) -> Tensor(a!)"}
     * @throws TorchException if the operator is refused
     */
    static void checkResults(String name, String overload, String schema) {
        int named = schema.indexOf("*, ");
        int written = named < 0 ? -1 : schema.indexOf("!)", named);
        if (written >= 0 && written < schema.lastIndexOf("->")) {
            throw refused(
                    name + "." + overload,
                    "it does not check the tensors that it writes to; use the operator that creates its results, and"
                            + " copy_ them");
        }
    }

    private static TorchException refused(String name, String reason) {
        return new TorchException("the operator " + name + " cannot be called by name: " + reason);
    }
}
