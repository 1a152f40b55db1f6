package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Connectionist temporal classification: the negative log probability of a sequence of classes, given the probabilities of the
 * classes at each step, over all alignments with repetitions and blanks.
 *
 * <p>Log probabilities: {@code (T, N, C)} or {@code (T, C)}. Targets: classes without blanks, {@code (N, S)} with padding, or
 * {@code (sum of lengths)} one after another. Lengths: {@code (N)} or {@code ()}. Output: a scalar, or {@code (N)} if the loss
 * is not reduced. For the mean, each loss is divided by the length of its target.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html">torch.nn.CTCLoss</a>
 * @see <a href="https://www.cs.toronto.edu/~graves/icml_2006.pdf">Connectionist temporal classification, Graves et al. 2006</a>
 */
public class CTCLoss extends AnyLoss<CTCLoss.Input> {

    /**
     * The input of the loss.
     *
     * @param logProbs the log probabilities of the classes at each step
     * @param targets the classes
     * @param inputLengths the number of steps of each sample, int64
     * @param targetLengths the number of classes of each target, int64
     */
    public record Input(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths) {}

    /** The optional arguments of {@link CTCLoss}. */
    public static final class Options extends LossOptions<Options> {
        private long blank = 0;
        private boolean zeroInfinity;

        /** Sets the class that stands for a blank; the default is 0. */
        public Options blank(long newBlank) {
            blank = newBlank;
            return this;
        }

        /** Sets whether the loss of an impossible target is zero instead of infinity; the default is {@code false}. */
        public Options zeroInfinity(boolean newZeroInfinity) {
            zeroInfinity = newZeroInfinity;
            return this;
        }
    }

    private long blank;
    private boolean zeroInfinity;

    /** Creates a loss that is the mean, with class 0 as the blank. */
    public CTCLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public CTCLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public CTCLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private CTCLoss(Options o) {
        super(o);
        blank = o.blank;
        zeroInfinity = o.zeroInfinity;
    }

    /** Returns the loss; see {@link #call(Object)}. */
    public final Tensor call(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
        return call(new Input(logProbs, targets, inputLengths, targetLengths));
    }

    /** Returns the loss with the lengths given as numbers. */
    public final Tensor call(Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths) {
        return call(new Input(logProbs, targets, Torch.tensor(inputLengths), Torch.tensor(targetLengths)));
    }

    /** Returns the class that stands for a blank. */
    public final long blank() {
        return blank;
    }

    /** Sets {@link #blank()}. */
    public final void blank(long newBlank) {
        blank = newBlank;
    }

    /** Returns whether the loss of an impossible target is zero instead of infinity. */
    public final boolean zeroInfinity() {
        return zeroInfinity;
    }

    /** Sets {@link #zeroInfinity()}. */
    public final void zeroInfinity(boolean newZeroInfinity) {
        zeroInfinity = newZeroInfinity;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.ctcLoss(
                in.logProbs(), in.targets(), in.inputLengths(), in.targetLengths(), blank, reduction, zeroInfinity);
    }
}
