package org.jtorch.nn.internal.modules;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The parts of an estimate of a matrix's greatest singular value. */
public final class PowerIteration {

    private PowerIteration() {}

    /**
     * Returns the dimension of a layer's weight that counts its outputs: the first, but the second of a transposed convolution.
     *
     * @param dim the dimension that was asked for, or null
     */
    public static long outputDim(@Nullable Integer dim, boolean transposed) {
        return dim != null ? dim : transposed ? 1 : 0;
    }

    /** Returns a weight as a matrix, (size of dim, the rest). */
    public static Tensor matrix(Tensor weight, long dim) {
        int dims = weight.dim();
        Tensor front = weight;
        if (dim != 0) {
            long[] order = new long[dims];
            order[0] = dim;
            for (int d = 0, next = 1; d < dims; d++) {
                if (d != dim) {
                    order[next++] = d;
                }
            }
            front = weight.permute(order);
        }
        return front.reshape(front.size(0), -1);
    }

    /** Returns a vector scaled to length 1, or by 1/eps if it is shorter than eps. */
    public static Tensor normalize(Tensor vector, double eps) {
        return vector.div(vector.norm(2, new long[] {0}, true).clampMin(eps).expandAs(vector));
    }

    /** Returns a random vector of length 1, of the weight's dtype and device. */
    public static Tensor randomUnit(Tensor weight, long size, double eps) {
        return normalize(weight.newEmpty(new long[] {size}).normal_(0, 1), eps);
    }

    /** Returns the vector v with {@code u = W v / |W v|} and {@code u^T W v = sigma}, the least where there are many. */
    public static Tensor solveV(Tensor matrix, Tensor u, Tensor sigma) {
        Tensor transposed = matrix.t();
        Tensor v = transposed.mm(matrix).pinverse().mm(transposed).mv(u);
        return v.mul(sigma.div(u.dot(matrix.mv(v))));
    }

    /** {@code weight / sigma}, with sigma = u^T W v; u and v may change afterwards. */
    public static Tensor normalized(Tensor weight, long dim, Tensor u, Tensor v) {
        Tensor left = u.clone();
        Tensor right = v.clone();
        return weight.div(left.vdot(matrix(weight, dim).mv(right)));
    }
}
