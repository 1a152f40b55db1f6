package org.jtorch.nn.utils.parametrizations;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Name;
import org.jtorch.nn.internal.modules.PowerIteration;
import org.jtorch.nn.utils.parametrize.RightInverse;

/** Divides a weight by an estimate of its greatest singular value; a vector is divided by its length. */
final class SpectralNormParametrization extends Layer implements RightInverse<Tensor> {

    private final int nPowerIterations;
    private final long dim;
    private final double eps;

    /** The left singular vector, (outputs); null for a vector. */
    @Name("_u")
    @Nullable
    Buffer u;

    /** The right singular vector, (the rest); null for a vector. */
    @Name("_v")
    @Nullable
    Buffer v;

    SpectralNormParametrization(Tensor weight, int nPowerIterations, long dim, double eps) {
        int dims = weight.dim();
        if (dim >= dims || dim < -dims) {
            throw new IndexOutOfBoundsException("Dimension out of range (expected to be in range of [-" + dims + ", "
                    + (dims - 1) + "] but got " + dim + ")");
        }
        if (nPowerIterations <= 0) {
            throw new IllegalArgumentException(
                    "Expected n_power_iterations to be positive, but got n_power_iterations=" + nPowerIterations);
        }
        this.nPowerIterations = nPowerIterations;
        this.dim = dim < 0 ? dim + dims : dim;
        this.eps = eps;
        if (dims > 1) {
            try (GradMode mode = Autograd.noGrad()) {
                Tensor matrix = PowerIteration.matrix(weight, this.dim);
                // PyTorch draws both before it scales either of them.
                Tensor left = weight.newEmpty(new long[] {matrix.size(0)}).normal_(0, 1);
                Tensor right = weight.newEmpty(new long[] {matrix.size(1)}).normal_(0, 1);
                Buffer unitLeft = new Buffer(PowerIteration.normalize(left, eps));
                Buffer unitRight = new Buffer(PowerIteration.normalize(right, eps));
                u = unitLeft;
                v = unitRight;
                iterate(matrix, unitLeft, unitRight, 15);
            }
        }
    }

    private void iterate(Tensor matrix, Tensor left, Tensor right, int times) {
        try (GradMode mode = Autograd.noGrad()) {
            for (int i = 0; i < times; i++) {
                left.copy_(PowerIteration.normalize(matrix.mv(right), eps));
                right.copy_(PowerIteration.normalize(matrix.mH().mv(left), eps));
            }
        }
    }

    @Override
    protected Tensor forward(Tensor weight) {
        Tensor left = u;
        Tensor right = v;
        if (left == null || right == null) {
            return PowerIteration.normalize(weight, eps);
        }
        if (isTraining()) {
            iterate(PowerIteration.matrix(weight, dim), left, right, nPowerIterations);
        }
        return PowerIteration.normalized(weight, dim, left, right);
    }

    @Override
    public Tensor rightInverse(Tensor value) {
        return value; // The value is assumed to be normalized already.
    }

    @Override
    public String className() {
        return "_SpectralNorm";
    }
}
