package org.jtorch.nn.adaptive;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;

/**
 * A log softmax over a very large number of classes that are sorted by frequency, together with its loss. Frequent classes are
 * in a short list. The other classes are in clusters, which are computed only if they are needed.
 *
 * <p>Input: {@code (N, in_features)} or {@code (in_features)}. Target: classes, int64, {@code (N)} or {@code ()}. Output: the
 * log probabilities of the targets, with the shape of the target, and the loss, which is their negated mean.
 *
 * <p>Children: {@code head}, a linear map to the short list and the clusters; {@code tail}, for each cluster a projection to
 * {@code in_features / div_value^(i+1)} and a linear map to its classes.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html">
 *     torch.nn.AdaptiveLogSoftmaxWithLoss</a>
 * @see <a href="https://arxiv.org/abs/1609.04309">Efficient softmax approximation for GPUs, Grave et al. 2017</a>
 */
public class AdaptiveLogSoftmaxWithLoss
        extends Module<AdaptiveLogSoftmaxWithLoss.Input, AdaptiveLogSoftmaxWithLoss.Output> implements Resettable {

    /**
     * The input of the module.
     *
     * @param input (N, in_features) or (in_features)
     * @param target classes, int64, (N) or ()
     */
    public record Input(Tensor input, Tensor target) {}

    /**
     * The output of the module.
     *
     * @param output the log probabilities of the targets, (N) or ()
     * @param loss the negated mean of {@code output}, ()
     */
    public record Output(Tensor output, Tensor loss) {}

    /** The optional arguments of {@link AdaptiveLogSoftmaxWithLoss}. */
    public static final class Options extends LayerOptions<Options> {
        private double divValue = 4.0;
        private boolean headBias;

        /**
         * Sets the factor by which the projection of each cluster is smaller than that of the one before it; the default is 4.
         */
        public Options divValue(double newDivValue) {
            divValue = newDivValue;
            return this;
        }

        /** Sets whether the head has a bias; the default is {@code false}. */
        public Options headBias(boolean newHeadBias) {
            headBias = newHeadBias;
            return this;
        }
    }

    private final long inFeatures;

    private final long nClasses;
    private final double divValue;
    private final boolean headBias;

    /** The first class of each cluster, followed by the number of classes. */
    private final long[] bounds;

    private final int shortlistSize;

    /** The linear map to the short list and the clusters. */
    public Linear head;

    /** The maps of each cluster to its classes. */
    public ModuleList<Sequential> tail;

    /** Creates a layer with the default options. */
    public AdaptiveLogSoftmaxWithLoss(long inFeatures, long nClasses, long... cutoffs) {
        this(inFeatures, nClasses, cutoffs, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param inFeatures the size of the input
     * @param nClasses the number of classes
     * @param cutoffs the first class of each cluster, in increasing order, from 1 to {@code nClasses - 1}
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if there are no cutoffs, or they are not in increasing order or not in this range
     */
    public AdaptiveLogSoftmaxWithLoss(long inFeatures, long nClasses, long[] cutoffs, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        checkCutoffs(cutoffs, nClasses);
        this.inFeatures = inFeatures;
        this.nClasses = nClasses;
        divValue = o.divValue;
        headBias = o.headBias;
        bounds = Arrays.copyOf(cutoffs, cutoffs.length + 1);
        bounds[cutoffs.length] = nClasses;
        shortlistSize = (int) cutoffs[0];
        head = new Linear(
                inFeatures, cutoffs[0] + cutoffs.length, l -> placed(l, o).bias(o.headBias));
        tail = new ModuleList<>();
        for (int i = 0; i < cutoffs.length; i++) {
            long hidden = (long) Math.floor(inFeatures / Math.pow(o.divValue, i + 1));
            tail.add(new Sequential(
                    new Linear(inFeatures, hidden, l -> placed(l, o).bias(false)),
                    new Linear(
                            hidden, bounds[i + 1] - bounds[i], l -> placed(l, o).bias(false))));
        }
    }

    private static Linear.Options placed(Linear.Options to, Options from) {
        return to.device(from.tensorOptions().device())
                .dtype(from.tensorOptions().dtype());
    }

    private static void checkCutoffs(long[] cutoffs, long nClasses) {
        if (cutoffs.length == 0) {
            throw new IllegalArgumentException("cutoffs should be a sequence of length larger than 0");
        }
        long last = 0;
        for (long cutoff : cutoffs) {
            if (cutoff <= last || cutoff > nClasses - 1) {
                throw new IllegalArgumentException(
                        "cutoffs should be a sequence of unique, positive integers sorted in an"
                                + " increasing order, where each value is between 1 and n_classes-1, but are "
                                + Arrays.toString(cutoffs) + " of " + nClasses);
            }
            last = cutoff;
        }
    }

    /** Returns the size of the input. */
    public final long inFeatures() {
        return inFeatures;
    }

    /** Returns the number of classes. */
    public final long nClasses() {
        return nClasses;
    }

    /** Returns a copy of the first class of each cluster, followed by the number of classes. */
    public final long[] cutoffs() {
        return bounds.clone();
    }

    /** Returns the factor by which the projection of each cluster is smaller than that of the one before it. */
    public final double divValue() {
        return divValue;
    }

    /** Returns whether the head has a bias. */
    public final boolean headBias() {
        return headBias;
    }

    /** Returns the number of classes in the short list. */
    public final int shortlistSize() {
        return shortlistSize;
    }

    /** Returns the number of clusters. */
    public final int nClusters() {
        return bounds.length - 1;
    }

    /** Returns the number of classes in the short list plus the number of clusters. */
    public final int headSize() {
        return shortlistSize + nClusters();
    }

    /** Draws new initial values for the parameters. */
    @Override
    public final void resetParameters() {
        head.resetParameters();
        for (Sequential cluster : tail) {
            ((Linear) cluster.get(0)).resetParameters();
            ((Linear) cluster.get(1)).resetParameters();
        }
    }

    /** Returns the log probabilities of the targets and the loss; see {@link #call(Object)}. */
    public final Output call(Tensor input, Tensor target) {
        return call(new Input(input, target));
    }

    @Override
    protected Output forward(Input in) {
        checkShapes(in.input(), in.target());
        if (in.target().dim() == 1) {
            Tensor output = logProbOf(in.input(), in.target());
            return new Output(output, output.neg().mean());
        }
        Tensor output = logProbOf(in.input().unsqueeze(0), in.target().unsqueeze(0));
        return new Output(output.squeeze(0), output.neg().mean());
    }

    private static void checkShapes(Tensor input, Tensor target) {
        if (target.dim() > 1) {
            throw new TorchException("0D or 1D target tensor expected, multi-target not supported");
        }
        boolean batched = target.dim() == 1;
        if (batched && input.size(0) != target.size(0)) {
            throw new TorchException("Input and target should have the same size in the batch dimension.");
        }
        if (input.dim() != target.dim() + 1) {
            throw new TorchException((batched ? "1D target tensor expects 2D" : "0D target tensor expects 1D")
                    + " input tensors, but found inputs with size " + PythonText.size(input.shape()));
        }
    }

    /** Returns the log probability of each target, (N). */
    private Tensor logProbOf(Tensor input, Tensor target) {
        Tensor inCluster = input.newZeros(target.shape());
        Tensor headClass = target.clone();
        long found = 0;
        long low = 0;
        for (int i = 0; i < bounds.length; i++) {
            Tensor rows =
                    target.ge(low).logicalAnd(target.lt(bounds[i])).nonzero().reshape(-1);
            found += rows.numel();
            if (i > 0 && rows.numel() > 0) {
                Tensor inside = target.indexSelect(0, rows).sub(low).unsqueeze(1);
                Tensor logProb = F.logSoftmax(tail.get(i - 1).call(input.indexSelect(0, rows)), 1);
                inCluster =
                        inCluster.indexCopy(0, rows, logProb.gather(1, inside).squeeze(1));
                headClass.indexFill_(0, rows, shortlistSize + i - 1);
            }
            low = bounds[i];
        }
        if (found != target.size(0)) {
            throw new TorchException("Target values should be in [0, " + (nClasses - 1) + "], but values in range ["
                    + target.min().itemLong() + ", " + target.max().itemLong() + "] were found. ");
        }
        Tensor headLogProb = F.logSoftmax(head.call(input), 1);
        return inCluster.add(headLogProb.gather(1, headClass.unsqueeze(1)).squeeze(1));
    }

    /**
     * Returns the log probabilities of all classes.
     *
     * @param input (N, in_features)
     * @return (N, n_classes)
     */
    public final Tensor logProb(Tensor input) {
        Tensor headLogProb = F.logSoftmax(head.call(input), 1);
        Tensor[] parts = new Tensor[bounds.length];
        parts[0] = headLogProb.narrow(1, 0, shortlistSize);
        for (int i = 1; i < bounds.length; i++) {
            Tensor cluster = headLogProb.narrow(1, shortlistSize + i - 1, 1);
            parts[i] = F.logSoftmax(tail.get(i - 1).call(input), 1).add(cluster);
        }
        return Torch.cat(Arrays.asList(parts), 1);
    }

    /**
     * Returns the most probable classes, which are those of {@code logProb(input).argmax(1)}. A cluster is computed only for
     * the samples for which the head selects it.
     *
     * @param input (N, in_features)
     * @return (N), int64
     */
    public final Tensor predict(Tensor input) {
        Tensor output = head.call(input).argmax(1, false);
        Tensor rows = output.ge(shortlistSize).nonzero().reshape(-1);
        if (rows.numel() == 0) {
            return output;
        }
        return output.indexCopy(0, rows, logProb(input.indexSelect(0, rows)).argmax(1, false));
    }
}
