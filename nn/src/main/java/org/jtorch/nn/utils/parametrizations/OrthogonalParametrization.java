package org.jtorch.nn.utils.parametrizations;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.utils.parametrize.RightInverse;

/** Computes a matrix with orthonormal columns, or rows if it is wide, from a matrix of the same shape (…, m, n). */
final class OrthogonalParametrization extends Layer implements RightInverse<Tensor> {

    /** The ways to compute an orthogonal matrix from an unconstrained one. */
    enum Map {
        /** exp(A) of a skew-symmetric A. */
        MATRIX_EXP,
        /** (I + A/2)(I - A/2)^-1 of a skew-symmetric A. */
        CAYLEY,
        /** A product of Householder reflections. */
        HOUSEHOLDER
    }

    private final long[] shape;
    private final Map map;
    private final boolean trivialized;

    /** The matrix (…, m, m) to which the computed rotation is applied. */
    @Nullable
    Buffer base;

    OrthogonalParametrization(Tensor weight, Map map, boolean trivialized) {
        if (weight.isComplex() && map == Map.HOUSEHOLDER) {
            throw new IllegalArgumentException("The householder parametrization does not support complex tensors.");
        }
        this.shape = weight.shape();
        this.map = map;
        this.trivialized = trivialized;
    }

    @Override
    protected Tensor forward(Tensor weight) {
        boolean transposed = weight.size(-2) < weight.size(-1);
        Tensor x = transposed ? weight.mT() : weight;
        long n = x.size(-2);
        long k = x.size(-1);
        Tensor q = map == Map.HOUSEHOLDER
                ? reflections(x)
                : rotation(x.tril(), n, k).narrow(-1, 0, k);
        if (base != null) {
            q = base.matmul(q);
        }
        return transposed ? q.mT() : q;
    }

    private static Tensor reflections(Tensor x) {
        Tensor a = x.tril(-1);
        Tensor tau = a.mul(a).sum(new long[] {-2}).add(1).reciprocal().mul(2);
        // The diagonal holds the signs. They are neither learned nor changed.
        Tensor signs = x.diagonal(0, -2, -1).to(DType.INT32).unsqueeze(-2);
        return a.linalgHouseholderProduct(tau).mul(signs);
    }

    private Tensor rotation(Tensor lower, long n, long k) {
        Tensor square = lower;
        if (n != k) {
            long[] rest = lower.shape();
            rest[rest.length - 1] = n - k;
            square = Torch.cat(List.of(lower, lower.newZeros(rest)), -1);
        }
        Tensor skew = square.sub(square.mH());
        if (map == Map.MATRIX_EXP) {
            return skew.matrixExp();
        }
        Tensor identity = Torch.eye(n, optionsOf(skew));
        return identity.add(skew, -0.5).linalgSolve(identity.add(skew, 0.5));
    }

    @Override
    public Tensor rightInverse(Tensor value) {
        if (!Arrays.equals(value.shape(), shape)) {
            throw new IllegalArgumentException("Expected a matrix or batch of matrices of shape "
                    + PythonText.size(shape) + ". Got a tensor of shape " + PythonText.size(value.shape()) + ".");
        }
        try (GradMode mode = Autograd.noGrad()) {
            boolean transposed = value.size(-2) < value.size(-1);
            Tensor q = transposed ? value.mT() : value;
            if (trivialized) {
                Tensor whole = completed(q);
                base = base == null ? new Buffer(whole) : base.set(whole);
                // It is the negated identity: its diagonal holds the signs of the reflections, and the zeros below it
                // mean that there is no reflection.
                Tensor start = Torch.zerosLike(value);
                start.diagonal(0, -2, -1).fill_(-1.0);
                return start;
            }
            if (map != Map.HOUSEHOLDER) {
                throw new UnsupportedOperationException("It is not possible to assign to the matrix exponential "
                        + "or the Cayley parametrizations when use_trivialization=False.");
            }
            List<Tensor> factors = q.geqrf();
            Tensor a = factors.get(0);
            Tensor diagonal = a.diagonal(0, -2, -1);
            Tensor signs = diagonal.sign();
            // If LAPACK made no reflection, tau is exactly zero.
            diagonal.copy_(Torch.where(factors.get(1).eq(0), signs.neg(), signs));
            return transposed ? a.mT() : a;
        }
    }

    /** Returns a square orthogonal matrix whose first columns are those of q, made orthonormal if they are not. */
    private static Tensor completed(Tensor q) {
        long n = q.size(-2);
        long k = q.size(-1);
        if (n == k) {
            return isOrthogonal(q) ? q.clone() : madeOrthogonal(q);
        }
        long[] rest = q.shape();
        rest[rest.length - 1] = n - k;
        return madeOrthogonal(Torch.cat(List.of(q, Torch.randn(rest, optionsOf(q))), -1));
    }

    private static boolean isOrthogonal(Tensor q) {
        double eps = 10.0 * q.size(-2) * eps(q.dtype());
        return q.mH().matmul(q).allclose(Torch.eye(q.size(-1), optionsOf(q)), 1e-5, eps);
    }

    /** Returns the Q of a QR decomposition whose R has a real and nonnegative diagonal. */
    private static Tensor madeOrthogonal(Tensor a) {
        List<Tensor> factors = a.geqrf();
        Tensor q = factors.get(0).linalgHouseholderProduct(factors.get(1));
        return q.mul_(factors.get(0).diagonal(0, -2, -1).sgn().unsqueeze(-2));
    }

    private static TensorOptions optionsOf(Tensor tensor) {
        return TensorOptions.of(tensor.dtype()).device(tensor.device());
    }

    /** Returns the distance from 1 to the next greater number of the dtype. */
    private static double eps(DType dtype) {
        return switch (dtype) {
            case FLOAT64, COMPLEX128 -> 0x1p-52;
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default -> 0x1p-23;
        };
    }

    @Override
    public String className() {
        return "_Orthogonal";
    }
}
