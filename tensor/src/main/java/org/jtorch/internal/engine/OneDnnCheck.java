package org.jtorch.internal.engine;

import java.lang.System.Logger;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Tests whether oneDNN computes convolutions rightly on this machine. It plans its loops by the sizes of the processor's caches.
 * On some virtual machines these cannot be read, and are taken as zero. Then oneDNN leaves out a part of the sums in the gradients
 * of convolutions, and in convolutions and LSTMs in bfloat16, without an error.
 *
 * <p>The system property {@code jtorch.convolution.onednn} says whether oneDNN's convolutions are used; without it, this test
 * decides.
 */
public final class OneDnnCheck {

    private static final Logger LOG = System.getLogger(OneDnnCheck.class.getName());

    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};

    private OneDnnCheck() {}

    /** Made at the first convolution, so that other programs need not wait for it. */
    private static final class Result {
        static final boolean RIGHT = decide();

        private static boolean decide() {
            boolean right = isRight();
            if (!right) { // otherwise the engine would try NNPACK at each convolution, and print a warning where it is
                // not available
                torch.globalContext().setUserEnabledNNPACK(false);
            }
            return right;
        }

        private static boolean isRight() {
            String set = System.getProperty("jtorch.convolution.onednn");
            if (set != null) {
                return !"false".equalsIgnoreCase(set);
            }
            boolean right = !torch.hasMKLDNN() || passes();
            if (!right) {
                LOG.log(
                        Logger.Level.WARNING,
                        "oneDNN computes wrong convolutions on this machine, because it cannot read the sizes of the"
                                + " processor's caches. Convolutions on the CPU are computed in float64 instead, which is slower."
                                + " -Djtorch.convolution.onednn=false does the same without this message.");
            }
            return right;
        }
    }

    /** Returns whether oneDNN's convolutions may be used. The first call tests them, which takes a few milliseconds. */
    public static boolean convolutionsAreRight() {
        return Result.RIGHT;
    }

    /**
     * Makes the engine compute convolutions without oneDNN if that is wrong, for code of the engine that calls them itself, such as a
     * script. This is for the whole process.
     */
    public static void avoidIfWrong() {
        if (!convolutionsAreRight()) {
            torch.globalContext().setUserEnabledMkldnn(false);
        }
    }

    /** Returns whether the gradients of two small convolutions in float32 are those in float64, for which oneDNN is not used. */
    private static boolean passes() {
        Modes.Mode mode = Modes.grad(false);
        try {
            return gradientIsRight(1, 2) && gradientIsRight(8, 3);
        } finally {
            mode.close();
        }
    }

    private static boolean gradientIsRight(long channels, long kernel) {
        try (Tensor input = torch.ones(2, 3, 5, 5);
                Tensor numbers = torch.arange(new Scalar(channels * 3 * kernel * kernel));
                Tensor shaped = numbers.view(channels, 3, kernel, kernel);
                Tensor weight = shaped.to(ScalarType.Float);
                Tensor grad = torch.ones(2, channels, 6 - kernel, 6 - kernel);
                Tensor single = inputGradient(grad, input, weight);
                Tensor grad64 = grad.to(ScalarType.Double);
                Tensor input64 = input.to(ScalarType.Double);
                Tensor weight64 = weight.to(ScalarType.Double);
                Tensor twice = inputGradient(grad64, input64, weight64);
                Tensor widened = single.to(ScalarType.Double)) {
            return torch.allclose(widened, twice);
        }
    }

    private static Tensor inputGradient(Tensor grad, Tensor input, Tensor weight) {
        try (LongArrayRefOptional noBias = new LongArrayRefOptional();
                BoolPointer mask = new BoolPointer(3).put(0, true).put(1, false).put(2, false);
                T_TensorTensorTensor_T gradients =
                        torch.convolution_backward(grad, input, weight, noBias, ONE, ZERO, ONE, false, ZERO, 1, mask);
                Tensor lent = gradients.get0()) {
            return new Tensor(lent);
        }
    }
}
