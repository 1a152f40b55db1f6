package org.jtorch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The dtypes of low precision for which oneDNN has kernels on this processor. */
final class OneDnnPrecision {

    private OneDnnPrecision() {}

    /** Returns whether oneDNN has kernels of bfloat16. */
    static boolean hasBfloat16() {
        return Bfloat16.SUPPORTED;
    }

    /** Returns whether oneDNN has kernels of a dtype: bfloat16 or float16. */
    static boolean hasKernels(ScalarType dtype) {
        return dtype.value == ScalarType.BFloat16.value ? Bfloat16.SUPPORTED : Float16.SUPPORTED;
    }

    private static boolean ask(String operator) {
        return Boolean.TRUE.equals(Operator.found(operator, "").call().get(0));
    }

    // asked on first use

    private static final class Bfloat16 {
        static final boolean SUPPORTED = ask("mkldnn::_is_mkldnn_bf16_supported");
    }

    private static final class Float16 {
        static final boolean SUPPORTED = ask("mkldnn::_is_mkldnn_fp16_supported");
    }
}
